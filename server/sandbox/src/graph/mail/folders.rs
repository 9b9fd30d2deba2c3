//! Telling about folders: their names, how many messages lie in them.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-list-mailfolders>.

use axum::response::Response;
use serde_json::{Map, Value};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::request::MailRequest;

/// `GET /me/mailFolders`
pub fn list(mail: &MailRequest<'_>) -> Result<Response, GraphError> {
    mail.options(&[])?;
    let mut body: Map<String, Value> = [mail.context("mailFolders")].into_iter().collect();
    let folders = Folder::ALL.into_iter().map(|folder| Value::Object(properties(mail, folder)));
    body.insert("value".to_owned(), folders.collect());
    Ok(call::resource(&Value::Object(body)))
}

/// `GET /me/mailFolders/{folder}`
pub fn read(mail: &MailRequest<'_>, folder: &str) -> Result<Response, GraphError> {
    mail.options(&[])?;
    let folder = Folder::parse(folder, mail.account)?;
    let mut body: Map<String, Value> = [mail.context("mailFolders/$entity")].into_iter().collect();
    body.extend(properties(mail, folder));
    Ok(call::resource(&Value::Object(body)))
}

fn properties(mail: &MailRequest<'_>, folder: Folder) -> Map<String, Value> {
    let world = mail.app.world();
    let items = world.mailboxes.items(mail.account, mail.app.clock.now());
    let items: Vec<_> = items.filter(|item| item.folder == folder).collect();
    let unread = items.iter().filter(|item| !item.message.is_read).count();
    let mut members = Map::new();
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    add("id", folder.id(mail.account).into());
    add("displayName", folder.display_name().into());
    add("parentFolderId", Folder::root_id(mail.account).into());
    add("childFolderCount", 0.into());
    add("unreadItemCount", unread.into());
    add("totalItemCount", items.len().into());
    add("isHidden", false.into());
    members
}
