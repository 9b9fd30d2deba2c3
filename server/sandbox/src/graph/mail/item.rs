//! A message as it lies in a mailbox: what the mailbox adds to what somebody wrote.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/message>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use crate::accounts::Account;
use crate::dates;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::id::Id;
use crate::graph::mail::message::Message;
use crate::graph::mail::prefer::{BodyType, Prefer};
use crate::inputs::Inputs;
use crate::random::Random;

/// How long mail is on its way before it shows in Sent Items. At Microsoft that takes seconds, and a
/// client that looks at once must not conclude that nothing was sent.
const TRANSPORT: Duration = Duration::seconds(1);
const CONVERSATION_INDEX_BYTES: usize = 22;

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
    visible_from: OffsetDateTime,
    change_key: String,
    conversation_id: String,
    conversation_index: String,
}

impl Item {
    /// A new draft.
    pub fn draft(
        inputs: Inputs<'_>,
        owner: &'static Account,
        folder: Folder,
        text: Message,
    ) -> Self {
        let now = inputs.clock.now();
        let mut message = text;
        let new_id = || Some(format!("<{}@sandbox.example>", inputs.random.guid()));
        message.internet_message_id = message.internet_message_id.or_else(new_id);
        Self {
            owner,
            id: Id::new(inputs.random),
            folder,
            is_draft: true,
            message,
            created: now,
            modified: now,
            sent: now,
            visible_from: now,
            change_key: change_key(inputs.random),
            conversation_id: format!("AAQkADUw{}", inputs.random.base64url(60)),
            conversation_index: STANDARD.encode(inputs.random.bytes(CONVERSATION_INDEX_BYTES)),
        }
    }

    /// What becomes of a draft when it is sent: another item, in Sent Items, after a while.
    pub fn send(mut self, inputs: Inputs<'_>) -> Self {
        let now = inputs.clock.now();
        let own = self.owner.as_recipient();
        self.message.from.get_or_insert_with(|| own.clone());
        self.message.sender.get_or_insert(own);
        self.is_draft = false;
        self.sent = now;
        self.visible_from = now + TRANSPORT;
        self.move_to(Folder::SentItems, inputs);
        self
    }

    /// Puts it into another folder.
    pub fn move_to(&mut self, folder: Folder, inputs: Inputs<'_>) {
        self.folder = folder;
        self.id = self.id.moved(inputs.random);
        for attachment in &mut self.message.attachments {
            attachment.id = attachment.id.moved(inputs.random);
        }
        self.touch(inputs);
    }

    /// Notes that it was changed.
    pub fn touch(&mut self, inputs: Inputs<'_>) {
        self.modified = inputs.clock.now();
        self.change_key = change_key(inputs.random);
    }

    /// Whether it has arrived where it is going.
    pub fn is_visible(&self, now: OffsetDateTime) -> bool {
        self.visible_from <= now
    }

    /// Its entity tag.
    pub fn etag(&self) -> String {
        format!("W/\"{}\"", self.change_key)
    }

    /// Every property. A text comes as HTML unless the client prefers it without markup.
    pub fn properties(&self, base: &str, prefer: Prefer) -> Map<String, Value> {
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
        add("receivedDateTime", dates::graph(self.sent).into());
        add("sentDateTime", dates::graph(self.sent).into());
        add("parentFolderId", self.folder.id(self.owner).into());
        add("conversationId", self.conversation_id.as_str().into());
        add("conversationIndex", self.conversation_index.as_str().into());
        add("isDraft", self.is_draft.into());
        add("webLink", web_link.into());
        add("inferenceClassification", "focused".into());
        add("flag", json!({ "flagStatus": "notFlagged" }));
        members
    }
}

fn change_key(random: &Random) -> String {
    format!("CQAAABYAAAD{}", random.base64(21))
}
