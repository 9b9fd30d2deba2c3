//! Sending: the parameters of `sendMail`, drafts, what is checked before either goes out.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-sendmail>,
//! <https://learn.microsoft.com/graph/api/message-send>.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::graph::error::GraphError;
use crate::graph::mail::delivery;
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
    let item = Item::draft(mail.account, Folder::DRAFTS, posted.message, mail.stamp());
    send(mail, &mut app.world(), item, posted.save_to_sent_items)
}

/// `POST /me/messages/{id}/send`: the draft goes out. It stays in Drafts, still a draft, until the
/// transport has taken it to Sent Items.
///
/// Source: <https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail>.
pub fn send_draft(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?.clone();
    if !item.is_draft {
        return Err(GraphError::AlreadySent);
    }
    let leaves_at = mail.app.clock.now() + world.mailboxes.transport.takes;
    // A change by another request since this one arrived, or a second send, is refused here.
    mail.mailbox(&mut world).change(id, mail.seen.as_deref(), mail.stamp(), |_| Ok(()))?;
    let sent = go_out(mail, &mut world, item, true)?;
    mail.mailbox(&mut world).change(id, None, mail.stamp(), |item| {
        item.sent = sent.sent;
        item.leaves = Some((leaves_at, Box::new(sent)));
        Ok(())
    })?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Sends a message that is in no folder yet; a copy of it shows in Sent Items after a while.
pub fn send(
    mail: &MailRequest<'_>,
    world: &mut World,
    item: Item,
    save_to_sent_items: bool,
) -> Result<Response, GraphError> {
    let mut sent = go_out(mail, world, item, save_to_sent_items)?;
    if save_to_sent_items {
        sent.received = sent.sent + world.mailboxes.transport.takes;
        mail.mailbox(world).add_later(sent);
    }
    Ok(StatusCode::ACCEPTED.into_response())
}

/// Checks in Exchange's order, and hands over to the transport.
fn go_out(
    mail: &MailRequest<'_>,
    world: &mut World,
    item: Item,
    save_to_sent_items: bool,
) -> Result<Item, GraphError> {
    item.message.check_sender(mail.account)?;
    item.message.check_recipients()?;
    world.mailboxes.transport.check_size(mail.account, &item.message)?;
    let item = item.send(mail.stamp());
    tracing::info!(account = mail.account.address, "message sent");
    delivery::deliver(world, &mail.app.directory, &item, mail.stamp());
    world.outbox.add(Sent { item: item.clone(), save_to_sent_items });
    Ok(item)
}
