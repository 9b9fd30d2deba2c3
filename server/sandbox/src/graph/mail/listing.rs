//! Lists of messages: of the whole mailbox or of a folder, page by page.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-list-messages>.

use axum::response::Response;
use serde_json::{Map, Value};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::filter::{Filter, Order};
use crate::graph::mail::folder::Folder;
use crate::graph::mail::item::Item;
use crate::graph::mail::messages;
use crate::graph::mail::request::MailRequest;
use crate::graph::query::Query;

const PAGE: usize = 10;
const LARGEST_PAGE: usize = 1000;

/// `GET /me/messages` and `GET /me/mailFolders/{folder}/messages`, newest first unless it is ordered.
/// The context calls the folder what the path calls it.
pub fn list(
    mail: &MailRequest<'_>,
    within: Option<(&str, Folder)>,
) -> Result<Response, GraphError> {
    let options = ["select", "top", "skip", "count", "orderby", "filter"];
    let query = mail.options(&options)?;
    messages::check_select(mail, &query)?;
    let top = match query.number("top")? {
        None => PAGE,
        Some(top) if (1..=LARGEST_PAGE).contains(&top) => top,
        Some(_) => return Err(GraphError::InvalidOption("top")),
    };
    let skip = query.number("skip")?.unwrap_or_default();
    let counts = query.flag("count")?.unwrap_or_default();
    let order = query.get("orderby").map(Order::parse).transpose()?.unwrap_or_default();
    let filter = query.get("filter").map(Filter::parse).transpose()?.unwrap_or_default();
    filter.check_order(&order)?;

    let world = mail.app.world();
    let mut found: Vec<(&Item, Value)> = world
        .mailboxes
        .items(mail.account, mail.app.clock.now())
        .filter(|item| within.is_none_or(|(_, folder)| item.folder == folder))
        .map(|item| (item, Value::Object(item.properties(&mail.app.base, mail.prefer))))
        .filter(|(_, properties)| filter.admits(properties))
        .collect();
    found.sort_by(|(_, one), (_, other)| order.compare(one, other));

    let set = match within {
        None => format!("messages{}", query.in_context()),
        Some((name, _)) => format!("mailFolders('{name}')/messages{}", query.in_context()),
    };
    let mut body: Map<String, Value> = [mail.context(&set)].into_iter().collect();
    if counts {
        body.insert("@odata.count".to_owned(), found.len().into());
    }
    let page = found.iter().skip(skip).take(top);
    let page = page.map(|(item, _)| Value::Object(messages::shown(mail, item, &query)));
    body.insert("value".to_owned(), page.collect());
    if skip.saturating_add(top) < found.len() {
        let link = next_link(mail, &query, skip + top);
        body.insert("@odata.nextLink".to_owned(), link.into());
    }
    Ok(mail.prefer.applied(call::resource(&Value::Object(body))))
}

/// The same request, further on.
fn next_link(mail: &MailRequest<'_>, query: &Query, skip: usize) -> String {
    let kept = query.options().filter(|(name, _)| *name != "skip");
    let next = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept.map(|(name, value)| (format!("${name}"), value)))
        .append_pair("$skip", &skip.to_string())
        .finish();
    format!("{}{}?{next}", mail.app.base, mail.path)
}
