//! Mailboxes: drafts, attachments, sending, what was sent.
//!
//! A request becomes a [`request::MailRequest`]; a module for each resource does its work on an
//! [`item::Item`] in the [`mailbox::Mailboxes`]. What is sent stands in the [`outbox`] too, which nobody
//! can change.

pub mod address;
pub mod attachment;
pub mod attachments;
pub mod body;
pub mod concurrency;
pub mod filter;
pub mod folder;
pub mod folders;
pub mod id;
pub mod item;
pub mod listing;
pub mod mailbox;
pub mod message;
pub mod messages;
pub mod mime;
pub mod object;
pub mod outbox;
pub mod prefer;
pub mod request;
pub mod resource;
pub mod send_mail;
pub mod upload;

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;

use crate::graph::bearer::SignedIn;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::request::MailRequest;
use crate::graph::mail::resource::{MailPath, MailResource};
use crate::platform::Platform;

/// A request to a mailbox, by a token that allows it, with a method that its resource has.
pub async fn work(
    app: &Platform,
    signed_in: &SignedIn,
    path: &MailPath,
    request: Request,
) -> Result<Response, GraphError> {
    let mail = MailRequest::begin(app, signed_in, &request)?;
    let method = request.method().clone();
    // In whichever folder a message is said to lie, its id says all; but there has to be such a folder.
    let named = |name| Folder::parse(name, mail.account).map(|folder| (name, folder));
    let within = path.folder.as_deref().map(named).transpose()?;
    match (&path.resource, method) {
        (MailResource::SendMail, _) => send_mail::send_mail(&mail, request).await,
        (MailResource::Folders, _) => folders::list(&mail),
        (MailResource::Folder(folder), _) => folders::read(&mail, folder),
        (MailResource::Messages, Method::GET) => listing::list(&mail, within),
        (MailResource::Messages, _) => {
            let folder = within.map_or(Folder::Drafts, |(_, folder)| folder);
            messages::create(&mail, folder, request).await
        }
        (MailResource::Message(id), Method::PATCH) => messages::change(&mail, id, request).await,
        (MailResource::Message(id), Method::DELETE) => messages::delete(&mail, id),
        (MailResource::Message(id), _) => messages::read(&mail, id),
        (MailResource::Send(id), _) => send_mail::send_draft(&mail, id),
        (MailResource::Attachments(id), Method::POST) => attachments::add(&mail, id, request).await,
        (MailResource::Attachments(id), _) => attachments::list(&mail, id),
        (MailResource::Attachment(id, file), Method::DELETE) => {
            attachments::delete(&mail, id, file)
        }
        (MailResource::Attachment(id, file), _) => attachments::read(&mail, id, file),
        (MailResource::CreateUploadSession(id), _) => {
            upload::create::create(&mail, id, request).await
        }
        (MailResource::AttachmentContent(id, file), _) => attachments::content(&mail, id, file),
    }
}
