//! Sending: the parameters of `sendMail`, drafts, what is checked before either goes out.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-sendmail>,
//! <https://learn.microsoft.com/graph/api/message-send>.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::Message;
use crate::graph::mail::object::Object;
use crate::graph::mail::outbox::Sent;
use crate::graph::mail::request::{self, MailRequest};
use crate::platform::World;
use crate::random::Random;

/// What was posted.
#[derive(Debug)]
struct Posted {
    message: Message,
    save_to_sent_items: bool,
}

impl Posted {
    /// Reads `{"message": …, "saveToSentItems": …}`.
    fn read(value: Value, random: &Random) -> Result<Self, GraphError> {
        let mut parameters = Object::read(value, "the payload", "sendMail")?;
        let message = parameters.value("message");
        let message = message.map(|message| Message::read(message, random)).transpose()?;
        // An example in the documentation writes it as a string.
        let save_to_sent_items = parameters.flag_or_word("saveToSentItems")?.unwrap_or(true);
        parameters.finish()?;
        Ok(Self { message: message.ok_or(GraphError::NoMessage)?, save_to_sent_items })
    }
}

impl From<Message> for Posted {
    fn from(message: Message) -> Self {
        Self { message, save_to_sent_items: true }
    }
}

/// `POST /me/sendMail`: 202 with neither body nor `Content-Type`. An official client takes an empty body
/// that calls itself JSON for a failure.
pub async fn send_mail(mail: &MailRequest<'_>, request: Request) -> Result<Response, GraphError> {
    let app = mail.app;
    let posted = request::message(app, request, |value| Posted::read(value, &app.random)).await?;
    let item = Item::draft(app.inputs(), mail.account, Folder::Drafts, posted.message);
    send(mail, &mut app.world(), item, posted.save_to_sent_items)
}

/// `POST /me/messages/{id}/send`: the draft goes out and leaves its folder.
pub fn send_draft(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let (app, now) = (mail.app, mail.app.clock.now());
    let mut world = app.world();
    let item = world.mailboxes.item(mail.account, id, now)?.clone();
    if !item.is_draft {
        return Err(GraphError::AlreadySent);
    }
    let answer = send(mail, &mut world, item, true)?;
    world.mailboxes.take(mail.account, id, now)?;
    Ok(answer)
}

/// Checks in Exchange's order, and sends.
fn send(
    mail: &MailRequest<'_>,
    world: &mut World,
    item: Item,
    save_to_sent_items: bool,
) -> Result<Response, GraphError> {
    item.message.check_sender(mail.account)?;
    item.message.check_recipients()?;
    item.message.check_size()?;
    let item = item.send(mail.app.inputs());
    tracing::info!(account = mail.account.address, "mail sent");
    world.outbox.add(Sent { item: item.clone(), save_to_sent_items });
    if save_to_sent_items {
        world.mailboxes.add(item);
    }
    Ok(StatusCode::ACCEPTED.into_response())
}
