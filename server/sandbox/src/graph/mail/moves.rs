//! Messages that move to another folder or are copied there.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-move>,
//! <https://learn.microsoft.com/graph/api/message-copy>.

use axum::extract::Request;
use axum::response::Response;

use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::messages;
use crate::graph::mail::object::Object;
use crate::graph::mail::request::{self, MailRequest};

/// `POST /me/messages/{id}/move`: 201 with the message, whose id is another one now.
pub async fn move_to(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    into_folder(mail, request, |mailbox, to| {
        let stays = mailbox.item(id)?.id.clone();
        mailbox.change(id, mail.seen.as_deref(), mail.stamp(), |_| Ok(()))?;
        mailbox.move_item(id, to, mail.stamp())?;
        messages::made(mail, mailbox, stays.immutable())
    })
    .await
}

/// `POST /me/messages/{id}/copy`: 201 with the copy.
pub async fn copy(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    into_folder(mail, request, |mailbox, to| {
        let copy = mailbox.item(id)?.copy_to(to, mail.stamp());
        let copy_id = copy.id.clone();
        mailbox.add(copy);
        messages::made(mail, mailbox, copy_id.immutable())
    })
    .await
}

/// Reads `{"destinationId": …}`, an id or a well-known name, and does `work` with that folder.
pub async fn into_folder(
    mail: &MailRequest<'_>,
    request: Request,
    work: impl FnOnce(&mut Mailbox, Folder) -> Result<Response, GraphError>,
) -> Result<Response, GraphError> {
    let mut parameters = Object::read(request::json(request).await?, "the payload", "move")?;
    let name = parameters.text("destinationId")?.filter(|name| !name.is_empty());
    parameters.finish()?;
    let name = name.ok_or(GraphError::MissingProperty { name: "destinationId", on: "move" })?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let to = mailbox.folder_named(&name)?;
    work(mailbox, to)
}
