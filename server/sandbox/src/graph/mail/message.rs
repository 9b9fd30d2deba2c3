//! A message: reading it from Graph's JSON, the rules it has to keep, writing it as Graph does.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/message>.

use mail_parser::decoders::html::html_to_text;
use maud::html;
use serde_json::{Map, Value, json};

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::object::Object;
use crate::graph::mail::prefer::BodyType;
use crate::random::Random;

/// Its type.
pub const MESSAGE: &str = "microsoft.graph.message";
const RECIPIENT_LIMIT: usize = 500;
const SIZE_LIMIT: u64 = 150 * 1024 * 1024;

/// What somebody writes.
#[derive(Debug, Clone)]
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
    /// Whether somebody has read it.
    pub is_read: bool,
    /// Its id in the world. The mailbox gives it one if its sender did not.
    pub internet_message_id: Option<String>,
}

impl Default for Message {
    fn default() -> Self {
        Self {
            subject: String::new(),
            body: MessageBody::default(),
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            reply_to: Vec::new(),
            from: None,
            sender: None,
            importance: Importance::default(),
            attachments: Vec::new(),
            headers: Vec::new(),
            categories: Vec::new(),
            read_receipt: false,
            delivery_receipt: false,
            // One's own mail is not news.
            is_read: true,
            internet_message_id: None,
        }
    }
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

/// What cannot be set: the mailbox sets it, or the sandbox has nothing to do with it.
const SET_BY_NOBODY: [&str; 22] = [
    "bodyPreview",
    "changeKey",
    "conversationId",
    "conversationIndex",
    "createdDateTime",
    "extensions",
    "flag",
    "hasAttachments",
    "id",
    "inferenceClassification",
    "isDraft",
    "lastModifiedDateTime",
    "mentions",
    "multiValueExtendedProperties",
    "parentFolderId",
    "receivedDateTime",
    "sentDateTime",
    "singleValueExtendedProperties",
    "uniqueBody",
    "unsubscribeData",
    "unsubscribeEnabled",
    "webLink",
];

/// What can be set as long as a message is a draft. The rest can be set at any time.
const SET_IN_DRAFTS: [&str; 9] = [
    "bccRecipients",
    "body",
    "ccRecipients",
    "from",
    "internetMessageId",
    "replyTo",
    "sender",
    "subject",
    "toRecipients",
];

/// What can be set only when a message is made.
const SET_AT_FIRST: [&str; 2] = ["attachments", "internetMessageHeaders"];

impl Message {
    /// Reads a new `message`.
    pub fn read(value: Value, random: &Random) -> Result<Self, GraphError> {
        let mut object = Object::read(value, "message", MESSAGE)?;
        let mut message = Self {
            attachments: Attachment::read_list(&mut object, random)?,
            headers: read_headers(&mut object)?,
            ..Self::default()
        };
        message.set(object)?;
        Ok(message)
    }

    /// Sets what a `message` names, all or nothing.
    pub fn change(&mut self, value: Value, is_draft: bool) -> Result<(), GraphError> {
        let object = Object::read(value, "message", MESSAGE)?;
        for name in SET_AT_FIRST {
            if object.has(name) {
                return Err(GraphError::InvalidPropertySet(name));
            }
        }
        if !is_draft && SET_IN_DRAFTS.iter().any(|name| object.has(name)) {
            return Err(GraphError::NotDraft);
        }
        let mut changed = self.clone();
        changed.set(object)?;
        *self = changed;
        Ok(())
    }

    fn set(&mut self, mut object: Object) -> Result<(), GraphError> {
        for name in SET_BY_NOBODY {
            if object.has(name) {
                return Err(GraphError::InvalidPropertySet(name));
            }
        }
        if object.has("subject") {
            self.subject = object.text("subject")?.unwrap_or_default();
        }
        if object.has("body") {
            self.body = MessageBody::read(&mut object)?;
        }
        for (name, recipients) in [
            ("toRecipients", &mut self.to),
            ("ccRecipients", &mut self.cc),
            ("bccRecipients", &mut self.bcc),
            ("replyTo", &mut self.reply_to),
        ] {
            if object.has(name) {
                *recipients = Recipient::read_list(&mut object, name)?;
            }
        }
        for (name, recipient) in [("from", &mut self.from), ("sender", &mut self.sender)] {
            if object.has(name) {
                *recipient = Recipient::read_one(&mut object, name)?;
            }
        }
        if object.has("importance") {
            let words = [
                ("low", Importance::Low),
                ("normal", Importance::Normal),
                ("high", Importance::High),
            ];
            let importance = object.word("importance", &words, "low, normal or high")?;
            self.importance = importance.unwrap_or_default();
        }
        if object.has("categories") {
            self.categories = object.texts("categories")?;
        }
        if object.has("internetMessageId") {
            self.internet_message_id = object.text("internetMessageId")?;
        }
        for (name, flag) in [
            ("isRead", &mut self.is_read),
            ("isReadReceiptRequested", &mut self.read_receipt),
            ("isDeliveryReceiptRequested", &mut self.delivery_receipt),
        ] {
            if object.has(name) {
                *flag = object.flag(name)?.unwrap_or_default();
            }
        }
        object.finish()
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

    /// A message has at most 150 MB, which is what an administrator can allow.
    pub fn check_size(&self) -> Result<(), GraphError> {
        let size: u64 = self.attachments.iter().map(|file| file.size).sum();
        if size <= SIZE_LIMIT { Ok(()) } else { Err(GraphError::MessageTooLarge) }
    }

    /// As Graph's resource, but for what the mailbox adds. A text is as it was written unless it is to be
    /// of one kind.
    pub fn to_json(&self, body: Option<BodyType>) -> Map<String, Value> {
        let list = |recipients: &[Recipient]| -> Value {
            recipients.iter().map(Recipient::to_json).collect()
        };
        let headers: Value = self
            .headers
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let importance = match self.importance {
            Importance::Low => "low",
            Importance::Normal => "normal",
            Importance::High => "high",
        };
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("subject", self.subject.as_str().into());
        add("bodyPreview", self.body.preview().into());
        add("importance", importance.into());
        add("body", self.body.to_json(body));
        if let Some(from) = &self.from {
            add("from", from.to_json());
        }
        if let Some(sender) = &self.sender {
            add("sender", sender.to_json());
        }
        add("toRecipients", list(&self.to));
        add("ccRecipients", list(&self.cc));
        add("bccRecipients", list(&self.bcc));
        add("replyTo", list(&self.reply_to));
        add("hasAttachments", self.attachments.iter().any(|file| !file.is_inline).into());
        add("internetMessageHeaders", headers);
        add("categories", json!(self.categories));
        add("isReadReceiptRequested", self.read_receipt.into());
        add("isDeliveryReceiptRequested", self.delivery_receipt.into());
        add("isRead", self.is_read.into());
        add("internetMessageId", json!(self.internet_message_id));
        members
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
        self.as_text().trim().chars().take(255).collect()
    }

    fn to_json(&self, kind: Option<BodyType>) -> Value {
        let (kind, content) = match (self, kind) {
            (Self::Text(content), None) => ("text", content.clone()),
            (Self::Html(content), None) => ("html", content.clone()),
            (_, Some(BodyType::Text)) => ("text", self.as_text()),
            (_, Some(BodyType::Html)) => ("html", self.as_html()),
        };
        json!({ "contentType": kind, "content": content })
    }

    fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Html(html) => html_to_text(html),
        }
    }

    fn as_html(&self) -> String {
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

/// Whether a header is one of those that a client makes up.
pub fn is_own_header(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}

/// Only `x-` headers, and nothing that would begin another line (RFC 5322, section 2.2).
fn check_header(name: &str, value: &str) -> Result<(), GraphError> {
    let in_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if is_own_header(name) && name.bytes().all(in_name) && !value.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(GraphError::InvalidHeader(name.to_owned()))
    }
}
