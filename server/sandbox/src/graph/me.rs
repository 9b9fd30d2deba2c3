//! Owns the person as Graph shows them.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-get>.

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::accounts::{Account, Kind};
use crate::graph::call;
use crate::graph::error::GraphError;

/// `GET /me`, whole or as `$select` asks.
pub fn user(base: &str, account: &Account, query: &str) -> Result<Response, GraphError> {
    let mut select = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "$select" | "select" => select = Some(value.into_owned()),
            other if other.starts_with('$') => {
                return Err(GraphError::UnknownOption(other.to_owned()));
            }
            _ => {}
        }
    }
    let mut all = properties(account);
    let mut body = Map::new();
    match select {
        None => {
            context(&mut body, base, "users");
            body.extend(all);
        }
        Some(select) => {
            context(&mut body, base, &format!("users({select})"));
            all.extend(further_properties(account));
            for name in select.split(',').map(str::trim) {
                let found = all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                let (name, value) =
                    found.ok_or_else(|| GraphError::UnknownSelection(name.to_owned()))?;
                body.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(call::resource(&Value::Object(body)))
}

fn context(body: &mut Map<String, Value>, base: &str, set: &str) {
    let context = format!("{base}/v1.0/$metadata#{set}/$entity");
    body.insert("@odata.context".to_owned(), Value::String(context));
}

/// The properties that Graph returns by default.
fn properties(account: &Account) -> Vec<(String, Value)> {
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
fn further_properties(account: &Account) -> Vec<(String, Value)> {
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
