//! Folders that somebody makes, renames, moves, copies and deletes.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-post-mailfolders> and the pages beside it.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::graph::error::GraphError;
use crate::graph::mail::folder::{Folder, FolderEntry};
use crate::graph::mail::id::{Id, IdType};
use crate::graph::mail::item::Item;
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::moves;
use crate::graph::mail::object::Object;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::mail::schema::MAIL_FOLDER;
use crate::graph::mail::stamp::Stamp;

/// `POST /me/mailFolders` and `POST /me/mailFolders/{folder}/childFolders`: 201 with the folder.
pub async fn create(
    mail: &MailRequest<'_>,
    within: Option<Folder>,
    request: Request,
) -> Result<Response, GraphError> {
    let mut posted = Object::read(request::json(request).await?, "the payload", MAIL_FOLDER)?;
    let name = posted.text("displayName")?.filter(|name| !name.is_empty());
    let is_hidden = posted.flag("isHidden")?.unwrap_or_default();
    posted.finish()?;
    let name = name.ok_or(GraphError::MissingProperty { name: "displayName", on: MAIL_FOLDER })?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let parent = within.unwrap_or(Folder::ROOT);
    let folder = mailbox.add_folder(parent, name, is_hidden, mail.stamp())?;
    made(mail, mailbox, folder)
}

/// `PATCH /me/mailFolders/{folder}`: 200 with the folder.
pub async fn rename(
    mail: &MailRequest<'_>,
    name: &str,
    request: Request,
) -> Result<Response, GraphError> {
    let mut posted = Object::read(request::json(request).await?, "the payload", MAIL_FOLDER)?;
    let new_name = posted.text("displayName")?.filter(|name| !name.is_empty());
    for name in ["id", "parentFolderId", "isHidden", "totalItemCount", "unreadItemCount"] {
        if posted.has(name) {
            return Err(GraphError::InvalidPropertySet(name));
        }
    }
    posted.finish()?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let folder = mailbox.folder_named(name)?;
    if let Some(new_name) = new_name {
        let entry = mailbox.folder(folder)?;
        let is_other = entry.display_name.to_lowercase() != new_name.to_lowercase();
        let parent = entry.parent.ok_or(GraphError::DistinguishedFolder)?;
        if is_other && mailbox.has_child_named(parent, &new_name) {
            return Err(GraphError::FolderExists);
        }
        mailbox.folder_mut(folder)?.display_name = new_name;
        mailbox.note_folder(folder)?;
    }
    let properties = mailbox.folder_properties(mailbox.folder(folder)?);
    Ok(mail.entity("mailFolders/$entity", properties))
}

/// `DELETE /me/mailFolders/{folder}`: into Deleted Items with all that lies in it, from there for good.
pub fn delete(mail: &MailRequest<'_>, name: &str) -> Result<Response, GraphError> {
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let folder = mailbox.own_folder(name)?;
    if mailbox.with_descendants(Folder::DELETED_ITEMS).contains(&folder) {
        mailbox.remove_folder(folder);
    } else {
        mailbox.move_folder(folder, Folder::DELETED_ITEMS)?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /me/mailFolders/{folder}/move`: 201 with the folder.
pub async fn move_to(
    mail: &MailRequest<'_>,
    name: &str,
    request: Request,
) -> Result<Response, GraphError> {
    moves::into_folder(mail, request, |mailbox, to| {
        let folder = mailbox.own_folder(name)?;
        mailbox.move_folder(folder, to)?;
        made(mail, mailbox, folder)
    })
    .await
}

/// `POST /me/mailFolders/{folder}/copy`: 201 with the copy, which holds copies of all that lies in it.
pub async fn copy(
    mail: &MailRequest<'_>,
    name: &str,
    request: Request,
) -> Result<Response, GraphError> {
    moves::into_folder(mail, request, |mailbox, to| {
        let folder = mailbox.folder_named(name)?;
        if mailbox.with_descendants(folder).contains(&to) {
            return Err(GraphError::MoveIntoItself);
        }
        let copy = mailbox.copy_folder(folder, to, mail.stamp())?;
        made(mail, mailbox, copy)
    })
    .await
}

fn made(mail: &MailRequest<'_>, mailbox: &Mailbox, folder: Folder) -> Result<Response, GraphError> {
    let entry = mailbox.folder(folder)?;
    let properties = mailbox.folder_properties(entry);
    let body = mail.described("mailFolders/$entity", properties);
    Ok(mail.created(&format!("mailFolders('{}')", entry.id), body))
}

impl Mailbox {
    fn add_folder(
        &mut self,
        parent: Folder,
        name: String,
        is_hidden: bool,
        stamp: Stamp<'_>,
    ) -> Result<Folder, GraphError> {
        if self.has_child_named(parent, &name) {
            return Err(GraphError::FolderExists);
        }
        let folder = self.folders.last().map_or(Folder::ROOT, |entry| entry.folder.next());
        self.folders.push(FolderEntry {
            folder,
            id: Id::new(stamp.random).shown(IdType::RestId).to_owned(),
            well_known: None,
            display_name: name,
            parent: Some(parent),
            is_hidden,
            changed: self.changes.advance(),
        });
        Ok(folder)
    }

    /// A folder that is not one of those that every mailbox has.
    fn own_folder(&self, name: &str) -> Result<Folder, GraphError> {
        let folder = self.folder_named(name)?;
        match self.folder(folder)?.well_known {
            None => Ok(folder),
            Some(_) => Err(GraphError::DistinguishedFolder),
        }
    }

    fn move_folder(&mut self, folder: Folder, to: Folder) -> Result<(), GraphError> {
        if self.with_descendants(folder).contains(&to) {
            return Err(GraphError::MoveIntoItself);
        }
        let name = self.folder(folder)?.display_name.clone();
        if self.has_child_named(to, &name) {
            return Err(GraphError::FolderExists);
        }
        self.folder_mut(folder)?.parent = Some(to);
        self.note_folder(folder)
    }

    fn copy_folder(
        &mut self,
        folder: Folder,
        to: Folder,
        stamp: Stamp<'_>,
    ) -> Result<Folder, GraphError> {
        let FolderEntry { display_name, is_hidden, .. } = self.folder(folder)?.clone();
        let children: Vec<Folder> = self.children(folder).iter().map(|it| it.folder).collect();
        let copy = self.add_folder(to, display_name, is_hidden, stamp)?;
        let inside: Vec<Item> = self
            .items()
            .filter(|item| item.folder == folder)
            .map(|item| item.copy_to(copy, stamp))
            .collect();
        for item in inside.into_iter().rev() {
            self.add(item);
        }
        for child in children {
            self.copy_folder(child, copy, stamp)?;
        }
        Ok(copy)
    }

    fn remove_folder(&mut self, folder: Folder) {
        let gone = self.with_descendants(folder);
        for folder in &gone {
            self.empty(*folder);
        }
        for entry in self.folders.extract_if(.., |entry| gone.contains(&entry.folder)) {
            self.changes.remove_folder(entry.id);
        }
    }

    fn note_folder(&mut self, folder: Folder) -> Result<(), GraphError> {
        let number = self.changes.advance();
        self.folder_mut(folder)?.changed = number;
        Ok(())
    }
}
