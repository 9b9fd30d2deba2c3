//! A message: the rules it has to keep before it is sent, and how Graph writes it.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/message>.

use serde_json::{Map, Value, json};

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::flag::{Classification, Flag};
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::prefer::BodyType;

/// Its type.
pub const MESSAGE: &str = "microsoft.graph.message";
const RECIPIENT_LIMIT: usize = 500;

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
    /// What is still to be done about it.
    pub flag: Flag,
    /// Whether it is shown first.
    pub classification: Classification,
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
            flag: Flag::default(),
            classification: Classification::default(),
            internet_message_id: None,
        }
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

    /// How large its files are, in bytes.
    pub fn files_size(&self) -> u64 {
        self.attachments.iter().map(|file| file.size).sum()
    }

    /// How large it is on its way, in bytes: files travel in base64.
    pub fn size(&self) -> u64 {
        let files: u64 = self.attachments.iter().map(|file| file.size.div_ceil(3) * 4).sum();
        files + self.body.as_html().len() as u64
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
        add("flag", self.flag.to_json());
        add("inferenceClassification", self.classification.name().into());
        add("internetMessageId", json!(self.internet_message_id));
        members
    }
}
