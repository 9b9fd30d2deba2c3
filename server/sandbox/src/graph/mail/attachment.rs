//! Attached files: reading them from Graph's JSON, writing them as Graph does. What was attached in one
//! request is kept whole; of what was uploaded in ranges the beginning is.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/fileattachment>.

use std::fmt::Write;

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::dates;
use crate::graph::error::GraphError;
use crate::graph::mail::id::{Id, IdType};
use crate::graph::mail::object::Object;
use crate::random::Random;

/// The type that `@odata.type` has to name: the general one cannot be made.
pub const FILE: &str = "microsoft.graph.fileAttachment";

/// An attached file.
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
    /// Its content, or the beginning of it.
    pub content: Bytes,
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
        }
    }

    /// Reads the attachments of a message.
    pub fn read_list(message: &mut Object, random: &Random) -> Result<Vec<Self>, GraphError> {
        let files = message.objects_of_named_type("attachments", FILE)?;
        files.into_iter().map(|file| Self::read(file, random)).collect()
    }

    /// Reads a `fileAttachment`.
    pub fn read(mut file: Object, random: &Random) -> Result<Self, GraphError> {
        let missing = |name| GraphError::MissingProperty { name, on: FILE };
        let name = file.text("name")?.filter(|name| !name.is_empty());
        let content = file.text("contentBytes")?;
        let content_type = file.text("contentType")?;
        let content_id = file.text("contentId")?;
        let is_inline = file.flag("isInline")?.unwrap_or_default();
        // Known, and not what a client says counts: what was read may be posted again as it is.
        file.count("size")?;
        for name in ["id", "lastModifiedDateTime", "contentLocation"] {
            file.text(name)?;
        }
        file.finish()?;
        let name = name.ok_or_else(|| missing("name"))?;
        let content = content.ok_or_else(|| missing("contentBytes"))?;
        let content = STANDARD.decode(content).map_err(|_| GraphError::WrongValue {
            name: "contentBytes".to_owned(),
            on: FILE,
            expected: "base64",
        })?;
        let file = Self::new(random, name, content.into());
        Ok(Self { content_type, content_id, is_inline, ..file })
    }

    /// As the outbox lists it.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "size": self.size, "sha256": self.sha256 })
    }

    /// As Graph's resource. An annotation says so where `contentBytes` is only the beginning.
    pub fn resource(&self, ids: IdType, modified: OffsetDateTime) -> Map<String, Value> {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("@odata.type", format!("#{FILE}").into());
        add("@odata.mediaContentType", json!(self.content_type));
        add("id", self.id.shown(ids).into());
        add("lastModifiedDateTime", dates::graph(modified).into());
        add("name", self.name.as_str().into());
        add("contentType", json!(self.content_type));
        add("size", self.size.into());
        add("isInline", self.is_inline.into());
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
