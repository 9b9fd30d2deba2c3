//! Shows the messages that were sent, as a mailbox would. A mail's own markup stands in a frame of
//! its own in which nothing runs and which loads nothing: `sandbox` without any permission, and a
//! policy at its very beginning.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::dates;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::message::MessageBody;
use crate::graph::mail::outbox::Sent;

/// A frame inherits the page's policy besides its own, so that the page has to allow a mail's styles and
/// pictures. It still allows no frame from elsewhere: a link in a mail leads nowhere.
pub const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'";
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:";

/// Every mail, newest first.
pub fn articles(sent: &[Sent]) -> Markup {
    html! {
        @if sent.is_empty() {
            p { "No messages yet. Connect in the app with one of the sandbox's accounts and send one. It appears here." }
        }
        @for (number, mail) in sent.iter().enumerate().rev() { (article(number, mail)) }
    }
}

fn article(number: usize, mail: &Sent) -> Markup {
    let message = &mail.item.message;
    let heading = format!("mail-{number}");
    let subject = if message.subject.is_empty() { "(No subject)" } else { &message.subject };
    let received = dates::graph(mail.item.sent);
    html! {
        article.mail aria-labelledby=(heading) {
            h2 id=(heading) { (subject) }
            dl {
                dt { "From" } dd { (mail.item.owner.display_name) " <" (mail.item.owner.mailbox()) ">" }
                (recipients("To", &message.to))
                (recipients("Cc", &message.cc))
                (recipients("Bcc", &message.bcc))
                (recipients("Reply to", &message.reply_to))
                dt { "Received" } dd { time datetime=(received) { (received) } }
                dt { "Saved to Sent Items" } dd { @if mail.save_to_sent_items { "Yes" } @else { "No" } }
                @if !message.attachments.is_empty() {
                    dt { "Attachments" }
                    @for file in &message.attachments { dd { (file.name) " (" (file.size) " bytes)" } }
                }
            }
            iframe sandbox="" title={ "Text of “" (subject) "”" } srcdoc=(document(&message.body).into_string()) {}
        }
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
