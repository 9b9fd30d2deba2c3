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
use crate::graph::mail::attachment::{Attachment, FILE};
use crate::graph::mail::id;
use crate::graph::mail::item::Item;
use crate::graph::mail::object::Object;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::query::{Query, pick};

/// `GET /me/messages/{id}/attachments`
pub fn list(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select"])?;
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let shown = item.message.attachments.iter().map(|file| shown(mail, item, file, &query));
    let files = shown.collect::<Result<Vec<_>, _>>()?;
    let set = format!("{}/attachments{}", message_set(mail, item), query.in_context());
    let mut body: Map<String, Value> = [mail.context(&set)].into_iter().collect();
    body.insert("value".to_owned(), files.into_iter().map(Value::Object).collect());
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
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
    let object = Object::read_of_named_type(value, "the payload", FILE)?;
    let file = Attachment::read(object, &app.random)?;
    let mut world = app.world();
    let item = world.mailboxes.item(mail.account, id, app.clock.now())?;
    if !item.is_draft {
        return Err(GraphError::NotDraft);
    }
    item.message.attachments.push(file.clone());
    item.touch(app.inputs());
    let set = message_set(mail, item);
    let path = format!("{set}/attachments('{}')", file.id.shown(mail.prefer.id_type));
    let body = entity(mail, item, &file, &Query::default())?;
    Ok(mail.prefer.applied(mail.created(&path, body)))
}

/// `GET /me/messages/{id}/attachments/{id}`
pub fn read(mail: &MailRequest<'_>, id: &str, file: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select"])?;
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let file = &item.message.attachments[find(item, file)?];
    let body = entity(mail, item, file, &query)?;
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// `GET /me/messages/{id}/attachments/{id}/$value`
pub fn content(mail: &MailRequest<'_>, id: &str, file: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let file = &item.message.attachments[find(item, file)?];
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
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let at = find(item, file)?;
    if !item.is_draft {
        return Err(GraphError::NotDraft);
    }
    item.message.attachments.remove(at);
    item.touch(mail.app.inputs());
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn find(item: &Item, file: &str) -> Result<usize, GraphError> {
    id::check(file)?;
    let wanted = |attachment: &Attachment| attachment.id.is(file);
    item.message.attachments.iter().position(wanted).ok_or(GraphError::NoItem)
}

fn entity(
    mail: &MailRequest<'_>,
    item: &Item,
    file: &Attachment,
    query: &Query,
) -> Result<Map<String, Value>, GraphError> {
    let set = format!("{}/attachments{}/$entity", message_set(mail, item), query.in_context());
    let mut body: Map<String, Value> = [mail.context(&set)].into_iter().collect();
    body.extend(shown(mail, item, file, query)?);
    Ok(body)
}

/// The properties that are asked for, and always the type and the id.
fn shown(
    mail: &MailRequest<'_>,
    item: &Item,
    file: &Attachment,
    query: &Query,
) -> Result<Map<String, Value>, GraphError> {
    let all = file.resource(mail.prefer.id_type, item.modified);
    let Some(names) = query.select() else {
        return Ok(all);
    };
    let mut shown = pick(&all, &names, FILE)?;
    let always = |(name, _): &(String, Value)| name == "id" || name.starts_with("@odata.");
    shown.extend(all.into_iter().filter(always));
    Ok(shown)
}

fn message_set(mail: &MailRequest<'_>, item: &Item) -> String {
    format!("messages('{}')", item.id.shown(mail.prefer.id_type))
}
