//! Owns faults: what tests tell the sandbox to do wrong, and how each goes wrong. Must not know the
//! shape of any route's errors.
//!
//! Faults are used in order: a request takes the first one that fits its route and its account, as
//! often as `times` says. What a fault does follows from its members:
//!
//! | members | effect |
//! |---|---|
//! | `delayMs` | first, that long a wait; alone, the request then goes on as always |
//! | `status` and/or `code` | nothing is done; the answer is a refusal in the shape of its route. With only one of the two, the other is what Microsoft sends with it |
//! | `retryAfter` | is added to the answer as `Retry-After` |
//! | `body` | is the answer's body, letter by letter; with no `status` and no `code` everything is done and the status is as always |
//! | `close: "before"` | alone: nothing is done and the connection ends without an answer |
//! | `close: "after"` | alone: everything is done and the connection ends without an answer |
//! | `close` with `status` or `code` | the refusal is the connection's last answer; with `"after"` everything was done before it (a 504 after the mail was sent) |
//!
//! `account` fits only where the sandbox knows whose request it is: by the access token at Graph, by
//! the code or refresh token at the token endpoint, at authorize from the moment the account is chosen.
//! A fault without `account` comes at authorize before any page.
//!
//! `code` is an error code of Graph, an OAuth `error`, or `AADSTS` and a number for the `error` that
//! Microsoft sends with that number. At authorize a `code` alone goes back to the client; with a
//! `status` it is a page.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::accounts::Account;
use crate::identity::aadsts::Aadsts;

/// Where a fault can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Route {
    /// The discovery document.
    Discovery,
    /// The published keys.
    Keys,
    /// The authorize endpoint and its pages.
    Authorize,
    /// The token endpoint.
    Token,
    /// `GET /me`.
    Me,
    /// Every route of the photo.
    Photo,
    /// `POST /me/sendMail`.
    SendMail,
    /// Messages: drafts, and lists of messages.
    Messages,
    /// `POST /me/messages/{id}/send`.
    Send,
    /// Attachments of messages.
    Attachments,
    /// Any of them.
    #[serde(rename = "*")]
    Any,
}

/// When the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Close {
    /// Before anything is done.
    Before,
    /// After everything is done.
    After,
}

/// Which refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultCode {
    /// `AADSTS` and a number.
    Aadsts(Aadsts),
    /// Any other word.
    Word(String),
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub route: Route,
    /// For whom; for anybody if absent.
    pub account: Option<&'static Account>,
    /// How often.
    pub times: u32,
    /// With which status.
    pub status: Option<StatusCode>,
    /// With which error.
    pub code: Option<FaultCode>,
    /// `Retry-After`.
    pub retry_after: Option<HeaderValue>,
    /// How long to wait first.
    pub delay: Duration,
    /// Whether the connection ends.
    pub close: Option<Close>,
    /// The answer's body.
    pub body: Option<String>,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds faults behind those that wait.
    pub fn add(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults);
    }

    /// The fault for a request, by whomever it is, as far as that is known.
    pub fn take(&mut self, route: Route, account: Option<&Account>) -> Option<Fault> {
        self.take_first(|fault| {
            fault.is_at(route) && (fault.account.is_none() || fault.account == account)
        })
    }

    /// The fault that waits for just this account: for the second time that one request asks.
    pub fn take_named(&mut self, route: Route, account: &Account) -> Option<Fault> {
        self.take_first(|fault| fault.is_at(route) && fault.account == Some(account))
    }

    fn take_first(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self.0.iter().position(fits)?;
        let fault = self.0.get_mut(at)?;
        fault.times -= 1;
        Some(if fault.times == 0 { self.0.remove(at) } else { fault.clone() })
    }
}

impl Fault {
    fn is_at(&self, route: Route) -> bool {
        self.route == route || self.route == Route::Any
    }

    fn refuses(&self) -> bool {
        self.status.is_some() || self.code.is_some()
    }

    /// Puts on an answer what the fault says about any answer.
    fn dress(self, mut answer: Response) -> Response {
        if let Some(retry_after) = self.retry_after {
            answer.headers_mut().insert(RETRY_AFTER, retry_after);
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
        if close.is_some() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        return answer;
    }
    match close {
        Some(Close::Before) => cut(),
        Some(Close::After) => {
            work.await;
            cut()
        }
        None => fault.dress(work.await),
    }
}

/// Marks an answer that is not to be sent: the listener ends the connection instead.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

fn cut() -> Response {
    (axum::Extension(Cut), StatusCode::BAD_GATEWAY).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;

    fn fault(route: Route, account: Option<&'static Account>, times: u32) -> Fault {
        Fault {
            route,
            account,
            times,
            status: None,
            code: None,
            retry_after: None,
            delay: Duration::ZERO,
            close: None,
            body: None,
        }
    }

    #[test]
    fn faults_are_used_in_order_and_as_often_as_they_say() {
        let mut faults = Faults::default();
        faults.add(vec![fault(Route::Me, None, 2), fault(Route::Any, None, 1)]);
        assert_eq!(faults.take(Route::Me, None).map(|fault| fault.route), Some(Route::Me));
        assert_eq!(faults.take(Route::Keys, None).map(|fault| fault.route), Some(Route::Any));
        assert_eq!(faults.take(Route::Keys, None), None);
        assert_eq!(faults.take(Route::Me, None).map(|fault| fault.route), Some(Route::Me));
        assert_eq!(faults.take(Route::Me, None), None);
    }

    #[test]
    fn a_fault_for_an_account_waits_for_that_account() {
        let mut faults = Faults::default();
        let directory = Directory::built_in();
        let personal = directory.by_address("personal@sandbox.example");
        let work = directory.by_address("work@sandbox.example");
        faults.add(vec![fault(Route::Me, work, 1)]);
        assert_eq!(faults.take(Route::Me, None), None);
        assert_eq!(faults.take(Route::Me, personal), None);
        assert!(faults.take(Route::Me, work).is_some());
    }

    #[test]
    fn a_fault_without_an_account_is_not_one_for_just_this_account() {
        let mut faults = Faults::default();
        faults.add(vec![fault(Route::Authorize, None, 1)]);
        let directory = Directory::built_in();
        let work = directory.by_address("work@sandbox.example").unwrap();
        assert_eq!(faults.take_named(Route::Authorize, work), None);
        assert!(faults.take(Route::Authorize, None).is_some());
    }
}
