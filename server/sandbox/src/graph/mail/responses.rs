//! Answers to a message: reply, reply to all, forward, at once or as a draft.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-reply>,
//! <https://learn.microsoft.com/graph/api/message-replyall>,
//! <https://learn.microsoft.com/graph/api/message-forward> and the pages of their `create` forms.

use axum::extract::Request;
use axum::response::Response;
use maud::{PreEscaped, html};
use serde_json::Value;

use crate::dates;
use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::{MESSAGE, Message};
use crate::graph::mail::message_body::MessageBody;
use crate::graph::mail::messages;
use crate::graph::mail::object::Object;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::mail::resource::Answering;
use crate::graph::mail::send_mail;
use crate::platform::World;

/// What was posted: parameters, or a whole message as MIME.
enum Posted {
    Parameters(Parameters),
    Mime(Box<Message>),
}

/// A comment, or properties of the answer, or both but for its text.
#[derive(Default)]
struct Parameters {
    comment: Option<String>,
    to: Option<Vec<Recipient>>,
    message: Option<Value>,
}

impl From<Message> for Posted {
    fn from(message: Message) -> Self {
        Self::Mime(Box::new(message))
    }
}

/// `POST /me/messages/{id}/reply`, `replyAll` and `forward`: 202 with an empty body.
pub async fn send(
    mail: &MailRequest<'_>,
    id: &str,
    kind: Answering,
    request: Request,
) -> Result<Response, GraphError> {
    with_answer(mail, id, kind, request, |world, answer| send_mail::send(mail, world, answer, true))
        .await
}

/// `POST /me/messages/{id}/createReply`, `createReplyAll` and `createForward`: 201 with the draft.
pub async fn create(
    mail: &MailRequest<'_>,
    id: &str,
    kind: Answering,
    request: Request,
) -> Result<Response, GraphError> {
    with_answer(mail, id, kind, request, |world, draft| {
        let id = draft.id.clone();
        let mailbox = mail.mailbox(world);
        mailbox.add(draft);
        messages::made(mail, mailbox, id.immutable())
    })
    .await
}

/// Reads what was posted, and does `work` with the answer to the message.
async fn with_answer(
    mail: &MailRequest<'_>,
    id: &str,
    kind: Answering,
    request: Request,
    work: impl FnOnce(&mut World, Item) -> Result<Response, GraphError>,
) -> Result<Response, GraphError> {
    let posted = read(mail, kind, request).await?;
    let mut world = mail.app.world();
    let answer = answer(mail, mail.mailbox(&mut world).item(id)?, kind, posted)?;
    work(&mut world, answer)
}

async fn read(
    mail: &MailRequest<'_>,
    kind: Answering,
    request: Request,
) -> Result<Posted, GraphError> {
    if request::is_mime(&request) {
        let refused = |_| Err(GraphError::ContentType);
        return request::message(mail.app, request, refused).await;
    }
    let value = request::parameters(request).await?;
    Parameters::read(value, kind).map(Posted::Parameters)
}

impl Parameters {
    /// A comment and a body exclude each other, and so do the two places for the recipients of a forward.
    fn read(value: Value, kind: Answering) -> Result<Self, GraphError> {
        let mut posted = Object::read(value, "the payload", "reply")?;
        let comment = posted.text("comment")?;
        let has_to = posted.has("toRecipients");
        let to = match kind {
            Answering::Forward if has_to => {
                Some(Recipient::read_list(&mut posted, "toRecipients")?)
            }
            _ => None,
        };
        let message = posted.value("message");
        posted.finish()?;
        if let Some(message) = &message {
            let message = Object::read(message.clone(), "message", MESSAGE)?;
            if comment.is_some() && message.has("body") {
                return Err(GraphError::CommentAndBody);
            }
            if to.is_some() && message.has("toRecipients") {
                return Err(GraphError::RecipientsTwice);
            }
        }
        Ok(Self { comment, to, message })
    }
}

/// The answer as a draft.
fn answer(
    mail: &MailRequest<'_>,
    original: &Item,
    kind: Answering,
    posted: Posted,
) -> Result<Item, GraphError> {
    let message = match posted {
        Posted::Mime(message) => {
            Message { to: written_to(original, kind, mail, &message), ..*message }
        }
        Posted::Parameters(Parameters { comment, to, message }) => {
            let mut answer = begun(mail, original, kind);
            if let Some(value) = message {
                answer.change_new(value, &mail.app.random)?;
            }
            if let Some(to) = to {
                answer.to = to;
            }
            if let Some(comment) = comment {
                answer.body = quoted(&comment, original);
            }
            answer
        }
    };
    let item = Item::draft(mail.account, Folder::DRAFTS, message, mail.stamp());
    Ok(item.answering(original, &mail.app.random))
}

fn written_to(
    original: &Item,
    kind: Answering,
    mail: &MailRequest<'_>,
    mime: &Message,
) -> Vec<Recipient> {
    match kind {
        Answering::Forward => mime.to.clone(),
        _ => begun(mail, original, kind).to,
    }
}

/// The answer before anybody has written anything.
fn begun(mail: &MailRequest<'_>, original: &Item, kind: Answering) -> Message {
    let from = &original.message;
    let subject = from.subject.as_str();
    let prefix = if kind == Answering::Forward { "Fw: " } else { "Re: " };
    let has_prefix = subject.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let others = |list: &[Recipient]| -> Vec<Recipient> {
        let own = mail.account.mailbox();
        list.iter().filter(|it| !it.address.eq_ignore_ascii_case(own)).cloned().collect()
    };
    // RFC 5322, section 3.6.3: to Reply-To where there is one.
    let writer = match from.reply_to.as_slice() {
        [] => from.from.clone().into_iter().collect(),
        reply_to => reply_to.to_vec(),
    };
    let (to, cc, attachments) = match kind {
        Answering::Reply => (writer, Vec::new(), Vec::new()),
        Answering::ReplyAll => ([writer, others(&from.to)].concat(), others(&from.cc), Vec::new()),
        Answering::Forward => (Vec::new(), Vec::new(), from.attachments.clone()),
    };
    Message {
        subject: if has_prefix { subject.to_owned() } else { format!("{prefix}{subject}") },
        body: quoted("", original),
        to,
        cc,
        attachments: attachments.into_iter().map(|file| file.renewed(&mail.app.random)).collect(),
        ..Message::default()
    }
}

/// A comment above the original, as Outlook writes it.
fn quoted(comment: &str, original: &Item) -> MessageBody {
    let from = original.message.from.as_ref();
    let name = from.map(|it| it.name.as_deref().unwrap_or(&it.address)).unwrap_or_default();
    let sent = dates::graph(original.sent);
    let text = html! {
        html {
            body {
                @for line in comment.lines() { (line) br; }
                hr tabindex="-1" style="display:inline-block; width:98%";
                div id="divRplyFwdMsg" {
                    b { "From:" } " " (name) br;
                    b { "Sent:" } " " (sent) br;
                    b { "Subject:" } " " (original.message.subject)
                }
                div { (PreEscaped(original.message.body.as_html())) }
            }
        }
    };
    MessageBody::Html(text.into_string())
}
