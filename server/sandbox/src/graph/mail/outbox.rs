//! The mail that was sent. Nothing of it leaves the computer.

use serde_json::{Value, json};

use crate::dates;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::id::IdType;
use crate::graph::mail::item::Item;

/// Sent mail, newest last.
#[derive(Debug, Default)]
pub struct Outbox(Vec<Sent>);

/// One sent mail.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What was sent, as it lies in Sent Items if it lies there.
    pub item: Item,
    /// Whether a copy is kept in Sent Items.
    pub save_to_sent_items: bool,
}

impl Outbox {
    /// Adds a message.
    pub fn add(&mut self, sent: Sent) {
        self.0.push(sent);
    }

    /// Every mail, newest last.
    pub fn all(&self) -> &[Sent] {
        &self.0
    }
}

impl Sent {
    /// As `GET /sandbox/outbox` lists it.
    pub fn to_json(&self) -> Value {
        let message = &self.item.message;
        let attachments: Vec<Value> = message.attachments.iter().map(Attachment::to_json).collect();
        json!({
            "id": self.item.id.shown(IdType::RestId),
            "account": self.item.owner.address,
            "received": dates::graph(self.item.sent),
            "saveToSentItems": self.save_to_sent_items,
            "message": self.message_json(),
            "attachments": attachments,
        })
    }

    /// The message with what the mailbox added, its text as it was written.
    fn message_json(&self) -> Value {
        let at = dates::graph(self.item.sent);
        let mut members = self.item.message.to_json(None);
        members.insert("id".to_owned(), self.item.id.shown(IdType::RestId).into());
        members.insert("isDraft".to_owned(), false.into());
        for name in ["createdDateTime", "sentDateTime", "receivedDateTime"] {
            members.insert(name.to_owned(), at.as_str().into());
        }
        Value::Object(members)
    }
}
