//! Faults: the failures that tests plant, and how each happens.
//!
//! Faults are used in order: a request takes the first one that fits its route and its account, as
//! often as `times` says, once if it says nothing. A fault with `times: "always"` lasts until a reset;
//! those behind it that fit the same requests wait. What a fault does follows from its members:
//!
//! | members | effect |
//! |---|---|
//! | `delayMs` | first, that long a wait; alone, the request then goes on as always |
//! | `status` and/or `code` | nothing is done; the answer is a refusal in the shape of its route. With only one of the two, the other is what Microsoft sends with it |
//! | `retryAfter` | is added to the answer as `Retry-After`, verbatim: `"2"` |
//! | `retryAfterDate` | the same in the other form: the HTTP date so many seconds from now |
//! | `claims` | a claims challenge: at Graph 401, or 403 if that is the `status`, with these claims in `WWW-Authenticate`, and again for as long as the same access token comes; at the token endpoint AADSTS50076, or another `code`, with them in the body. `{}` stands for a token that is issued from now on |
//! | `contentType` | is the answer's `Content-Type` |
//! | `body` | is the answer's body, verbatim; with no `status` and no `code` everything is done and the status is as always |
//! | `close: "before"` | alone: nothing is done and the connection ends without an answer |
//! | `close: "after"` | alone: everything is done and the connection ends without an answer |
//! | `close: "during"` | half of the body goes out, then the connection ends; everything is done unless the fault refuses |
//! | `close` with `status` or `code` | the refusal is the connection's last answer; with `"after"` everything was done before it (a 504 after the mail was sent) |
//!
//! `account` fits only where the sandbox knows whose request it is: by the access token at Graph, by
//! the code or refresh token at the token endpoint, at authorize from the moment the account is chosen.
//! A fault without `account` comes at authorize before any page.
//!
//! `code` is an error code of Graph, an OAuth `error`, or `AADSTS` and a number for the `error` that
//! Microsoft sends with that number. At authorize a `code` alone goes back to the client, except for the
//! numbers that Microsoft tells the person and nobody else, such as AADSTS50105: these are a page, and
//! with a `status` every code is.

pub mod queue;
pub mod route;

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::Account;
use crate::clock;
use crate::cut;
use crate::faults::route::Route;
use crate::identity::aadsts::Aadsts;

/// When the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Close {
    /// Before anything is done.
    Before,
    /// In the middle of the answer.
    During,
    /// After everything is done.
    After,
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// That many times.
    Number(u32),
    /// Until a reset.
    Always,
}

/// When a client may try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryAfter {
    /// The header as it was given.
    Text(HeaderValue),
    /// As an HTTP date, from now.
    Date(Duration),
}

/// The error that a fault refuses with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultCode {
    /// `AADSTS` and a number.
    Aadsts(Aadsts),
    /// An OAuth or Graph error code.
    Word(String),
}

/// A failure that is planted for a request to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The route it happens at.
    pub route: Route,
    /// The account whose requests it fits; everybody's if absent.
    pub account: Option<&'static Account>,
    /// How many requests it happens to.
    pub times: Times,
    /// The status of the answer.
    pub status: Option<StatusCode>,
    /// The error of the answer.
    pub code: Option<FaultCode>,
    /// `Retry-After`.
    pub retry_after: Option<RetryAfter>,
    /// The claims of a challenge, as JSON.
    pub claims: Option<String>,
    /// How long to wait first.
    pub delay: Duration,
    /// Whether the connection ends.
    pub close: Option<Close>,
    /// The answer's `Content-Type`.
    pub content_type: Option<HeaderValue>,
    /// The answer's body.
    pub body: Option<String>,
}

impl Fault {
    /// Whether it happens there.
    fn is_at(&self, route: Route) -> bool {
        self.route == route || self.route == Route::Any
    }

    fn refuses(&self) -> bool {
        self.status.is_some() || self.code.is_some() || self.claims.is_some()
    }

    /// In one line, for people.
    pub fn describe(&self) -> String {
        let mut words = Vec::new();
        words
            .extend((!self.delay.is_zero()).then(|| format!("wait {} ms", self.delay.as_millis())));
        words.extend(self.status.map(|status| format!("status {}", status.as_u16())));
        words.extend(self.code.as_ref().map(|code| match code {
            FaultCode::Aadsts(code) => format!("AADSTS{}", code.number()),
            FaultCode::Word(word) => word.clone(),
        }));
        words.extend(self.claims.is_some().then(|| "claims challenge".to_owned()));
        words.extend(self.retry_after.is_some().then(|| "Retry-After".to_owned()));
        words.extend(self.body.is_some().then(|| "another body".to_owned()));
        words.extend(self.content_type.is_some().then(|| "another Content-Type".to_owned()));
        words.extend(self.close.map(|close| format!("close {close:?}").to_lowercase()));
        words.join(", ")
    }

    /// Puts on an answer what the fault says about any answer.
    fn dress(self, mut answer: Response) -> Response {
        let retry_after = self.retry_after.and_then(|retry_after| match retry_after {
            RetryAfter::Text(text) => Some(text),
            RetryAfter::Date(wait) => clock::http_date(wait),
        });
        for (name, value) in [(RETRY_AFTER, retry_after), (CONTENT_TYPE, self.content_type)] {
            if let Some(value) = value {
                answer.headers_mut().insert(name, value);
            }
        }
        if let Some(body) = self.body {
            answer.headers_mut().remove(CONTENT_LENGTH);
            *answer.body_mut() = Body::from(body);
        }
        answer
    }
}

/// Lets a request go wrong, or do its work. `refuse` writes the refusal in the shape of the route.
pub async fn play(
    fault: Option<Fault>,
    refuse: impl FnOnce(&Fault) -> Response,
    work: impl Future<Output = Response>,
) -> Response {
    let Some(fault) = fault else {
        return work.await;
    };
    tracing::info!(route = ?fault.route, "a fault happens");
    tokio::time::sleep(fault.delay).await;
    let close = fault.close;
    if fault.refuses() {
        if close == Some(Close::After) {
            work.await;
        }
        let refusal = refuse(&fault);
        let mut answer = fault.dress(refusal);
        if close == Some(Close::During) {
            return cut::half(answer).await;
        }
        if close.is_some() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        return answer;
    }
    match close {
        Some(Close::Before) => cut::nothing(),
        Some(Close::During) => cut::half(fault.dress(work.await)).await,
        Some(Close::After) => {
            work.await;
            cut::nothing()
        }
        None => fault.dress(work.await),
    }
}
