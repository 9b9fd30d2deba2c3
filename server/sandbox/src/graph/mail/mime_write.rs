//! Writes messages as MIME.
//!
//! Source: <https://learn.microsoft.com/graph/outlook-get-mime-message>.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;
use serde_json::Value;
use time::OffsetDateTime;

use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::message::{Importance, Message};
use crate::graph::mail::message_body::MessageBody;
use crate::random::Random;

/// A message as MIME. One with a file of which only the beginning is kept cannot be written.
pub fn written(message: &Message, sent: OffsetDateTime) -> Result<Vec<u8>, GraphError> {
    let id = message.internet_message_id.as_deref().unwrap_or_default();
    let mut mime = MessageBuilder::new()
        .message_id(id.trim_matches(['<', '>']).to_owned())
        .date(sent.unix_timestamp())
        .subject(message.subject.as_str());
    if let Some(sender) = &message.from {
        mime = mime.from(address(sender));
    }
    for (recipients, name) in [
        (&message.to, "To"),
        (&message.cc, "Cc"),
        (&message.bcc, "Bcc"),
        (&message.reply_to, "Reply-To"),
    ] {
        if !recipients.is_empty() {
            let list = recipients.iter().map(address).collect();
            mime = mime.header(name, Address::new_list(list));
        }
    }
    match message.importance {
        Importance::Low => mime = mime.header("Importance", Raw::new("low")),
        Importance::High => mime = mime.header("Importance", Raw::new("high")),
        Importance::Normal => {}
    }
    for (name, value) in &message.headers {
        mime = mime.header(name.as_str(), Raw::new(value.as_str()));
    }
    mime = match &message.body {
        MessageBody::Text(text) => mime.text_body(text.as_str()),
        MessageBody::Html(html) => mime.text_body(message.body.as_text()).html_body(html.as_str()),
    };
    for file in &message.attachments {
        if file.is_cut() {
            return Err(GraphError::ContentNotKept);
        }
        let kind = file.content_type.clone().unwrap_or("application/octet-stream".to_owned());
        let content = file.content.to_vec();
        mime = match &file.content_id {
            Some(id) if file.is_inline => mime.inline(kind, id.clone(), content),
            _ => mime.attachment(kind, file.name.clone(), content),
        };
    }
    // Writing into memory does not fail.
    mime.write_to_vec().map_err(|_| GraphError::ContentNotKept)
}

/// An attached message as MIME; Graph has other formats for events and contacts.
pub fn of_attached(
    mut item: Value,
    sent: OffsetDateTime,
    random: &Random,
) -> Result<Vec<u8>, GraphError> {
    if let Some(members) = item.as_object_mut() {
        for name in ["bodyPreview", "hasAttachments"] {
            members.remove(name);
        }
    }
    let message = Message::read(item, random).map_err(|_| GraphError::ContentNotKept)?;
    written(&message, sent)
}

fn address(recipient: &Recipient) -> Address<'static> {
    Address::new_address(recipient.name.clone(), recipient.address.clone())
}
