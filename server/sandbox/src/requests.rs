//! Owns the list of what arrived, in order, for people and tests that want to know what a client did.
//! Keeps no secret: a secret value is shown as `***` and the beginning of its SHA-256, so that two
//! requests with the same one can be told from two with different ones.

use std::borrow::Cow;
use std::collections::VecDeque;

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::dates;

/// So many are kept; the oldest go first.
const KEPT: usize = 1000;

/// Parameters that nobody else may see: of the identity platform, and of upload URLs.
const SECRET: [&str; 9] = [
    "access_token",
    "authtoken",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token_hint",
    "refresh_token",
    "transaction",
];

/// Requests, oldest first.
#[derive(Debug, Default)]
pub struct Requests {
    arrived: VecDeque<Arrived>,
    count: u64,
}

/// One request.
#[derive(Debug)]
pub struct Arrived {
    /// Counts from 1.
    pub number: u64,
    /// When.
    pub at: OffsetDateTime,
    /// What is done.
    pub method: String,
    /// To what.
    pub path: String,
    /// Whose token or code it carries.
    pub account: Option<&'static Account>,
    /// What was answered; nothing so far, or never because a fault cut the connection.
    pub status: Option<StatusCode>,
    query: Map<String, Value>,
    form: Map<String, Value>,
    headers: Map<String, Value>,
}

impl Requests {
    /// Notes a request; its number.
    pub fn note(
        &mut self,
        at: OffsetDateTime,
        parts: &Parts,
        form: &[u8],
        account: Option<&'static Account>,
    ) -> u64 {
        self.count += 1;
        if self.arrived.len() == KEPT {
            self.arrived.pop_front();
        }
        self.arrived.push_back(Arrived {
            number: self.count,
            at,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            account,
            status: None,
            query: parameters(parts.uri.query().unwrap_or_default().as_bytes()),
            form: parameters(form),
            headers: headers(&parts.headers),
        });
        self.count
    }

    /// Notes its answer. Nothing happens if a reset forgot the request.
    pub fn note_answer(&mut self, number: u64, status: StatusCode) {
        if let Some(arrived) = self.arrived.iter_mut().find(|arrived| arrived.number == number) {
            arrived.status = Some(status);
        }
    }

    /// Every request that is kept, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Arrived> {
        self.arrived.iter()
    }
}

impl Arrived {
    /// As `GET /sandbox/requests` lists it.
    pub fn to_json(&self) -> Value {
        json!({
            "number": self.number,
            "at": dates::graph(self.at),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "form": self.form,
            "headers": self.headers,
            "account": self.account.map(|account| &account.address),
            "status": self.status.map(|status| status.as_u16()),
        })
    }
}

fn parameters(text: &[u8]) -> Map<String, Value> {
    let shown = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
        let secret = SECRET.contains(&name.as_ref()) && !value.is_empty();
        let value = if secret { masked(&value) } else { value.into_owned() };
        (name.into_owned(), Value::String(value))
    };
    url::form_urlencoded::parse(text).map(shown).collect()
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = match (name, text.split_once(' ')) {
            (&AUTHORIZATION, Some((scheme, token))) => format!("{scheme} {}", masked(token)),
            (&AUTHORIZATION | &COOKIE, _) => masked(&text),
            _ => text.into_owned(),
        };
        (name.to_string(), Value::String(text))
    };
    headers.iter().map(shown).collect()
}

fn masked(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("***{digits}")
}
