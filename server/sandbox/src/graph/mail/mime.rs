//! Mail that is posted as MIME, in base64.
//!
//! Source: <https://learn.microsoft.com/graph/outlook-send-mime-message>.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::parsers::MessageStream;
use mail_parser::{Address, ContentType, HeaderValue, MessageParser, MessagePart, MimeHeaders};

use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::attachment::Attachment;
use crate::graph::mail::message::{Importance, Message};
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::message_read;
use crate::random::Random;

/// Reads a posted MIME message.
pub fn parse(bytes: &[u8], random: &Random) -> Result<Message, GraphError> {
    let base64: Vec<u8> =
        bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mime = STANDARD.decode(base64).map_err(|_| GraphError::MimeNotBase64)?;
    let parsed = MessageParser::default().parse(&mime).ok_or(GraphError::MimeUnreadable)?;
    // The parser turns text into HTML where only text was sent; that would not be what was sent.
    let is_html = parsed.html_part(0).is_some_and(MessagePart::is_text_html);
    let body = if is_html {
        MessageBody::Html(parsed.body_html(0).unwrap_or_default().into_owned())
    } else {
        MessageBody::Text(parsed.body_text(0).unwrap_or_default().into_owned())
    };
    let attachments = parsed.attachments().map(|part| {
        let name = part.attachment_name().unwrap_or("attachment").to_owned();
        let content = Bytes::copy_from_slice(part.contents());
        let content_type = part.content_type().map(|kind| match kind.subtype() {
            Some(subtype) => format!("{}/{subtype}", kind.ctype()),
            None => kind.ctype().to_owned(),
        });
        let content_id = part.content_id().map(ToOwned::to_owned);
        let is_inline = part.content_disposition().is_some_and(ContentType::is_inline);
        Attachment { content_type, content_id, is_inline, ..Attachment::new(random, name, content) }
    });
    Ok(Message {
        subject: parsed.subject().unwrap_or_default().to_owned(),
        body,
        to: recipients(parsed.to()),
        cc: recipients(parsed.cc()),
        bcc: recipients(parsed.bcc()),
        reply_to: recipients(parsed.reply_to()),
        from: recipients(parsed.from()).into_iter().next(),
        sender: recipients(parsed.sender()).into_iter().next(),
        attachments: attachments.collect(),
        importance: importance(&parsed),
        headers: own_headers(&parsed),
        read_receipt: parsed.header("Disposition-Notification-To").is_some(),
        delivery_receipt: parsed.header("Return-Receipt-To").is_some(),
        internet_message_id: parsed.message_id().map(|id| format!("<{id}>")),
        ..Message::default()
    })
}

/// RFC 2156, section 5.3.6.
fn importance(mime: &mail_parser::Message<'_>) -> Importance {
    let word = mime.header("Importance").and_then(HeaderValue::as_text).unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "low" => Importance::Low,
        "high" => Importance::High,
        _ => Importance::Normal,
    }
}

/// The headers that a client may add.
fn own_headers(mime: &mail_parser::Message<'_>) -> Vec<(String, String)> {
    let decoded = |raw: &str| {
        let value = MessageStream::new(raw.as_bytes()).parse_unstructured();
        value.as_text().unwrap_or_default().to_owned()
    };
    mime.headers_raw()
        .filter(|(name, _)| message_read::is_own_header(name))
        .map(|(name, raw)| (name.to_owned(), decoded(raw)))
        .collect()
}

fn recipients(address: Option<&Address<'_>>) -> Vec<Recipient> {
    let Some(address) = address else {
        return Vec::new();
    };
    address
        .iter()
        .map(|one| Recipient {
            address: one.address().unwrap_or_default().to_owned(),
            name: one.name().map(ToOwned::to_owned),
        })
        .collect()
}
