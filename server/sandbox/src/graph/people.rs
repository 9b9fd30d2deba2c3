//! The people who matter to a person: the address book first, then, if asked, the organization.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-list-people>,
//! <https://learn.microsoft.com/graph/people-example>.

use axum::extract::Request;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::accounts::{Account, Kind};
use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::property::{Property, Schema};
use crate::graph::odata::query::{Query, pick};
use crate::graph::seed::{contacts, people};
use crate::platform::Platform;

const PERSON: &str = "microsoft.graph.person";
const PAGE: Page = Page { default: 10, largest: 1000 };
/// A search finds at most this many.
const MOST: usize = 250;

const SCHEMA: Schema = Schema {
    on: PERSON,
    properties: &Property::texts([
        "department",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "personType/class",
        "personType/subclass",
        "surname",
        "userPrincipalName",
    ]),
    refused: &["phones", "scoredEmailAddresses", "websites"],
};

/// `GET /me/people`, the most relevant first. `X-PeopleQuery-QuerySources: Mailbox,Directory` brings the
/// organization in.
pub fn list(app: &Platform, account: &Account, request: &Request) -> Result<Response, GraphError> {
    if !account.has_mailbox {
        return Err(GraphError::NoMailbox);
    }
    let options = ["select", "top", "skip", "filter", "orderby", "search"];
    let query = Query::parse(request.uri().query().unwrap_or_default(), &options)?;
    let choice = Choice::read(&query, &SCHEMA, PAGE)?;
    let wanted = match query.get("search") {
        Some(_) if query.get("skip").is_some() => return Err(GraphError::SearchWithSkip),
        Some(text) => Some(words(text.trim().trim_matches('"'))),
        None => None,
    };
    let sources = request.headers().get("x-peoplequery-querysources");
    let sources = sources.and_then(|it| it.to_str().ok()).unwrap_or_default().to_lowercase();
    let mut found = of_mailbox(account);
    if sources.split(',').any(|source| source.trim() == "directory") {
        found.extend(of_directory(account));
    }
    if let Some(wanted) = &wanted {
        found.retain(|person| is_found(person, wanted));
        found.truncate(MOST);
    }
    let all = found.into_iter().map(|it| (it.clone(), Value::Object(it)));
    let names = query.select();
    let chosen = choice.choose(all).try_map(|person| match &names {
        None => Ok(person),
        Some(names) => {
            let id = person.get("id").cloned().unwrap_or_default();
            let mut shown = pick(&person, names, PERSON)?;
            shown.insert("id".to_owned(), id);
            Ok(shown)
        }
    })?;
    let (user, set) = (&account.graph_id, query.in_context());
    let context = format!("{}/v1.0/$metadata#users('{user}')/people{set}", app.base);
    let mut body = Map::from_iter([("@odata.context".to_owned(), context.into())]);
    if let Some(next) = chosen.next {
        let url = format!("{}{}", app.base, request.uri().path());
        // A search goes on without `$skip` being asked for.
        let link = collection::next_link(&url, &query, "skip", &next.to_string());
        if wanted.is_none() {
            body.insert("@odata.nextLink".to_owned(), link.into());
        }
    }
    body.insert("value".to_owned(), chosen.page.into_iter().map(Value::Object).collect());
    Ok(call::resource(&Value::Object(body)))
}

fn of_mailbox(account: &Account) -> Vec<Map<String, Value>> {
    let reachable = contacts::of(account).into_iter().filter(|it| !it.addresses.is_empty());
    reachable
        .map(|it| {
            let names = (it.given_name, it.surname, it.display_name.as_str());
            person(&it.id, names, &it.addresses, "PersonalContact")
        })
        .collect()
}

fn of_directory(account: &Account) -> Vec<Map<String, Value>> {
    let Kind::Work(organization) = account.kind else {
        return Vec::new();
    };
    people::all(&organization.domain)
        .filter(|it| it.has_mail)
        .map(|it| {
            let names = (it.given_name, it.surname, it.display_name.as_str());
            person(&it.id, names, std::slice::from_ref(&it.address), "OrganizationUser")
        })
        .collect()
}

fn person(
    id: &str,
    (given_name, surname, display_name): (&str, &str, &str),
    addresses: &[String],
    subclass: &str,
) -> Map<String, Value> {
    let scored: Value = addresses
        .iter()
        .map(|it| json!({ "address": it, "relevanceScore": 5.0, "selectionLikelihood": "notSpecified" }))
        .collect();
    let is_colleague = subclass == "OrganizationUser";
    let upn = addresses.first().filter(|_| is_colleague);
    let person = json!({
        "id": id,
        "displayName": display_name,
        "givenName": given_name,
        "surname": surname,
        "birthday": "",
        "personNotes": "",
        "isFavorite": false,
        "jobTitle": null,
        "companyName": null,
        "department": null,
        "officeLocation": null,
        "profession": "",
        "userPrincipalName": upn,
        "imAddress": null,
        "scoredEmailAddresses": scored,
        "phones": [],
        "postalAddresses": [],
        "websites": [],
        "personType": { "class": "Person", "subclass": subclass },
    });
    match person {
        Value::Object(person) => person,
        _ => Map::new(),
    }
}

/// Whether words of the name or of an address begin with everything that is looked for.
fn is_found(person: &Map<String, Value>, wanted: &[String]) -> bool {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut known = words(&text(person.get("displayName")));
    let scored = person.get("scoredEmailAddresses").and_then(Value::as_array);
    known.extend(scored.into_iter().flatten().flat_map(|it| words(&text(it.get("address")))));
    wanted.iter().all(|word| known.iter().any(|it| it.starts_with(word.as_str())))
}

fn words(text: &str) -> Vec<String> {
    let apart = |letter: char| letter.is_whitespace() || letter == '@';
    text.split(apart).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
