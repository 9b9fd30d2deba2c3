//! The text of a message, with markup or without.

use mail_parser::decoders::html::html_to_text;
use maud::html;
use serde_json::{Value, json};

use crate::graph::error::GraphError;
use crate::graph::mail::object::Object;
use crate::graph::mail::prefer::BodyType;

/// The text of a message.
#[derive(Debug, Clone)]
pub enum MessageBody {
    /// As it is.
    Text(String),
    /// With markup.
    Html(String),
}

impl Default for MessageBody {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl MessageBody {
    /// Reads `body` of a message.
    pub fn read(message: &mut Object) -> Result<Self, GraphError> {
        let Some(mut body) = message.object("body", "microsoft.graph.itemBody")? else {
            return Ok(Self::default());
        };
        let html = body
            .word("contentType", &[("text", false), ("html", true)], "text or html")?
            .unwrap_or_default();
        let content = body.text("content")?.unwrap_or_default();
        body.finish()?;
        Ok(if html { Self::Html(content) } else { Self::Text(content) })
    }

    /// The first 255 characters, without markup.
    pub fn preview(&self) -> String {
        self.as_text().trim().chars().take(255).collect()
    }

    /// As an `itemBody`: as it was written unless it is to be of one kind.
    pub fn to_json(&self, kind: Option<BodyType>) -> Value {
        let (kind, content) = match (self, kind) {
            (Self::Text(content), None) => ("text", content.clone()),
            (Self::Html(content), None) => ("html", content.clone()),
            (_, Some(BodyType::Text)) => ("text", self.as_text()),
            (_, Some(BodyType::Html)) => ("html", self.as_html()),
        };
        json!({ "contentType": kind, "content": content })
    }

    /// Without markup.
    pub fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Html(html) => html_to_text(html),
        }
    }

    /// With markup.
    pub fn as_html(&self) -> String {
        match self {
            Self::Html(html) => html.clone(),
            Self::Text(text) => {
                let lines = text.lines();
                html! {
                    html {
                        head { meta http-equiv="Content-Type" content="text/html; charset=utf-8"; }
                        body { div.PlainText { @for line in lines { (line) br; } } }
                    }
                }
                .into_string()
            }
        }
    }
}
