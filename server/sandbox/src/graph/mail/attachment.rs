//! Attached files and items, and how Graph writes them. What was attached in one request is kept whole; of
//! what was uploaded in ranges the beginning is.
//!
//! Sources: <https://learn.microsoft.com/graph/api/resources/fileattachment>,
//! <https://learn.microsoft.com/graph/api/resources/itemattachment>.

use std::fmt::Write;

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::dates;
use crate::graph::mail::id::{Id, IdType};
use crate::random::Random;

/// What files and items have in common. It cannot be made.
pub const ATTACHMENT: &str = "microsoft.graph.attachment";
/// A file.
pub const FILE: &str = "microsoft.graph.fileAttachment";
/// A message, an event or a contact.
pub const ITEM: &str = "microsoft.graph.itemAttachment";

/// An attached file or item.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// What it is called in the mailbox.
    pub id: Id,
    /// Its file name.
    pub name: String,
    /// Its media type, if it was told.
    pub content_type: Option<String>,
    /// Whether it is shown within the text.
    pub is_inline: bool,
    /// What the text calls it, behind `cid:`.
    pub content_id: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Hexadecimal SHA-256 of its content.
    pub sha256: String,
    /// Its content, or the beginning of it; of an item its JSON.
    pub content: Bytes,
    /// The item, if it is one, with its `@odata.type`.
    pub item: Option<Value>,
}

impl Attachment {
    /// A file with this content.
    pub fn new(random: &Random, name: String, content: Bytes) -> Self {
        Self {
            id: Id::new(random),
            name,
            content_type: None,
            is_inline: false,
            content_id: None,
            size: content.len() as u64,
            sha256: hexadecimal(&Sha256::digest(&content)),
            content,
            item: None,
        }
    }

    /// The same file in another message.
    pub fn renewed(self, random: &Random) -> Self {
        Self { id: Id::new(random), ..self }
    }

    /// As the outbox lists it.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "size": self.size, "sha256": self.sha256 })
    }

    /// As Graph's resource. An annotation says so where `contentBytes` is only the beginning.
    pub fn resource(&self, ids: IdType, modified: OffsetDateTime) -> Map<String, Value> {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        let kind = if self.item.is_some() { ITEM } else { FILE };
        add("@odata.type", format!("#{kind}").into());
        add("@odata.mediaContentType", json!(self.content_type));
        add("id", self.id.shown(ids).into());
        add("lastModifiedDateTime", dates::graph(modified).into());
        add("name", self.name.as_str().into());
        add("contentType", json!(self.content_type));
        add("size", self.size.into());
        add("isInline", self.is_inline.into());
        if self.item.is_some() {
            return members;
        }
        add("contentId", json!(self.content_id));
        add("contentLocation", Value::Null);
        add("contentBytes", STANDARD.encode(&self.content).into());
        if self.is_cut() {
            add("contentBytes@sandbox.cut", true.into());
        }
        members
    }

    /// Whether only the beginning of its content is kept.
    pub fn is_cut(&self) -> bool {
        (self.content.len() as u64) < self.size
    }
}

/// Bytes as digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a `String` does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
