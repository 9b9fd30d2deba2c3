//! Messages one by one: making a draft, reading, changing, deleting.
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
use crate::graph::query::Query;

/// What a token without the right to read texts does not see.
const TEXTS: [&str; 3] = ["body", "bodyPreview", "uniqueBody"];
/// Every property. What a message does not have is null where `$select` names it.
const PROPERTIES: [&str; 31] = [
    "bccRecipients",
    "body",
    "bodyPreview",
    "categories",
    "ccRecipients",
    "changeKey",
    "conversationId",
    "conversationIndex",
    "createdDateTime",
    "flag",
    "from",
    "hasAttachments",
    "id",
    "importance",
    "inferenceClassification",
    "internetMessageHeaders",
    "internetMessageId",
    "isDeliveryReceiptRequested",
    "isDraft",
    "isRead",
    "isReadReceiptRequested",
    "lastModifiedDateTime",
    "parentFolderId",
    "receivedDateTime",
    "replyTo",
    "sender",
    "sentDateTime",
    "subject",
    "toRecipients",
    "uniqueBody",
    "webLink",
];
/// What is shown only where `$select` names it.
const ON_DEMAND: [&str; 2] = ["internetMessageHeaders", "uniqueBody"];

/// `POST /me/messages` and `POST /me/mailFolders/{folder}/messages`: 201 with the draft.
pub async fn create(
    mail: &MailRequest<'_>,
    folder: Folder,
    request: Request,
) -> Result<Response, GraphError> {
    let app = mail.app;
    let message = request::message(app, request, |value| Message::read(value, &app.random)).await?;
    let item = Item::draft(app.inputs(), mail.account, folder, message);
    let path = format!("messages('{}')", item.id.shown(mail.prefer.id_type));
    let body = entity(mail, &item, &Query::default());
    app.world().mailboxes.add(item);
    Ok(mail.prefer.applied(mail.created(&path, body)))
}

/// `GET /me/messages/{id}`
pub fn read(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select"])?;
    check_select(mail, &query)?;
    let mut world = mail.app.world();
    let item = world.mailboxes.item(mail.account, id, mail.app.clock.now())?;
    let body = entity(mail, item, &query);
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
    item.touch(mail.app.inputs());
    let body = entity(mail, item, &Query::default());
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// `DELETE /me/messages/{id}`: into Deleted Items, and from there for good.
pub fn delete(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let mut item = world.mailboxes.take(mail.account, id, mail.app.clock.now())?;
    if item.folder != Folder::DeletedItems {
        item.move_to(Folder::DeletedItems, mail.app.inputs());
        world.mailboxes.add(item);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A message as the only one of an answer.
fn entity(mail: &MailRequest<'_>, item: &Item, query: &Query) -> Map<String, Value> {
    let set = format!("messages{}/$entity", query.in_context());
    let mut body: Map<String, Value> = [mail.context(&set)].into_iter().collect();
    body.extend(shown(mail, item, query));
    body
}

/// Whether `$select` names properties that there are, and that the token lets be read.
pub fn check_select(mail: &MailRequest<'_>, query: &Query) -> Result<(), GraphError> {
    for name in query.select().unwrap_or_default() {
        let is = |known: &&str| known.eq_ignore_ascii_case(name);
        if !PROPERTIES.iter().any(is) {
            return Err(GraphError::UnknownSelection { name: name.to_owned(), on: MESSAGE });
        }
        if !mail.reads_texts && TEXTS.iter().any(is) {
            return Err(GraphError::MailAccessDenied);
        }
    }
    Ok(())
}

/// The properties that are asked for, and always the entity tag and the id.
pub fn shown(mail: &MailRequest<'_>, item: &Item, query: &Query) -> Map<String, Value> {
    let all = item.properties(&mail.app.base, mail.prefer);
    let mut shown: Map<String, Value> = match query.select() {
        Some(names) => {
            let named = |known: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
            let value = |name: &str| all.get(name).cloned().unwrap_or_default();
            PROPERTIES
                .into_iter()
                .filter(named)
                .map(|name| (name.to_owned(), value(name)))
                .collect()
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
    shown
}
