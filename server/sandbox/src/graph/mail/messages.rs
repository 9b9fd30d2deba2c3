//! Messages one by one: making a draft, reading, changing, deleting.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-post-messages> and the pages beside it.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::graph::error::GraphError;
use crate::graph::mail::attachments;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::message::{MESSAGE, Message};
use crate::graph::mail::mime_write;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::odata::expand::Expand;
use crate::graph::odata::query::Query;

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
    let item = Item::draft(mail.account, folder, message, mail.stamp());
    let id = item.id.clone();
    let mut world = app.world();
    let mailbox = mail.mailbox(&mut world);
    mailbox.add(item);
    made(mail, mailbox, id.immutable())
}

/// `GET /me/messages/{id}`
pub fn read(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select", "expand"])?;
    let shown = Shown::read(mail, &query)?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let properties = shown.properties(mail, mailbox, mailbox.item(id)?)?;
    Ok(mail.entity(&format!("messages{}/$entity", shown.in_context()), properties))
}

/// `GET /me/messages/{id}/$value`
///
/// Source: <https://learn.microsoft.com/graph/outlook-get-mime-message>.
pub fn content(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    let mime = mime_write::written(&item.message, item.sent)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))], mime).into_response())
}

/// `PATCH /me/messages/{id}`: 200 with the message as it is then.
pub async fn change(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    let value = request::json(request).await?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    mailbox.change(id, mail.seen.as_deref(), mail.stamp(), |item| {
        item.message.change(value, item.is_draft)
    })?;
    let properties = Shown::default().properties(mail, mailbox, mailbox.item(id)?)?;
    Ok(mail.entity("messages/$entity", properties))
}

/// `DELETE /me/messages/{id}`: into Deleted Items, and from there for good.
pub fn delete(mail: &MailRequest<'_>, id: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let folder = mailbox.item(id)?.folder;
    if mailbox.with_descendants(Folder::DELETED_ITEMS).contains(&folder) {
        mailbox.take(id)?;
    } else {
        mailbox.move_item(id, Folder::DELETED_ITEMS, mail.stamp())?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The answer to a request that made a message: 201.
pub fn made(mail: &MailRequest<'_>, mailbox: &Mailbox, id: &str) -> Result<Response, GraphError> {
    let item = mailbox.item(id)?;
    let properties = Shown::default().properties(mail, mailbox, item)?;
    let body = mail.described("messages/$entity", properties);
    Ok(mail.created(&format!("messages('{}')", item.id.shown(mail.prefer.id_type)), body))
}

/// Every property.
pub fn properties(mail: &MailRequest<'_>, mailbox: &Mailbox, item: &Item) -> Map<String, Value> {
    item.properties(&mail.app.base, mail.prefer, mailbox.folder_id(item.folder))
}

/// Which properties of messages an answer shows.
#[derive(Debug, Default)]
pub struct Shown<'q> {
    select: Option<Vec<&'q str>>,
    expand: Expand,
}

impl<'q> Shown<'q> {
    /// Reads `$select` and `$expand`, which name only what there is and what the token lets be read.
    pub fn read(mail: &MailRequest<'_>, query: &'q Query) -> Result<Self, GraphError> {
        let select = query.select();
        for name in select.iter().flatten() {
            let is = |known: &&str| known.eq_ignore_ascii_case(name);
            if !PROPERTIES.iter().any(is) {
                let name = (*name).to_owned();
                return Err(GraphError::UnknownSelection { name, on: MESSAGE });
            }
            if !mail.reads_texts && TEXTS.iter().any(is) {
                return Err(GraphError::MailAccessDenied);
            }
        }
        let expand = Expand::read(query, "attachments")?;
        if expand.wanted && !mail.reads_texts {
            return Err(GraphError::MailAccessDenied);
        }
        Ok(Self { select, expand })
    }

    /// What stands behind the name of the set in `@odata.context`.
    pub fn in_context(&self) -> String {
        let select = self.select.as_ref().map(|names| names.join(",")).unwrap_or_default();
        let both = [select, self.expand.in_context("attachments")];
        let names: Vec<String> = both.into_iter().filter(|names| !names.is_empty()).collect();
        if names.is_empty() { String::new() } else { format!("({})", names.join(",")) }
    }

    /// The properties that are asked for, and always the entity tag and the id.
    pub fn properties(
        &self,
        mail: &MailRequest<'_>,
        mailbox: &Mailbox,
        item: &Item,
    ) -> Result<Map<String, Value>, GraphError> {
        let all = properties(mail, mailbox, item);
        let mut shown: Map<String, Value> = match &self.select {
            Some(names) => {
                let named =
                    |known: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
                let value = |name: &str| all.get(name).cloned().unwrap_or_default();
                let chosen = PROPERTIES.into_iter().filter(named);
                chosen.map(|name| (name.to_owned(), value(name))).collect()
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
        if self.expand.wanted {
            let names = self.expand.names();
            let (context, files) = attachments::expanded(mail, item, names.as_deref())?;
            shown.insert("attachments@odata.context".to_owned(), context.into());
            shown.insert("attachments".to_owned(), files);
        }
        Ok(shown)
    }
}
