//! The requests that arrived, in order, for people and tests that want to know what a client did. No
//! secret is kept: a secret value shows as `***` and the beginning of its SHA-256, so that equal secrets
//! look equal. Long values are cut, and each request has a fixed budget of bytes.

use std::borrow::Cow;
use std::collections::VecDeque;

use axum::http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::dates;

/// How many requests are kept; the oldest go first.
const KEPT: usize = 1000;

/// Bytes kept of one name or value.
const LONGEST: usize = 4096;

/// Bytes kept of one request.
const ROOM: usize = 64 * 1024;

/// Bytes that an entry takes besides its name and value, roughly.
const ENTRY: usize = 64;

/// Parameters that nobody else may see: of the identity platform, and of upload URLs.
const SECRET: [&str; 12] = [
    "access_token",
    "assertion",
    "authtoken",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "id_token_hint",
    "password",
    "refresh_token",
    "transaction",
];

/// Requests, oldest first.
#[derive(Debug, Default)]
pub struct Requests {
    arrived: VecDeque<ReceivedRequest>,
    count: u64,
}

/// One request that arrived.
#[derive(Debug)]
pub struct ReceivedRequest {
    /// Counts from 1.
    pub number: u64,
    /// When it arrived, by the sandbox's clock.
    pub at: OffsetDateTime,
    /// The HTTP method.
    pub method: String,
    /// The path, cut short if it is very long.
    pub path: String,
    /// Whose token or code it carries.
    pub account: Option<&'static Account>,
    /// What was answered; nothing so far, or never because a fault cut the connection.
    pub status: Option<StatusCode>,
    query: Map<String, Value>,
    form: Map<String, Value>,
    headers: Map<String, Value>,
    left_out: usize,
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
        let mut room = Room { bytes: ROOM, left_out: 0 };
        let headers = room.take(headers(&parts.headers));
        let query = room.take(parameters(parts.uri.query().unwrap_or_default().as_bytes()));
        let form = room.take(parameters(form));
        self.count += 1;
        if self.arrived.len() == KEPT {
            self.arrived.pop_front();
        }
        self.arrived.push_back(ReceivedRequest {
            number: self.count,
            at,
            method: shortened(parts.method.as_str()),
            path: shortened(parts.uri.path()),
            account,
            status: None,
            query,
            form,
            headers,
            left_out: room.left_out,
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
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &ReceivedRequest> {
        self.arrived.iter()
    }
}

impl ReceivedRequest {
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
            "leftOut": self.left_out,
            "account": self.account.map(|account| &account.address),
            "status": self.status.map(|status| status.as_u16()),
        })
    }
}

/// The bytes that one request may still take.
struct Room {
    bytes: usize,
    left_out: usize,
}

impl Room {
    /// Keeps what fits and counts the rest.
    fn take<'a>(
        &mut self,
        pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    ) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, value) in pairs {
            let (name, value) = (shortened(&name), shortened(&value));
            match self.bytes.checked_sub(name.len() + value.len() + ENTRY) {
                Some(rest) => {
                    self.bytes = rest;
                    kept.insert(name, Value::String(value));
                }
                None => self.left_out += 1,
            }
        }
        kept
    }
}

fn parameters(text: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(text).map(|(name, value)| {
        let secret = SECRET.contains(&name.as_ref()) && !value.is_empty();
        let shown = match name.as_ref() {
            _ if !secret => value,
            "client_assertion" => masked_after_header(&value).into(),
            _ => masked(&value).into(),
        };
        (name, shown)
    })
}

fn headers(headers: &HeaderMap) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    headers.iter().map(|(name, value)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = match (name, text.split_once(' ')) {
            (&AUTHORIZATION | &PROXY_AUTHORIZATION, Some((scheme, token))) => {
                format!("{scheme} {}", masked(token)).into()
            }
            (&AUTHORIZATION | &PROXY_AUTHORIZATION | &COOKIE, _) => masked(&text).into(),
            _ => text,
        };
        (name.as_str().into(), text)
    })
}

/// The text, or its beginning and how long it was.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let (beginning, _) = text.split_at(text.floor_char_boundary(LONGEST));
    format!("{beginning}… (cut: it has {} bytes)", text.len())
}

/// A JWT with its header readable, which says how and with which certificate it is signed.
fn masked_after_header(token: &str) -> String {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = header.and_then(|bytes| String::from_utf8(bytes).ok());
    format!("{}{}", header.unwrap_or_default(), masked(token))
}

fn masked(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("***{digits}")
}
