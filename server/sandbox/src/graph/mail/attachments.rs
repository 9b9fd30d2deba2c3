//! The attachments of a message: listing, adding, reading, removing.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-post-attachments> and the pages beside it.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::attachment::{Attachment, FILE, ITEM};
use crate::graph::mail::id;
use crate::graph::mail::item::Item;
use crate::graph::mail::mime_write;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::mail::schema::ATTACHMENTS;
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::query::{Query, pick};

/// A message shows all of its attachments at once.
const PAGE: Page = Page { default: usize::MAX, largest: 1000 };

/// `GET /me/messages/{id}/attachments`
pub fn list(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select", "top", "skip", "count", "orderby", "filter", "expand"])?;
    let choice = Choice::read(&query, &ATTACHMENTS, PAGE)?;
    let with_items = expands_items(&query)?;
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    let names = query.select();
    let chosen = choice.choose(
        item.message
            .attachments
            .iter()
            .map(|file| (file, Value::Object(file.resource(mail.prefer.id_type, item.modified)))),
    );
    let shown = |file| shown(mail, item, file, names.as_deref(), with_items);
    let set = format!("{}/attachments{}", message_set(mail, item), query.in_context());
    Ok(mail.listed(&set, chosen.try_map(shown)?, &query))
}

/// `GET /me/messages/{id}/attachments/$count`
pub fn count(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["filter"])?;
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    let files = item.message.attachments.iter();
    let all = files.map(|file| file.resource(mail.prefer.id_type, item.modified).into());
    Ok(call::number(collection::count(&query, &ATTACHMENTS, all)?))
}

/// `POST /me/messages/{id}/attachments`: 201 with the attachment. It and its name stand in one request
/// of at most 4 MB, which leaves 3 MB for the file.
pub async fn add(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    let app = mail.app;
    let value = request::json(request).await?;
    let file = Attachment::read(value, "the payload", &app.random)?;
    let mut world = app.world();
    let transport = world.mailboxes.transport.clone();
    let mailbox = mail.mailbox(&mut world);
    mailbox.change(id, mail.seen.as_deref(), mail.stamp(), |item| {
        if !item.is_draft {
            return Err(GraphError::NotDraft);
        }
        transport.check_upload(mail.account, &item.message, file.size)?;
        item.message.attachments.push(file.clone());
        Ok(())
    })?;
    let item = mailbox.item(id)?;
    let set = message_set(mail, item);
    let path = format!("{set}/attachments('{}')", file.id.shown(mail.prefer.id_type));
    let properties = shown(mail, item, &file, None, false)?;
    let body = mail.described(&format!("{set}/attachments/$entity"), properties);
    Ok(mail.created(&path, body))
}

/// `GET /me/messages/{id}/attachments/{id}`
pub fn read(mail: &MailRequest<'_>, id: &str, file: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select", "expand"])?;
    let with_items = expands_items(&query)?;
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    let file = &item.message.attachments[find(item, file)?];
    let properties = shown(mail, item, file, query.select().as_deref(), with_items)?;
    let set = format!("{}/attachments{}/$entity", message_set(mail, item), query.in_context());
    Ok(mail.entity(&set, properties))
}

/// `GET /me/messages/{id}/attachments/{id}/$value`: a file's bytes, an attached message's MIME.
pub fn content(mail: &MailRequest<'_>, id: &str, file: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    let file = &item.message.attachments[find(item, file)?];
    if let Some(attached) = &file.item {
        let message = attached.clone();
        let mime = mime_write::of_attached(message, item.sent, &mail.app.random)?;
        let plain = HeaderValue::from_static("text/plain");
        return Ok(([(CONTENT_TYPE, plain)], mime).into_response());
    }
    if file.is_cut() {
        return Err(GraphError::ContentNotKept);
    }
    let content_type =
        file.content_type.as_deref().and_then(|kind| HeaderValue::try_from(kind).ok());
    let octets = HeaderValue::from_static("application/octet-stream");
    Ok(([(CONTENT_TYPE, content_type.unwrap_or(octets))], file.content.clone()).into_response())
}

/// `DELETE /me/messages/{id}/attachments/{id}`
pub fn delete(mail: &MailRequest<'_>, id: &str, file: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    mailbox.change(id, mail.seen.as_deref(), mail.stamp(), |item| {
        let at = find(item, file)?;
        if !item.is_draft {
            return Err(GraphError::NotDraft);
        }
        item.message.attachments.remove(at);
        Ok(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The attachments of a message as they stand within it: their context, and they themselves.
pub fn expanded(
    mail: &MailRequest<'_>,
    item: &Item,
    names: Option<&[&str]>,
) -> Result<(String, Value), GraphError> {
    let files = item.message.attachments.iter();
    let files = files.map(|file| shown(mail, item, file, names, false).map(Value::Object));
    let (_, context) = mail.context(&format!("{}/attachments", message_set(mail, item)));
    Ok((context.as_str().unwrap_or_default().to_owned(), files.collect::<Result<_, _>>()?))
}

fn find(item: &Item, file: &str) -> Result<usize, GraphError> {
    id::check(file)?;
    let wanted = |attachment: &Attachment| attachment.id.is(file);
    item.message.attachments.iter().position(wanted).ok_or(GraphError::NoItem)
}

/// `$expand=microsoft.graph.itemAttachment/item`
fn expands_items(query: &Query) -> Result<bool, GraphError> {
    match query.get("expand") {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case(&format!("{ITEM}/item")) => Ok(true),
        Some(other) => Err(GraphError::UnknownExpansion(other.to_owned())),
    }
}

/// The properties that are asked for, and always the type and the id.
fn shown(
    mail: &MailRequest<'_>,
    item: &Item,
    file: &Attachment,
    names: Option<&[&str]>,
    with_item: bool,
) -> Result<Map<String, Value>, GraphError> {
    let all = file.resource(mail.prefer.id_type, item.modified);
    let mut shown = match names {
        None => all.clone(),
        Some(names) => pick(&all, names, if file.item.is_some() { ITEM } else { FILE })?,
    };
    let always = |(name, _): &(String, Value)| name == "id" || name.starts_with("@odata.");
    shown.extend(all.into_iter().filter(always));
    if let Some(attached) = file.item.as_ref().filter(|_| with_item) {
        shown.insert("item".to_owned(), attached.clone());
    }
    Ok(shown)
}

fn message_set(mail: &MailRequest<'_>, item: &Item) -> String {
    format!("messages('{}')", item.id.shown(mail.prefer.id_type))
}
