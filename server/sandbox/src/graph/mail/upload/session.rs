//! What is known of files that are being uploaded. Of a file are kept its hash so far and its
//! beginning, so that its size does not matter.

use std::collections::HashMap;

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::attachment::{Attachment, hexadecimal};
use crate::graph::mail::upload::range::Range;
use crate::random::Random;

/// How much of a file is kept.
const KEPT: usize = 64 * 1024;

/// Every session, by the secret in its address.
#[derive(Debug, Default)]
pub struct Sessions(HashMap<String, Session>);

/// A file on its way.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose mailbox.
    pub owner: &'static Account,
    /// The message that it will be attached to, by its immutable id.
    pub message: String,
    /// The path of its address.
    pub path: String,
    /// Until when it takes anything.
    pub expires: OffsetDateTime,
    /// What it will be, but for its content.
    pub file: FileItem,
    /// What has arrived.
    pub received: Received,
}

/// An `attachmentItem`.
#[derive(Debug, Clone)]
pub struct FileItem {
    /// Its file name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type, if it was told.
    pub content_type: Option<String>,
    /// Whether it is shown within the text.
    pub is_inline: bool,
    /// What the text calls it.
    pub content_id: Option<String>,
}

/// The beginning of a file, however long, as far as it has arrived.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// How many bytes.
    pub bytes: u64,
    hash: Sha256,
    kept: Vec<u8>,
}

impl Sessions {
    /// Opens a session.
    pub fn add(&mut self, secret: String, session: Session) {
        self.0.insert(secret, session);
    }

    /// The session with this address, if it is still open.
    pub fn get(
        &mut self,
        secret: &str,
        path: &str,
        now: OffsetDateTime,
    ) -> Result<&mut Session, GraphError> {
        self.0.retain(|_, session| now < session.expires);
        self.0.get_mut(secret).filter(|session| session.path == path).ok_or(GraphError::NoSession)
    }

    /// Closes a session.
    pub fn remove(&mut self, secret: &str) {
        self.0.remove(secret);
    }
}

impl Session {
    /// Whether this is the piece that comes next.
    pub fn check(&self, range: Range) -> Result<(), GraphError> {
        if range.total == self.file.size && range.start == self.received.bytes {
            Ok(())
        } else {
            Err(GraphError::RangeOutOfOrder)
        }
    }

    /// Whether everything has arrived.
    pub fn is_complete(&self) -> bool {
        self.received.bytes == self.file.size
    }

    /// What it has become.
    pub fn into_attachment(self, random: &Random) -> Attachment {
        let beginning = Bytes::from(self.received.kept);
        Attachment {
            content_type: self.file.content_type,
            is_inline: self.file.is_inline,
            content_id: self.file.content_id,
            size: self.received.bytes,
            sha256: hexadecimal(&self.received.hash.finalize()),
            ..Attachment::new(random, self.file.name, beginning)
        }
    }
}

impl Received {
    /// Takes what comes next.
    pub fn push(&mut self, data: &[u8]) {
        self.bytes += data.len() as u64;
        self.hash.update(data);
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(data.get(..room).unwrap_or(data));
    }
}
