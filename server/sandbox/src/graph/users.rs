//! The people of the organization: everybody who signs in here, and two hundred who don't.
//!
//! Sources: <https://learn.microsoft.com/graph/api/user-list>,
//! <https://learn.microsoft.com/graph/aad-advanced-queries>.

use axum::extract::Request;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::accounts::{Account, Kind};
use crate::graph::bearer::SignedIn;
use crate::graph::call;
use crate::graph::directory_search::DirectorySearch;
use crate::graph::error::GraphError;
use crate::graph::me;
use crate::graph::odata::collection::{self, Choice, Page};
use crate::graph::odata::expression::{Expression, Test};
use crate::graph::odata::property::{Property, Schema};
use crate::graph::odata::query::{Query, pick};
use crate::graph::resource::Whose;
use crate::graph::seed::people::{self, Person};
use crate::platform::Platform;

/// The type of a person.
pub const USER: &str = "microsoft.graph.user";
const PAGE: Page = Page { default: 100, largest: 999 };

/// What `User.ReadBasic.All` lets be read.
///
/// Source: <https://learn.microsoft.com/graph/permissions-reference#userreadbasicall>.
const BASIC: [&str; 7] =
    ["displayName", "givenName", "id", "mail", "photo", "surname", "userPrincipalName"];

const SCHEMA: Schema = Schema {
    on: USER,
    properties: &Property::texts([
        "department",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "officeLocation",
        "surname",
        "userPrincipalName",
        "userType",
    ]),
    refused: &["businessPhones", "photo"],
};

/// `GET /users`
pub fn list(app: &Platform, who: &SignedIn, request: &Request) -> Result<Response, GraphError> {
    let text = request.uri().query().unwrap_or_default();
    let options = ["select", "top", "filter", "search", "orderby", "count", "skiptoken"];
    let query = Query::parse(text, &options)?;
    let eventual = is_eventual(request);
    let search = search(&query, eventual)?;
    check_basic(query.select().into_iter().flatten())?;
    let begins = query.get("skiptoken").map(begin).transpose()?.unwrap_or_default();
    let choice = Choice::read(&query, &SCHEMA, PAGE)?.beginning_at(begins);
    check_advanced(&choice, &query, eventual)?;
    let found = everybody(app, who.account).into_iter();
    let found = found.filter(|user| search.as_ref().is_none_or(|search| search.admits(user)));
    let chosen = choice.choose(found.map(|user| (user.clone(), Value::Object(user))));
    let names = query.select();
    let chosen = chosen.try_map(|user| match &names {
        None => Ok(user),
        Some(names) => pick(&user, names, USER),
    })?;

    let mut body = Map::new();
    let context = format!("{}/v1.0/$metadata#users{}", app.base, query.in_context());
    body.insert("@odata.context".to_owned(), context.into());
    if let Some(count) = chosen.count.filter(|_| eventual) {
        body.insert("@odata.count".to_owned(), count.into());
    }
    if let Some(next) = chosen.next {
        let url = format!("{}{}", app.base, request.uri().path());
        let token = URL_SAFE_NO_PAD.encode(format!("users {next}"));
        let link = collection::next_link(&url, &query, "skiptoken", &token);
        body.insert("@odata.nextLink".to_owned(), link.into());
    }
    body.insert("value".to_owned(), chosen.page.into_iter().map(Value::Object).collect());
    Ok(call::resource(&Value::Object(body)))
}

/// `GET /users/$count`
pub fn count(app: &Platform, who: &SignedIn, request: &Request) -> Result<Response, GraphError> {
    let query = Query::parse(request.uri().query().unwrap_or_default(), &["filter", "search"])?;
    if !is_eventual(request) {
        return Err(GraphError::UnsupportedQuery(EVENTUAL));
    }
    let search = search(&query, true)?;
    let found = everybody(app, who.account).into_iter();
    let found = found.filter(|user| search.as_ref().is_none_or(|search| search.admits(user)));
    Ok(call::number(collection::count(&query, &SCHEMA, found.map(Value::Object))?))
}

/// `GET /users/{id | userPrincipalName}` of somebody else.
pub fn other(
    app: &Platform,
    who: &SignedIn,
    whose: &Whose,
    query: &str,
) -> Result<Response, GraphError> {
    let query = Query::parse(query, &["select"])?;
    check_basic(query.select().into_iter().flatten())?;
    let key = key(whose);
    let is = |user: &Map<String, Value>| {
        ["id", "userPrincipalName"].iter().any(|name| {
            user.get(*name).and_then(Value::as_str).is_some_and(|it| it.eq_ignore_ascii_case(key))
        })
    };
    let user = everybody(app, who.account).into_iter().find(is);
    let user = user.ok_or_else(|| GraphError::UnknownUser(key.to_owned()))?;
    let mut body = Map::new();
    let context = format!("{}/v1.0/$metadata#users{}/$entity", app.base, query.in_context());
    body.insert("@odata.context".to_owned(), context.into());
    match query.select() {
        None => body.extend(user),
        Some(names) => body.extend(pick(&user, &names, USER)?),
    }
    Ok(call::resource(&Value::Object(body)))
}

/// The account that a path means, for its photo. Whoever cannot sign in here has none.
pub fn account(
    app: &Platform,
    own: &'static Account,
    whose: &Whose,
) -> Result<&'static Account, GraphError> {
    if whose.is(own) {
        return Ok(own);
    }
    let key = key(whose);
    match app.directory.by_id_or_address(key) {
        Some(other) if other.tenant() == own.tenant() => Ok(other),
        _ if seeded(own).any(|it| it.id == key || it.address.eq_ignore_ascii_case(key)) => {
            Err(GraphError::NoPhoto)
        }
        _ => Err(GraphError::UnknownUser(key.to_owned())),
    }
}

/// Why a mailbox that is somebody else's does not open.
pub fn no_mailbox_of(app: &Platform, own: &'static Account, whose: &Whose) -> GraphError {
    let key = key(whose);
    let is_seeded = seeded(own).any(|it| it.id == key || it.address.eq_ignore_ascii_case(key));
    if is_seeded || app.directory.by_id_or_address(key).is_some() {
        GraphError::MailAccessDenied
    } else {
        GraphError::InvalidUser(key.to_owned())
    }
}

const EVENTUAL: &str =
    "The request needs the header 'ConsistencyLevel: eventual' and the query option '$count=true'.";

fn key(whose: &Whose) -> &str {
    match whose {
        Whose::Me => "me",
        Whose::User(key) => key,
    }
}

/// Where a page begins.
fn begin(token: &str) -> Result<usize, GraphError> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| GraphError::PageToken)?;
    let text = String::from_utf8(bytes).map_err(|_| GraphError::PageToken)?;
    let number = text.strip_prefix("users ").and_then(|number| number.parse().ok());
    number.ok_or(GraphError::PageToken)
}

fn is_eventual(request: &Request) -> bool {
    let level = request.headers().get("consistencylevel").and_then(|level| level.to_str().ok());
    level.is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

fn search(query: &Query, eventual: bool) -> Result<Option<DirectorySearch>, GraphError> {
    let Some(text) = query.get("search") else {
        return Ok(None);
    };
    if !eventual {
        return Err(GraphError::UnsupportedQuery(EVENTUAL));
    }
    let search = DirectorySearch::parse(text)?;
    check_basic(search.properties())?;
    Ok(Some(search))
}

fn check_basic<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), GraphError> {
    for name in names {
        if !BASIC.iter().any(|basic| basic.eq_ignore_ascii_case(name)) {
            return Err(GraphError::DirectoryAccessDenied);
        }
    }
    Ok(())
}

/// `ne`, `not`, `endswith`, and an order beside a filter or a search, are advanced queries.
fn check_advanced(choice: &Choice, query: &Query, eventual: bool) -> Result<(), GraphError> {
    check_basic(choice.filter.properties().into_iter().map(|it| it.name))?;
    check_basic(choice.order.properties().map(|it| it.name))?;
    let is_advanced = |part: &Expression| {
        matches!(
            part,
            Expression::Not(_) | Expression::Test { test: Test::NotEqual | Test::EndsWith, .. }
        )
    };
    let contains =
        |part: &Expression| matches!(part, Expression::Test { test: Test::Contains, .. });
    if choice.filter.any(&contains) {
        return Err(GraphError::UnsupportedQuery("The function 'contains' is not supported."));
    }
    let ordered = query.get("orderby").is_some() && query.get("filter").is_some();
    let counts = query.flag("count")?.unwrap_or_default();
    if (choice.filter.any(&is_advanced) || ordered) && !(eventual && counts) {
        return Err(GraphError::UnsupportedQuery(EVENTUAL));
    }
    Ok(())
}

/// Everybody of an account's organization, with the properties of the default set.
fn everybody(app: &Platform, account: &'static Account) -> Vec<Map<String, Value>> {
    let accounts = app.directory.accounts.iter().filter(|it| it.tenant() == account.tenant());
    let accounts = accounts.map(|it| basic(me::properties(it)));
    accounts.chain(seeded(account).map(|person| basic(of_person(&person)))).collect()
}

fn seeded(account: &'static Account) -> impl Iterator<Item = Person> {
    let domain = match account.kind {
        Kind::Work(organization) => Some(organization.domain.as_str()),
        Kind::Personal => None,
    };
    domain.into_iter().flat_map(people::all)
}

fn of_person(person: &Person) -> Vec<(String, Value)> {
    let mail = person.has_mail.then_some(&person.address);
    [
        ("businessPhones", json!([])),
        ("displayName", json!(person.display_name)),
        ("givenName", json!(person.given_name)),
        ("jobTitle", json!(person.job_title)),
        ("mail", json!(mail)),
        ("mobilePhone", Value::Null),
        ("officeLocation", Value::Null),
        ("preferredLanguage", Value::Null),
        ("surname", json!(person.surname)),
        ("userPrincipalName", json!(person.address)),
        ("id", json!(person.id)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Without what the permission does not show.
fn basic(properties: Vec<(String, Value)>) -> Map<String, Value> {
    let shown = |(name, value): (String, Value)| {
        let hidden = !BASIC.contains(&name.as_str()) && !value.is_array();
        (name, if hidden { Value::Null } else { value })
    };
    properties.into_iter().map(shown).collect()
}
