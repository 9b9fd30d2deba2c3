//! Telling about folders: their names, how many messages and folders lie in them.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-list-mailfolders>,
//! <https://learn.microsoft.com/graph/api/mailfolder-list-childfolders>.

use axum::response::Response;
use serde_json::{Map, Value};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::{Folder, FolderEntry};
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::request::MailRequest;
use crate::graph::mail::schema::{FOLDERS, MAIL_FOLDER};
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::expand::Expand;
use crate::graph::odata::query::{Query, pick};

const PAGE: Page = Page { default: 10, largest: 1000 };

/// `GET /me/mailFolders` and `GET /me/mailFolders/{folder}/childFolders`. Hidden folders come along with
/// `includeHiddenFolders=true`.
pub fn list(
    mail: &MailRequest<'_>,
    within: Option<(&str, Folder)>,
) -> Result<Response, GraphError> {
    let query = mail.options(&[
        "select",
        "top",
        "skip",
        "count",
        "orderby",
        "filter",
        "expand",
        "includeHiddenFolders",
    ])?;
    let choice = Choice::read(&query, &FOLDERS, PAGE)?;
    let expand = Expand::read(&query, "childFolders")?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let parent = within.map_or(Folder::ROOT, |(_, folder)| folder);
    let entries = listed(mailbox, parent, includes_hidden(&query)?);
    let chosen = choice.choose(
        entries.into_iter().map(|entry| (entry, Value::Object(mailbox.folder_properties(entry)))),
    );
    let shown = |entry| shown(mail, mailbox, entry, &query, &expand);
    let chosen = chosen.try_map(shown)?;
    let set = match within {
        None => "mailFolders".to_owned(),
        Some((name, _)) => format!("mailFolders('{name}')/childFolders"),
    };
    Ok(mail.listed(&format!("{set}{}", query.in_context()), chosen, &query))
}

/// `GET /me/mailFolders/$count`
pub fn count(mail: &MailRequest<'_>, within: Option<Folder>) -> Result<Response, GraphError> {
    let query = mail.options(&["filter", "includeHiddenFolders"])?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let parent = within.unwrap_or(Folder::ROOT);
    let entries = listed(mailbox, parent, includes_hidden(&query)?).into_iter();
    let all = entries.map(|entry| Value::Object(mailbox.folder_properties(entry)));
    Ok(call::number(collection::count(&query, &FOLDERS, all)?))
}

/// `GET /me/mailFolders/{folder}`
pub fn read(mail: &MailRequest<'_>, name: &str) -> Result<Response, GraphError> {
    let query = mail.options(&["select", "expand"])?;
    let expand = Expand::read(&query, "childFolders")?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let entry = mailbox.folder(mailbox.folder_named(name)?)?;
    let set = format!("mailFolders{}/$entity", query.in_context());
    Ok(mail.entity(&set, shown(mail, mailbox, entry, &query, &expand)?))
}

fn listed(mailbox: &Mailbox, parent: Folder, hidden: bool) -> Vec<&FolderEntry> {
    mailbox.children(parent).into_iter().filter(|entry| hidden || !entry.is_hidden).collect()
}

fn includes_hidden(query: &Query) -> Result<bool, GraphError> {
    Ok(query.flag("includeHiddenFolders")?.unwrap_or_default())
}

/// The properties that are asked for, and always the id.
fn shown(
    mail: &MailRequest<'_>,
    mailbox: &Mailbox,
    entry: &FolderEntry,
    query: &Query,
    expand: &Expand,
) -> Result<Map<String, Value>, GraphError> {
    let mut shown = selected(mailbox, entry, query.select())?;
    if expand.wanted {
        let children = listed(mailbox, entry.folder, false).into_iter();
        let children = children.map(|child| selected(mailbox, child, expand.names()));
        let children = children.collect::<Result<Vec<_>, _>>()?;
        let (user, id) = (&mail.account.graph_id, &entry.id);
        let context = format!(
            "{}/v1.0/$metadata#users('{user}')/mailFolders('{id}')/childFolders",
            mail.app.base
        );
        shown.insert("childFolders@odata.context".to_owned(), context.into());
        let children = children.into_iter().map(Value::Object).collect();
        shown.insert("childFolders".to_owned(), children);
    }
    Ok(shown)
}

fn selected(
    mailbox: &Mailbox,
    entry: &FolderEntry,
    names: Option<Vec<&str>>,
) -> Result<Map<String, Value>, GraphError> {
    let all = mailbox.folder_properties(entry);
    let Some(names) = names else {
        return Ok(all);
    };
    let mut shown = pick(&all, &names, MAIL_FOLDER)?;
    shown.insert("id".to_owned(), entry.id.as_str().into());
    Ok(shown)
}
