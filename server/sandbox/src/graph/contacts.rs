//! The address book.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-list-contacts>,
//! <https://learn.microsoft.com/graph/api/resources/contact>.

use axum::extract::Request;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::accounts::Account;
use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::id;
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::property::{Kind, Property, Schema};
use crate::graph::odata::query::{Query, pick};
use crate::graph::seed::contacts::{self, Contact};
use crate::platform::Platform;

const CONTACT: &str = "microsoft.graph.contact";
const PAGE: Page = Page { default: 10, largest: 1000 };

const SCHEMA: Schema = Schema {
    on: CONTACT,
    properties: &[
        Property::text("displayName"),
        Property { name: "emailAddresses", kind: Kind::Objects("address") },
        Property::text("givenName"),
        Property::text("id"),
        Property::text("surname"),
    ],
    refused: &["businessPhones", "emailAddresses/all", "homePhones"],
};

/// `GET /me/contacts`
pub fn list(app: &Platform, account: &Account, request: &Request) -> Result<Response, GraphError> {
    check(account)?;
    let options = ["select", "top", "skip", "count", "orderby", "filter"];
    let query = Query::parse(request.uri().query().unwrap_or_default(), &options)?;
    let choice = Choice::read(&query, &SCHEMA, PAGE)?;
    let all = contacts::of(account).into_iter().map(|it| properties(&it));
    let chosen = choice.choose(all.map(|it| (it.clone(), Value::Object(it))));
    let names = query.select();
    let chosen = chosen.try_map(|contact| selected(contact, names.as_deref()))?;
    let mut body =
        Map::from_iter([context(app, account, &format!("contacts{}", query.in_context()))]);
    if let Some(count) = chosen.count {
        body.insert("@odata.count".to_owned(), count.into());
    }
    if let Some(next) = chosen.next {
        let url = format!("{}{}", app.base, request.uri().path());
        let link = collection::next_link(&url, &query, "skip", &next.to_string());
        body.insert("@odata.nextLink".to_owned(), link.into());
    }
    body.insert("value".to_owned(), chosen.page.into_iter().map(Value::Object).collect());
    Ok(call::resource(&Value::Object(body)))
}

/// `GET /me/contacts/$count`
pub fn count(account: &Account, query: &str) -> Result<Response, GraphError> {
    check(account)?;
    let query = Query::parse(query, &["filter"])?;
    let all = contacts::of(account).into_iter().map(|it| Value::Object(properties(&it)));
    Ok(call::number(collection::count(&query, &SCHEMA, all)?))
}

/// `GET /me/contacts/{id}`
pub fn read(
    app: &Platform,
    account: &Account,
    id: &str,
    query: &str,
) -> Result<Response, GraphError> {
    check(account)?;
    let query = Query::parse(query, &["select"])?;
    id::check(id)?;
    let found = contacts::of(account).into_iter().find(|contact| contact.id == id);
    let found = properties(&found.ok_or(GraphError::NoItem)?);
    let set = format!("contacts{}/$entity", query.in_context());
    let mut body = Map::from_iter([context(app, account, &set)]);
    body.extend(selected(found, query.select().as_deref())?);
    Ok(call::resource(&Value::Object(body)))
}

fn check(account: &Account) -> Result<(), GraphError> {
    if account.has_mailbox { Ok(()) } else { Err(GraphError::NoMailbox) }
}

fn context(app: &Platform, account: &Account, set: &str) -> (String, Value) {
    let context = format!("{}/v1.0/$metadata#users('{}')/{set}", app.base, account.graph_id);
    ("@odata.context".to_owned(), context.into())
}

fn selected(
    contact: Map<String, Value>,
    names: Option<&[&str]>,
) -> Result<Map<String, Value>, GraphError> {
    let Some(names) = names else {
        return Ok(contact);
    };
    let mut shown = pick(&contact, names, CONTACT)?;
    let always = |(name, _): &(String, Value)| name == "id" || name.starts_with("@odata.");
    shown.extend(contact.into_iter().filter(always));
    Ok(shown)
}

fn properties(contact: &Contact) -> Map<String, Value> {
    let name = contact.display_name.as_str();
    let addresses: Value =
        contact.addresses.iter().map(|it| json!({ "name": name, "address": it })).collect();
    let properties = json!({
        "@odata.etag": "W/\"EQAAABYAAAA\"",
        "id": contact.id,
        "categories": [],
        "displayName": name,
        "givenName": contact.given_name,
        "surname": contact.surname,
        "fileAs": format!("{}, {}", contact.surname, contact.given_name),
        "nickName": null,
        "jobTitle": null,
        "companyName": null,
        "department": null,
        "officeLocation": null,
        "emailAddresses": addresses,
        "businessPhones": [],
        "homePhones": [],
        "mobilePhone": null,
        "personalNotes": "",
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}
