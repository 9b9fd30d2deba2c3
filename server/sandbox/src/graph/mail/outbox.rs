//! Owns the mail that was sent. Nothing of it leaves the computer.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::dates;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::send_mail::Posted;

/// Sent mail, newest last.
#[derive(Debug, Default)]
pub struct Outbox(Vec<Sent>);

/// One sent mail.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its id in the mailbox.
    pub id: String,
    /// Its id in the world.
    pub internet_message_id: String,
    /// Whose mailbox it was sent from.
    pub account: &'static Account,
    /// When.
    pub received: OffsetDateTime,
    /// What.
    pub posted: Posted,
}

impl Outbox {
    /// Adds a mail.
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
        let attachments: Vec<Value> =
            self.posted.message.attachments.iter().map(Attachment::to_json).collect();
        json!({
            "id": self.id,
            "account": self.account.address,
            "received": dates::graph(self.received),
            "saveToSentItems": self.posted.save_to_sent_items,
            "message": self.message_json(),
            "attachments": attachments,
        })
    }

    /// The message with what the mailbox added.
    fn message_json(&self) -> Value {
        let at = dates::graph(self.received);
        let mut message = self.posted.message.to_json(self.account);
        if let Some(members) = message.as_object_mut() {
            members.insert("id".to_owned(), self.id.as_str().into());
            members
                .insert("internetMessageId".to_owned(), self.internet_message_id.as_str().into());
            members.insert("isDraft".to_owned(), false.into());
            for name in ["createdDateTime", "sentDateTime", "receivedDateTime"] {
                members.insert(name.to_owned(), at.as_str().into());
            }
        }
        message
    }
}
