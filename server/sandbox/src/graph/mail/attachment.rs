//! Owns attachments that travel inside the request. Of a file the sandbox keeps the size and the hash.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/fileattachment>.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::graph::error::GraphError;
use crate::graph::mail::object::Object;

/// The type that `@odata.type` has to name: the general one cannot be made.
const FILE: &str = "microsoft.graph.fileAttachment";

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
    /// Hexadecimal SHA-256 of its content.
    pub sha256: String,
}

impl Attachment {
    /// A file with this content.
    pub fn new(name: String, content: &[u8]) -> Self {
        let mut sha256 = String::with_capacity(64);
        for byte in Sha256::digest(content) {
            // Writing to a `String` does not fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        Self { name, size: content.len(), sha256 }
    }

    /// Reads the attachments of a message.
    pub fn read_list(message: &mut Object) -> Result<Vec<Self>, GraphError> {
        message.objects_of_named_type("attachments", FILE)?.into_iter().map(Self::read).collect()
    }

    fn read(mut file: Object) -> Result<Self, GraphError> {
        let missing = |name| GraphError::MissingProperty { name, on: FILE };
        let name = file.text("name")?.filter(|name| !name.is_empty());
        let content = file.text("contentBytes")?;
        // Known, and of no consequence for what the outbox shows.
        file.text("contentType")?;
        file.text("contentId")?;
        file.flag("isInline")?;
        file.finish()?;
        let name = name.ok_or_else(|| missing("name"))?;
        let content = content.ok_or_else(|| missing("contentBytes"))?;
        let content = STANDARD.decode(content).map_err(|_| GraphError::WrongValue {
            name: "contentBytes".to_owned(),
            on: FILE,
            expected: "base64",
        })?;
        Ok(Self::new(name, &content))
    }

    /// As the outbox lists it.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "size": self.size, "sha256": self.sha256 })
    }
}
