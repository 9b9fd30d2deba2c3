//! A message as it lies in a mailbox: what the mailbox adds to what somebody wrote.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/message>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::dates;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::id::Id;
use crate::graph::mail::message::Message;
use crate::graph::mail::prefer::{BodyType, Prefer};
use crate::graph::mail::stamp::Stamp;
use crate::random::Random;

/// A conversation begins with 22 bytes, and each answer adds five.
///
/// Source: MS-OXOMSG, section 2.2.1.3 (PidTagConversationIndex).
const CONVERSATION_INDEX_BYTES: usize = 22;
const ANSWER_INDEX_BYTES: usize = 5;

/// A message in a mailbox.
#[derive(Debug, Clone)]
pub struct Item {
    /// Whose mailbox.
    pub owner: &'static Account,
    /// What it is called there.
    pub id: Id,
    /// Where it lies there.
    pub folder: Folder,
    /// Whether it can still be sent.
    pub is_draft: bool,
    /// What was written.
    pub message: Message,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it was last changed.
    pub modified: OffsetDateTime,
    /// When it was sent; when it was made, as long as it was not.
    pub sent: OffsetDateTime,
    /// When it reached this mailbox.
    pub received: OffsetDateTime,
    /// When it leaves Drafts, and as what, if it was sent from there and the transport has it.
    pub leaves: Option<(OffsetDateTime, Box<Self>)>,
    /// The number of its last change in its mailbox.
    pub changed: u64,
    change_key: String,
    conversation_id: String,
    conversation_index: Vec<u8>,
}

impl Item {
    /// A new draft.
    pub fn draft(owner: &'static Account, folder: Folder, text: Message, stamp: Stamp<'_>) -> Self {
        let Stamp { now, random } = stamp;
        let mut message = text;
        let new_id = || Some(format!("<{}@sandbox.example>", random.guid()));
        message.internet_message_id = message.internet_message_id.or_else(new_id);
        Self {
            owner,
            id: Id::new(random),
            folder,
            is_draft: true,
            message,
            created: now,
            modified: now,
            sent: now,
            received: now,
            leaves: None,
            changed: 0,
            change_key: change_key(random),
            conversation_id: format!("AAQkADUw{}", random.base64url(60)),
            conversation_index: random.bytes(CONVERSATION_INDEX_BYTES),
        }
    }

    /// Makes it an answer to another: part of the same conversation.
    pub fn answering(mut self, other: &Self, random: &Random) -> Self {
        self.conversation_id.clone_from(&other.conversation_id);
        self.conversation_index.clone_from(&other.conversation_index);
        self.conversation_index.extend(random.bytes(ANSWER_INDEX_BYTES));
        self
    }

    /// The same item again, under ids of its own.
    pub fn copy_to(&self, folder: Folder, stamp: Stamp<'_>) -> Self {
        let mut copy = self.clone();
        copy.id = Id::new(stamp.random);
        copy.folder = folder;
        for attachment in &mut copy.message.attachments {
            attachment.id = Id::new(stamp.random);
        }
        copy.leaves = None;
        copy.created = stamp.now;
        copy.touch(stamp);
        copy
    }

    /// What becomes of a draft when it is sent. It is not in Sent Items yet.
    pub fn send(mut self, stamp: Stamp<'_>) -> Self {
        let own = self.owner.as_recipient();
        self.message.from.get_or_insert_with(|| own.clone());
        self.message.sender.get_or_insert(own);
        self.is_draft = false;
        self.sent = stamp.now;
        self.move_to(Folder::SENT_ITEMS, stamp);
        self
    }

    /// Puts it into another folder.
    pub fn move_to(&mut self, folder: Folder, stamp: Stamp<'_>) {
        self.folder = folder;
        self.id = self.id.moved(stamp.random);
        for attachment in &mut self.message.attachments {
            attachment.id = attachment.id.moved(stamp.random);
        }
        self.touch(stamp);
    }

    /// Notes that it was changed.
    pub fn touch(&mut self, stamp: Stamp<'_>) {
        self.modified = stamp.now;
        self.change_key = change_key(stamp.random);
    }

    /// What tells this state of it from every other.
    pub fn change_key(&self) -> &str {
        &self.change_key
    }

    /// Its entity tag.
    pub fn etag(&self) -> String {
        format!("W/\"{}\"", self.change_key)
    }

    /// Every property. A text comes as HTML unless the client prefers it without markup.
    pub fn properties(&self, base: &str, prefer: Prefer, folder_id: &str) -> Map<String, Value> {
        let body = prefer.body.unwrap_or(BodyType::Html);
        let mut members = self.message.to_json(Some(body));
        let id = self.id.shown(prefer.id_type);
        let web_link = format!("{base}/owa/?ItemID={id}&exvsurl=1&viewmodel=ReadMessageItem");
        let unique_body = members.get("body").cloned().unwrap_or_default();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("uniqueBody", unique_body);
        add("id", id.into());
        add("changeKey", self.change_key.as_str().into());
        add("createdDateTime", dates::graph(self.created).into());
        add("lastModifiedDateTime", dates::graph(self.modified).into());
        add("receivedDateTime", dates::graph(self.received).into());
        add("sentDateTime", dates::graph(self.sent).into());
        add("parentFolderId", folder_id.into());
        add("conversationId", self.conversation_id.as_str().into());
        add("conversationIndex", STANDARD.encode(&self.conversation_index).into());
        add("isDraft", self.is_draft.into());
        add("webLink", web_link.into());
        members
    }
}

fn change_key(random: &Random) -> String {
    format!("CQAAABYAAAD{}", random.base64(21))
}
