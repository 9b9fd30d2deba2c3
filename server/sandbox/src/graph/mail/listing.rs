//! Lists of messages: of the whole mailbox or of a folder, page by page.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-list-messages>.

use axum::response::Response;
use serde_json::Value;

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::messages::{self, Shown};
use crate::graph::mail::request::MailRequest;
use crate::graph::mail::schema::MESSAGES;
use crate::graph::mail::search::Search;
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::query::Query;

const PAGE: Page = Page { default: 10, largest: 1000 };

/// `GET /me/messages` and `GET /me/mailFolders/{folder}/messages`, those received last first unless it is
/// ordered. The context calls the folder what the path calls it.
pub fn list(
    mail: &MailRequest<'_>,
    within: Option<(&str, Folder)>,
) -> Result<Response, GraphError> {
    let query =
        mail.options(&["select", "top", "skip", "count", "orderby", "filter", "search", "expand"])?;
    let shown = Shown::read(mail, &query)?;
    let choice = Choice::read(&query, &MESSAGES, PAGE)?;
    choice.filter.check_order(&choice.order)?;
    let search = search(&query)?;

    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let folder = within.map(|(_, folder)| folder);
    let found = inside(mailbox, folder).into_iter();
    let found = found.filter(|item| search.as_ref().is_none_or(|search| search.admits(item)));
    let all = found.map(|item| (item, messages::properties(mail, mailbox, item).into()));
    let chosen = choice.choose(all).try_map(|item| shown.properties(mail, mailbox, item))?;
    let set = match within {
        None => "messages".to_owned(),
        Some((name, _)) => format!("mailFolders('{name}')/messages"),
    };
    Ok(mail.listed(&format!("{set}{}", shown.in_context()), chosen, &query))
}

/// `GET /me/messages/$count` and `GET /me/mailFolders/{folder}/messages/$count`
pub fn count(mail: &MailRequest<'_>, within: Option<Folder>) -> Result<Response, GraphError> {
    let query = mail.options(&["filter"])?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let all = inside(mailbox, within).into_iter();
    let all = all.map(|item| Value::Object(messages::properties(mail, mailbox, item)));
    Ok(call::number(collection::count(&query, &MESSAGES, all)?))
}

/// Those received last first.
fn inside(mailbox: &Mailbox, folder: Option<Folder>) -> Vec<&Item> {
    let is_inside = |item: &&Item| folder.is_none_or(|folder| item.folder == folder);
    let mut items: Vec<&Item> = mailbox.items().filter(is_inside).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.received));
    items
}

/// `$search` cannot be joined with a filter or an order.
///
/// Source: <https://github.com/visionik/mogcli/issues/11>.
fn search(query: &Query) -> Result<Option<Search>, GraphError> {
    let Some(text) = query.get("search") else {
        return Ok(None);
    };
    if query.get("filter").is_some() {
        return Err(GraphError::SearchWithFilter);
    }
    if query.get("orderby").is_some() {
        return Err(GraphError::SearchWithOrderBy);
    }
    Search::parse(text).map(Some)
}
