//! The `user` resource: `/me`.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-get>.

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::accounts::{Account, Kind};
use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::odata::query::{Query, pick};

/// `GET /me`, whole or as `$select` asks.
pub fn user(base: &str, account: &Account, query: &str) -> Result<Response, GraphError> {
    let query = Query::parse(query, &["select"])?;
    let mut body = Map::new();
    let context = format!("{base}/v1.0/$metadata#users{}/$entity", query.in_context());
    body.insert("@odata.context".to_owned(), context.into());
    match query.select() {
        None => body.extend(properties(account)),
        Some(names) => {
            let all = properties(account).into_iter().chain(further_properties(account));
            body.extend(pick(&all.collect(), &names, "microsoft.graph.user")?);
        }
    }
    Ok(call::resource(&Value::Object(body)))
}

/// The properties that Graph returns by default.
pub fn properties(account: &Account) -> Vec<(String, Value)> {
    [
        ("businessPhones", json!([])),
        ("displayName", json!(account.display_name)),
        ("givenName", json!(account.given_name)),
        ("jobTitle", Value::Null),
        ("mail", json!(account.mail)),
        ("mobilePhone", Value::Null),
        ("officeLocation", Value::Null),
        ("preferredLanguage", Value::Null),
        ("surname", json!(account.surname)),
        ("userPrincipalName", json!(account.address)),
        ("id", json!(account.graph_id)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Some of those that it returns only where `$select` names them.
pub fn further_properties(account: &Account) -> Vec<(String, Value)> {
    let (local, _) = account.address.split_once('@').unwrap_or_default();
    let work = account.kind != Kind::Personal;
    let proxies = account.mail.iter().map(|mail| format!("SMTP:{mail}")).collect::<Vec<_>>();
    [
        ("accountEnabled", if work { json!(true) } else { Value::Null }),
        ("city", Value::Null),
        ("companyName", Value::Null),
        ("country", Value::Null),
        ("department", Value::Null),
        ("mailNickname", if work { json!(local) } else { Value::Null }),
        ("otherMails", json!([])),
        ("proxyAddresses", json!(proxies)),
        ("usageLocation", Value::Null),
        ("userType", if work { json!("Member") } else { Value::Null }),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
