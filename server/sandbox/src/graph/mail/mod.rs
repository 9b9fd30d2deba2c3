//! Mailboxes: folders, messages, attachments, sending, what was sent.
//!
//! A request becomes a [`request::MailRequest`]; a module for each kind of resource does its work on a
//! [`mailbox::Mailbox`]. What is sent stands in the [`outbox`] too, which nobody can change, and
//! [`delivery`] takes it to the mailboxes of its recipients.

pub mod address;
pub mod attachment;
pub mod attachments;
pub mod body;
pub mod bounce;
pub mod changes;
pub mod concurrency;
pub mod delivery;
pub mod delta;
pub mod flag;
pub mod folder;
pub mod folder_changes;
pub mod folder_tree;
pub mod folders;
pub mod id;
pub mod item;
pub mod listing;
pub mod mailbox;
pub mod message;
pub mod message_body;
pub mod message_read;
pub mod messages;
pub mod mime;
pub mod mime_write;
pub mod moves;
pub mod object;
pub mod outbox;
pub mod prefer;
pub mod request;
pub mod resource;
pub mod responses;
pub mod schema;
pub mod search;
pub mod send_mail;
pub mod stamp;
pub mod traffic;
pub mod transport;
pub mod upload;

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;

use crate::graph::bearer::SignedIn;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::request::MailRequest;
use crate::graph::mail::resource::{MailPath, MailResource};
use crate::graph::mail::stamp::Stamp;
use crate::platform::Platform;

/// The change key of the message that a path is about, as long as there is one.
pub fn change_key(app: &Platform, signed_in: &SignedIn, path: &MailPath) -> Option<String> {
    let id = path.resource.message()?;
    let mut world = app.world();
    let mailbox = world.mailboxes.of(signed_in.account, Stamp::now(app.inputs()));
    mailbox.item(id).ok().map(|item| item.change_key().to_owned())
}

/// A request to a mailbox, by a token that allows it, with a method that its resource has. `seen` is the
/// change key that its message had when the request arrived.
pub async fn work(
    app: &Platform,
    signed_in: &SignedIn,
    path: &MailPath,
    seen: Option<String>,
    request: Request,
) -> Result<Response, GraphError> {
    use MailResource as Mail;
    let mail = MailRequest::begin(app, signed_in, &request, seen)?;
    let method = request.method().clone();
    // Whichever folder a message is said to lie in, its id says all; but there has to be such a folder.
    let within = match &path.folder {
        None => None,
        Some(name) => {
            let mut world = app.world();
            Some((name.as_str(), mail.mailbox(&mut world).folder_named(name)?))
        }
    };
    let folder = within.map(|(_, folder)| folder);
    match (&path.resource, method) {
        (Mail::SendMail, _) => send_mail::send_mail(&mail, request).await,
        (Mail::Folders, Method::POST) => folder_changes::create(&mail, folder, request).await,
        (Mail::Folders, _) => folders::list(&mail, within),
        (Mail::FolderCount, _) => folders::count(&mail, folder),
        (Mail::FolderDelta, _) => delta::folders(&mail),
        (Mail::Folder(name), Method::PATCH) => folder_changes::rename(&mail, name, request).await,
        (Mail::Folder(name), Method::DELETE) => folder_changes::delete(&mail, name),
        (Mail::Folder(name), _) => folders::read(&mail, name),
        (Mail::MoveFolder(name), _) => folder_changes::move_to(&mail, name, request).await,
        (Mail::CopyFolder(name), _) => folder_changes::copy(&mail, name, request).await,
        (Mail::Messages, Method::GET) => listing::list(&mail, within),
        (Mail::Messages, _) => {
            messages::create(&mail, folder.unwrap_or(Folder::DRAFTS), request).await
        }
        (Mail::MessageCount, _) => listing::count(&mail, folder),
        (Mail::MessageDelta, _) => delta::messages(&mail, within),
        (Mail::Message(id), Method::PATCH) => messages::change(&mail, id, request).await,
        (Mail::Message(id), Method::DELETE) => messages::delete(&mail, id),
        (Mail::Message(id), _) => messages::read(&mail, id),
        (Mail::MessageContent(id), _) => messages::content(&mail, id),
        (Mail::Send(id), _) => send_mail::send_draft(&mail, id),
        (Mail::Move(id), _) => moves::move_to(&mail, id, request).await,
        (Mail::Copy(id), _) => moves::copy(&mail, id, request).await,
        (Mail::Answer(id, kind), _) => responses::send(&mail, id, *kind, request).await,
        (Mail::CreateAnswer(id, kind), _) => responses::create(&mail, id, *kind, request).await,
        (Mail::Attachments(id), Method::POST) => attachments::add(&mail, id, request).await,
        (Mail::Attachments(id), _) => attachments::list(&mail, id),
        (Mail::AttachmentCount(id), _) => attachments::count(&mail, id),
        (Mail::Attachment(id, file), Method::DELETE) => attachments::delete(&mail, id, file),
        (Mail::Attachment(id, file), _) => attachments::read(&mail, id, file),
        (Mail::CreateUploadSession(id), _) => upload::create::create(&mail, id, request).await,
        (Mail::AttachmentContent(id, file), _) => attachments::content(&mail, id, file),
    }
}
