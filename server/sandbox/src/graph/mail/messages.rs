//! Owns messages one by one: making a draft, reading, changing, deleting.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-post-messages> and the pages beside it.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::{MESSAGE, Message};
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::query::{Query, pick};

/// What a token without the right to read texts does not see.
const TEXTS: [&str; 3] = ["body", "bodyPreview", "uniqueBody"];
/// What is shown only where `$select` names it.
const ON_DEMAND: [&str; 2] = ["internetMessageHeaders", "uniqueBody"];

/// `POST /me/messages` and `POST /me/mailFolders/{folder}/messages`: 201 with the draft.
pub async fn create(
    mail: &MailRequest<'_>,
    folder: Option<&str>,
    request: Request,
) -> Result<Response, GraphError> {
    let app = mail.app;
    let folder = folder.map_or(Ok(Folder::Drafts), |folder| Folder::parse(folder, mail.account))?;
    let message = request::message(app, request, |value| Message::read(value, &app.random)).await?;
    let item = Item::draft(app, mail.account, folder, message);
    let path = format!("messages('{}')", item.id.shown(mail.prefer.id_type));
    let body = entity(mail, &item, &Query::default())?;
    app.world().mailboxes.add(item);
    Ok(mail.prefer.applied(mail.created(&path, body)))
}

/// `GET /me/messages/{id}`
pub fn read(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select"])?;
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let body = entity(mail, item, &query)?;
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// `PATCH /me/messages/{id}`: 200 with the message as it is then.
pub async fn change(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    let value = request::json(request).await?;
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    item.message.change(value, item.is_draft)?;
    item.touch(mail.app);
    let body = entity(mail, item, &Query::default())?;
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// `DELETE /me/messages/{id}`: into Deleted Items, and from there for good.
pub fn delete(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let mut item = world.mailboxes.take(mail.account, id, mail.app.clock.now())?;
    if item.folder != Folder::DeletedItems {
        item.move_to(Folder::DeletedItems, mail.app);
        world.mailboxes.add(item);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A message as the only one of an answer.
fn entity(
    mail: &MailRequest<'_>,
    item: &Item,
    query: &Query,
) -> Result<Map<String, Value>, GraphError> {
    let set = format!("messages{}/$entity", query.in_context());
    let mut body: Map<String, Value> = [mail.context(&set)].into_iter().collect();
    body.extend(shown(mail, item, query)?);
    Ok(body)
}

/// The properties that are asked for, and always the entity tag and the id.
pub fn shown(
    mail: &MailRequest<'_>,
    item: &Item,
    query: &Query,
) -> Result<Map<String, Value>, GraphError> {
    let all = item.properties(&mail.app.base, mail.prefer);
    let mut shown = match query.select() {
        Some(names) => {
            let hidden = |name: &&str| TEXTS.iter().any(|text| text.eq_ignore_ascii_case(name));
            if !mail.reads_texts && names.iter().any(hidden) {
                return Err(GraphError::MailAccessDenied);
            }
            pick(&all, &names, MESSAGE)?
        }
        None => {
            let hidden = |name: &str| {
                ON_DEMAND.contains(&name) || (!mail.reads_texts && TEXTS.contains(&name))
            };
            all.into_iter().filter(|(name, _)| !hidden(name)).collect()
        }
    };
    shown.insert("@odata.etag".to_owned(), item.etag().into());
    shown.insert("id".to_owned(), item.id.shown(mail.prefer.id_type).into());
    Ok(shown)
}
