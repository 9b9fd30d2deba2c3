//! Reading a message and its attachments from Graph's JSON, and changing one. A message may be attached to
//! another.
//!
//! Source: <https://learn.microsoft.com/graph/api/message-update>.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::attachment::{Attachment, FILE, ITEM};
use crate::graph::mail::flag::{Classification, Flag};
use crate::graph::mail::message::{Importance, MESSAGE, Message};
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::object::Object;
use crate::random::Random;

/// What cannot be set: the mailbox sets it, or the sandbox has nothing to do with it.
const SET_BY_NOBODY: [&str; 20] = [
    "bodyPreview",
    "changeKey",
    "conversationId",
    "conversationIndex",
    "createdDateTime",
    "extensions",
    "hasAttachments",
    "id",
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

const EVENT: &str = "microsoft.graph.event";
const CONTACT: &str = "microsoft.graph.contact";

impl Message {
    /// Reads a new `message`.
    pub fn read(value: Value, random: &Random) -> Result<Self, GraphError> {
        let mut message = Self::default();
        message.change_new(value, random)?;
        Ok(message)
    }

    /// Sets what a `message` names on one that is being made: attachments and headers are added.
    pub fn change_new(&mut self, value: Value, random: &Random) -> Result<(), GraphError> {
        let mut object = Object::read(value, "message", MESSAGE)?;
        self.attachments.extend(Attachment::read_list(&mut object, random)?);
        self.headers.extend(read_headers(&mut object)?);
        self.set(object)
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
        if object.has("flag") {
            self.flag = Flag::read(&mut object)?;
        }
        if object.has("inferenceClassification") {
            let words = [("focused", Classification::Focused), ("other", Classification::Other)];
            let word = object.word("inferenceClassification", &words, "focused or other")?;
            self.classification = word.unwrap_or_default();
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
}

impl Attachment {
    /// Reads the attachments of a message.
    pub fn read_list(message: &mut Object, random: &Random) -> Result<Vec<Self>, GraphError> {
        let values = message.list("attachments")?;
        values.into_iter().map(|value| Self::read(value, "attachments", random)).collect()
    }

    /// Reads an attachment, which has to name its type. `name` is the property that holds it.
    pub fn read(value: Value, name: &str, random: &Random) -> Result<Self, GraphError> {
        if type_of(&value) == Some(ITEM) {
            Self::read_item(Object::read(value, name, ITEM)?, random)
        } else {
            Self::read_file(Object::read_of_named_type(value, name, FILE)?, random)
        }
    }

    fn read_item(mut attachment: Object, random: &Random) -> Result<Self, GraphError> {
        let missing = |name| GraphError::MissingProperty { name, on: ITEM };
        let name = attachment.text("name")?.filter(|name| !name.is_empty());
        let item = attachment.value("item");
        attachment.text("contentType")?;
        attachment.flag("isInline")?;
        attachment.count("size")?;
        for name in ["id", "lastModifiedDateTime"] {
            attachment.text(name)?;
        }
        attachment.finish()?;
        let name = name.ok_or_else(|| missing("name"))?;
        let mut item = item.ok_or_else(|| missing("item"))?;
        match type_of(&item) {
            Some(MESSAGE) => {
                let message = Message::read(item, random)?.to_json(None);
                item = Value::Object(message);
                item["@odata.type"] = format!("#{MESSAGE}").into();
            }
            Some(EVENT | CONTACT) => {}
            _ => {
                let name = "@odata.type".to_owned();
                let expected = "that of a message, an event or a contact";
                return Err(GraphError::WrongValue { name, on: ITEM, expected });
            }
        }
        let json = Bytes::from(item.to_string());
        Ok(Self { item: Some(item), ..Self::new(random, name, json) })
    }

    fn read_file(mut file: Object, random: &Random) -> Result<Self, GraphError> {
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
}

/// The type that an object names, without its namespace's sign.
fn type_of(value: &Value) -> Option<&str> {
    let named = value.get("@odata.type")?.as_str()?;
    Some(named.strip_prefix('#').unwrap_or(named))
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
