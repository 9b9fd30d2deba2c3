//! Owns a message: reading it from Graph's JSON, the rules it has to keep, writing it as Graph does.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/message>.

use mail_parser::decoders::html::html_to_text;
use serde_json::{Value, json};

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::object::Object;

const MESSAGE: &str = "microsoft.graph.message";
const RECIPIENT_LIMIT: usize = 500;

/// What somebody sends.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: MessageBody,
    /// Recipients.
    pub to: Vec<Recipient>,
    /// Recipients of a copy.
    pub cc: Vec<Recipient>,
    /// Recipients that nobody else sees.
    pub bcc: Vec<Recipient>,
    /// Where answers go.
    pub reply_to: Vec<Recipient>,
    /// Another mailbox to send from.
    pub from: Option<Recipient>,
    /// Who pressed send.
    pub sender: Option<Recipient>,
    /// Low, normal or high.
    pub importance: Importance,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Headers of its own.
    pub headers: Vec<(String, String)>,
    /// Labels.
    pub categories: Vec<String>,
    /// Whether to tell when it is read.
    pub read_receipt: bool,
    /// Whether to tell when it arrives.
    pub delivery_receipt: bool,
}

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

/// How important a message calls itself.
#[derive(Debug, Clone, Copy, Default)]
pub enum Importance {
    /// Less than others.
    Low,
    /// As others.
    #[default]
    Normal,
    /// More than others.
    High,
}

impl Message {
    /// Reads a `message`.
    pub fn read(value: Value) -> Result<Self, GraphError> {
        let mut object = Object::read(value, "message", MESSAGE)?;
        let importance =
            [("low", Importance::Low), ("normal", Importance::Normal), ("high", Importance::High)];
        let message = Self {
            subject: object.text("subject")?.unwrap_or_default(),
            body: MessageBody::read(&mut object)?,
            to: Recipient::read_list(&mut object, "toRecipients")?,
            cc: Recipient::read_list(&mut object, "ccRecipients")?,
            bcc: Recipient::read_list(&mut object, "bccRecipients")?,
            reply_to: Recipient::read_list(&mut object, "replyTo")?,
            from: Recipient::read_one(&mut object, "from")?,
            sender: Recipient::read_one(&mut object, "sender")?,
            importance: object
                .word("importance", &importance, "low, normal or high")?
                .unwrap_or_default(),
            attachments: Attachment::read_list(&mut object)?,
            headers: read_headers(&mut object)?,
            categories: object.texts("categories")?,
            read_receipt: object.flag("isReadReceiptRequested")?.unwrap_or_default(),
            delivery_receipt: object.flag("isDeliveryReceiptRequested")?.unwrap_or_default(),
        };
        object.finish()?;
        Ok(message)
    }

    /// Nobody may send as somebody else.
    pub fn check_sender(&self, account: &Account) -> Result<(), GraphError> {
        let own = |sender: &&Recipient| !sender.address.eq_ignore_ascii_case(account.mailbox());
        match self.from.iter().chain(&self.sender).find(own) {
            None => Ok(()),
            Some(other) => Err(GraphError::SendAsDenied(other.address.clone())),
        }
    }

    /// Somebody must get it, not too many, and each has to have an address.
    pub fn check_recipients(&self) -> Result<(), GraphError> {
        let count = self.to.len() + self.cc.len() + self.bcc.len();
        match count {
            0 => return Err(GraphError::NoRecipients),
            1..=RECIPIENT_LIMIT => {}
            _ => return Err(GraphError::TooManyRecipients(count)),
        }
        let everyone = self.to.iter().chain(&self.cc).chain(&self.bcc).chain(&self.reply_to);
        for recipient in everyone {
            recipient.check()?;
        }
        Ok(())
    }

    /// As Graph's resource, but for what the mailbox adds.
    pub fn to_json(&self, account: &Account) -> Value {
        let list = |recipients: &[Recipient]| -> Vec<Value> {
            recipients.iter().map(Recipient::to_json).collect()
        };
        let own = Recipient {
            address: account.mailbox().to_owned(),
            name: Some(account.display_name.to_owned()),
        }
        .to_json();
        let headers: Vec<Value> = self
            .headers
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        json!({
            "subject": self.subject,
            "bodyPreview": self.body.preview(),
            "importance": match self.importance {
                Importance::Low => "low",
                Importance::Normal => "normal",
                Importance::High => "high",
            },
            "body": self.body.to_json(),
            "from": own,
            "sender": own,
            "toRecipients": list(&self.to),
            "ccRecipients": list(&self.cc),
            "bccRecipients": list(&self.bcc),
            "replyTo": list(&self.reply_to),
            "hasAttachments": !self.attachments.is_empty(),
            "internetMessageHeaders": headers,
            "categories": self.categories,
            "isReadReceiptRequested": self.read_receipt,
            "isDeliveryReceiptRequested": self.delivery_receipt,
        })
    }
}

impl MessageBody {
    fn read(message: &mut Object) -> Result<Self, GraphError> {
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
    fn preview(&self) -> String {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Html(html) => html_to_text(html),
        };
        text.trim().chars().take(255).collect()
    }

    fn to_json(&self) -> Value {
        let (kind, content) = match self {
            Self::Text(content) => ("text", content),
            Self::Html(content) => ("html", content),
        };
        json!({ "contentType": kind, "content": content })
    }
}

fn read_headers(message: &mut Object) -> Result<Vec<(String, String)>, GraphError> {
    let mut headers = Vec::new();
    for mut header in
        message.objects("internetMessageHeaders", "microsoft.graph.internetMessageHeader")?
    {
        let name = header.text("name")?.unwrap_or_default();
        let value = header.text("value")?.unwrap_or_default();
        header.finish()?;
        check_header(&name, &value)?;
        headers.push((name, value));
    }
    Ok(headers)
}

/// Only `x-` headers, and nothing that would begin another line (RFC 5322, section 2.2).
fn check_header(name: &str, value: &str) -> Result<(), GraphError> {
    let own = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    let in_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if own && name.bytes().all(in_name) && !value.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(GraphError::InvalidHeader(name.to_owned()))
    }
}
