//! Shows the messages that were sent, as a mailbox would. A mail's own markup stands in a frame of
//! its own in which nothing runs and which loads nothing: `sandbox` without any permission, and a
//! policy at its very beginning.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use time::OffsetDateTime;

use crate::dates;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::id::IdType;
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::outbox::Sent;

const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:";

/// Messages, newest first: the first one is open, the others show their heading. `none` is what stands
/// there instead of a list without any.
pub fn list<'a>(
    newest_first: impl Iterator<Item = &'a Sent>,
    now: OffsetDateTime,
    none: Option<&str>,
) -> Markup {
    let mut messages = newest_first.enumerate().peekable();
    html! {
        @if messages.peek().is_none() {
            p { (none.unwrap_or("No messages yet. Connect in the app with one of the sandbox's accounts and send one. It appears here.")) }
        }
        @for (place, message) in messages { (article(message, place == 0, now)) }
    }
}

fn article(sent: &Sent, is_open: bool, now: OffsetDateTime) -> Markup {
    let message = &sent.item.message;
    let id = sent.item.id.shown(IdType::RestId);
    let heading = format!("heading-{id}");
    let subject = if message.subject.is_empty() { "(No subject)" } else { &message.subject };
    let received = sent.item.sent;
    let first = message.to.iter().chain(&message.cc).chain(&message.bcc).next();
    html! {
        article.mail aria-labelledby=(heading) {
            details id=(id) open[is_open] {
                summary {
                    h2 id=(heading) { (subject) }
                    p.quiet {
                        (sent.item.owner.mailbox())
                        @if let Some(first) = first { " to " (first.address) }
                        " · "
                        (dates::element(received, now))
                    }
                }
                dl {
                    dt { "From" } dd { (sent.item.owner.display_name) " <" (sent.item.owner.mailbox()) ">" }
                    (recipients("To", &message.to))
                    (recipients("Cc", &message.cc))
                    (recipients("Bcc", &message.bcc))
                    (recipients("Reply to", &message.reply_to))
                    dt { "Saved to Sent Items" } dd { @if sent.save_to_sent_items { "Yes" } @else { "No" } }
                    @if !message.attachments.is_empty() {
                        dt { "Attachments" }
                        @for file in &message.attachments { dd { (file.name) " (" (size(file.size)) ")" } }
                    }
                }
                iframe sandbox="" title={ "Text of “" (subject) "”" } srcdoc=(document(&message.body).into_string()) {}
            }
        }
    }
}

/// A size in the units that people know.
fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => "less than 1 kB".to_owned(),
        1000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn recipients(label: &str, recipients: &[Recipient]) -> Markup {
    html! {
        @if !recipients.is_empty() {
            dt { (label) }
            @for recipient in recipients {
                dd {
                    @match &recipient.name {
                        Some(name) if !name.is_empty() => { (name) " <" (recipient.address) ">" }
                        _ => (recipient.address),
                    }
                }
            }
        }
    }
}

/// The frame's document. Only here does markup from outside stand as it came.
fn document(body: &MessageBody) -> Markup {
    html! {
        (DOCTYPE)
        meta http-equiv="Content-Security-Policy" content=(MAIL_POLICY);
        meta name="color-scheme" content="light";
        style { "body{font:14px/20px 'Segoe UI',sans-serif;background:#fff;color:#242424;margin:12px;overflow-wrap:anywhere}" }
        @match body {
            MessageBody::Text(text) => p style="white-space:pre-wrap" { (text) },
            MessageBody::Html(markup) => (PreEscaped(markup)),
        }
    }
}
