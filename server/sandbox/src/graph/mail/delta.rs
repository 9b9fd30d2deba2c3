//! Delta queries: what changed in a folder, or among the folders, since another query. A token is a number
//! of a change, so that it stays good whatever changes later.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-delta>,
//! <https://learn.microsoft.com/graph/delta-query-messages>,
//! <https://learn.microsoft.com/graph/api/mailfolder-delta>.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::folder::Folder;
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::messages::{self, Shown};
use crate::graph::mail::request::MailRequest;
use crate::graph::mail::schema::MESSAGES;
use crate::graph::odata::expression::{Expression, Test};
use crate::graph::odata::filter::Filter;
use crate::graph::odata::query::Query;

const PAGE: usize = 10;
const OPTIONS: [&str; 5] = ["select", "top", "filter", "orderby", "changeType"];

/// One change: its number, and what an answer says about it.
type Change = (u64, Map<String, Value>);

/// `GET /me/mailFolders/{folder}/messages/delta`
pub fn messages(
    mail: &MailRequest<'_>,
    within: Option<(&str, Folder)>,
) -> Result<Response, GraphError> {
    // There is no delta of a whole mailbox.
    let (name, folder) = within.ok_or_else(|| GraphError::UnknownSegment("delta".to_owned()))?;
    let taken = [&OPTIONS[..], &["expand", "deltatoken", "skiptoken"]].concat();
    let asked = mail.options(&taken)?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let (since, query) = begun(mailbox, &asked, &taken)?;
    let shown = Shown::read(mail, &query)?;
    let filter = filter(&query)?;
    check_order(&query)?;

    let kinds = Kinds::read(&query)?;
    let mut changes: Vec<Change> = Vec::new();
    for item in mailbox.items().filter(|item| item.folder == folder && item.changed > since) {
        let all = Value::Object(messages::properties(mail, mailbox, item));
        let is_new = item.created == item.modified || since == 0;
        if kinds.admits(if is_new { "created" } else { "updated" }) && filter.admits(&all) {
            changes.push((item.changed, shown.properties(mail, mailbox, item)?));
        }
    }
    if since > 0 && kinds.admits("deleted") {
        let removed = mailbox.changes.removed_since(since, folder);
        changes.extend(removed.map(|(at, it)| (at, gone(it.id.shown(mail.prefer.id_type)))));
    }
    let set = format!("mailFolders('{name}')/messages{}", shown.in_context());
    answer(mail, mailbox, &set, changes, &query, since)
}

/// `GET /me/mailFolders/delta`
pub fn folders(mail: &MailRequest<'_>) -> Result<Response, GraphError> {
    let taken = ["select", "top", "deltatoken", "skiptoken"];
    let asked = mail.options(&taken)?;
    let mut world = mail.app.world();
    let mailbox = mail.mailbox(&mut world);
    let (since, query) = begun(mailbox, &asked, &taken)?;
    let entries = mailbox.folders.iter().filter(|it| !it.is_hidden && it.changed > since);
    let entries = entries.filter(|it| it.parent.is_some());
    let mut changes: Vec<Change> =
        entries.map(|entry| (entry.changed, mailbox.folder_properties(entry))).collect();
    if since > 0 {
        let removed = mailbox.changes.folders_removed_since(since);
        changes.extend(removed.map(|(at, id)| (at, gone(id))));
    }
    answer(mail, mailbox, "mailFolders", changes, &query, since)
}

/// Where a query begins, and its options: a token carries those of the first one.
fn begun(
    mailbox: &Mailbox,
    asked: &Query,
    taken: &[&'static str],
) -> Result<(u64, Query), GraphError> {
    let Some(token) = asked.get("deltatoken").or_else(|| asked.get("skiptoken")) else {
        return Ok((0, asked.clone()));
    };
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| GraphError::InvalidDeltaToken)?;
    let text = String::from_utf8(bytes).map_err(|_| GraphError::InvalidDeltaToken)?;
    let mut parts = text.splitn(3, ' ');
    let (generation, since, options) = (parts.next(), parts.next(), parts.next());
    let since = since.and_then(|since| since.parse().ok()).ok_or(GraphError::InvalidDeltaToken)?;
    if generation != Some(mailbox.changes.generation.as_str()) {
        return Err(GraphError::SyncStateNotFound);
    }
    Ok((since, Query::parse(options.unwrap_or_default(), taken)?))
}

/// The changes that come next, and a link to those after them.
fn answer(
    mail: &MailRequest<'_>,
    mailbox: &Mailbox,
    set: &str,
    mut changes: Vec<Change>,
    query: &Query,
    since: u64,
) -> Result<Response, GraphError> {
    let size = match (mail.prefer.page, query.number("top")?) {
        (Some(size), _) | (None, Some(size)) => size.max(1),
        (None, None) => PAGE,
    };
    changes.sort_by_key(|(at, _)| *at);
    let is_last = changes.len() <= size;
    changes.truncate(size);
    let at = match changes.last() {
        Some((at, _)) if !is_last => *at,
        _ => mailbox.changes.last().max(since),
    };
    let options = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(
            query.options().filter(|(name, _)| OPTIONS.contains(name) || *name == "expand"),
        )
        .finish();
    let token = URL_SAFE_NO_PAD.encode(format!("{} {at} {options}", mailbox.changes.generation));
    let (link, option) = match is_last {
        true => ("@odata.deltaLink", "$deltatoken"),
        false => ("@odata.nextLink", "$skiptoken"),
    };
    let url = format!("{}{}?{option}={token}", mail.app.base, mail.path);
    let mut body: Map<String, Value> = [mail.context(set)].into_iter().collect();
    body.insert(link.to_owned(), url.into());
    let values = changes.into_iter().map(|(_, change)| Value::Object(change)).collect();
    body.insert("value".to_owned(), values);
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// Something that is no longer there.
fn gone(id: &str) -> Map<String, Value> {
    Map::from_iter([
        ("@removed".to_owned(), json!({ "reason": "deleted" })),
        ("id".to_owned(), id.into()),
    ])
}

/// Only `receivedDateTime ge` and `gt`.
fn filter(query: &Query) -> Result<Filter, GraphError> {
    let Some(text) = query.get("filter") else {
        return Ok(Filter::default());
    };
    let filter = Filter::parse(text, &MESSAGES)?;
    let is_other = |part: &Expression| match part {
        Expression::Test { property, test: Test::Greater | Test::GreaterOrEqual, .. } => {
            property.name != "receivedDateTime"
        }
        _ => true,
    };
    if filter.any(&is_other) { Err(GraphError::InvalidFilter) } else { Ok(filter) }
}

/// Only `receivedDateTime desc`, which says nothing about the order of changes.
fn check_order(query: &Query) -> Result<(), GraphError> {
    match query.get("orderby") {
        Some(text) if !text.eq_ignore_ascii_case("receivedDateTime desc") => {
            Err(GraphError::InvalidOrder)
        }
        _ => Ok(()),
    }
}

/// The kinds of changes that a query asks for.
struct Kinds(Option<String>);

impl Kinds {
    fn read(query: &Query) -> Result<Self, GraphError> {
        let kind = query.get("changeType").map(str::to_lowercase);
        match kind.as_deref() {
            None | Some("created" | "updated" | "deleted") => Ok(Self(kind)),
            Some(_) => Err(GraphError::InvalidOption("changeType")),
        }
    }

    fn admits(&self, kind: &str) -> bool {
        self.0.as_deref().is_none_or(|only| only == kind)
    }
}
