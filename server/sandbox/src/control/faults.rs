//! Reads the faults that a test posts. [`crate::faults`] describes what each does.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::faults::route::Route;
use crate::faults::{Close, Fault, FaultCode, RetryAfter, Times};
use crate::identity::aadsts::Aadsts;
use crate::platform::{App, Platform};

const LONGEST_DELAY: Duration = Duration::from_secs(600);

/// One fault as it is posted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Posted {
    route: Route,
    account: Option<String>,
    times: Option<PostedTimes>,
    status: Option<u16>,
    code: Option<String>,
    retry_after: Option<String>,
    retry_after_date: Option<u64>,
    claims: Option<Map<String, Value>>,
    content_type: Option<String>,
    delay_ms: Option<u64>,
    close: Option<Close>,
    body: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PostedTimes {
    Number(u32),
    Word(Always),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Always {
    Always,
}

/// What is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// Not a list of faults.
    #[error("Not a JSON array of faults: {0}")]
    Json(#[from] serde_json::Error),
    /// Nobody here.
    #[error("There is no account '{0}'.")]
    Account(String),
    /// It would never happen.
    #[error("'times' must be at least 1.")]
    Times,
    /// Not a status of a final answer.
    #[error("'status' must be 200 to 599, not {0}.")]
    Status(u16),
    /// Not in the table.
    #[error("The sandbox does not know '{0}'.")]
    Code(String),
    /// Not a header value.
    #[error("'{0}' is not a header value.")]
    Header(&'static str),
    /// Nobody there could make anything of it.
    #[error("'claims' means something at 'token' and at the routes of Graph, not at '{0}'.")]
    ClaimsWhere(String),
    /// No status of a challenge.
    #[error("'claims' come with the status 401 or 403 at Graph, not {0}.")]
    ClaimsStatus(StatusCode),
    /// Two answers to one question.
    #[error("'retryAfter' and 'retryAfterDate' exclude each other.")]
    RetryAfterTwice,
    /// Too long.
    #[error("'delayMs' must be at most 600000, and 'retryAfterDate' at most 600.")]
    Delay,
    /// A fault that changes nothing.
    #[error(
        "A fault needs one of status, code, retryAfter, retryAfterDate, claims, contentType, delayMs, close and body."
    )]
    Nothing,
}

impl IntoResponse for FaultError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.to_string()).into_response()
    }
}

/// `POST /sandbox/faults`: adds faults behind those that wait. All or none.
pub async fn add(State(app): State<App>, body: Bytes) -> Result<StatusCode, FaultError> {
    plant(&app, &body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /sandbox/faults`: forgets those that wait.
pub async fn clear(State(app): State<App>) -> StatusCode {
    app.world().faults.clear();
    StatusCode::NO_CONTENT
}

/// Adds a JSON array of faults.
pub fn plant(app: &Platform, json: &[u8]) -> Result<(), FaultError> {
    let posted: Vec<Posted> = serde_json::from_slice(json)?;
    let read = |posted: Posted| posted.read(app);
    let faults = posted.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    app.world().faults.add(faults);
    Ok(())
}

impl Posted {
    fn read(self, app: &Platform) -> Result<Fault, FaultError> {
        if self.is_harmless() {
            return Err(FaultError::Nothing);
        }
        let account = match self.account {
            None => None,
            Some(address) => match app.directory.by_address(&address) {
                None => return Err(FaultError::Account(address)),
                known => known,
            },
        };
        let times = match self.times {
            None => Times::Number(1),
            Some(PostedTimes::Number(0)) => return Err(FaultError::Times),
            Some(PostedTimes::Number(number)) => Times::Number(number),
            Some(PostedTimes::Word(Always::Always)) => Times::Always,
        };
        let retry_after = match (self.retry_after, self.retry_after_date) {
            (None, None) => None,
            (Some(text), None) => Some(RetryAfter::Text(header("retryAfter", text)?)),
            (None, Some(seconds)) => Some(RetryAfter::Date(wait(seconds.saturating_mul(1000))?)),
            (Some(_), Some(_)) => return Err(FaultError::RetryAfterTwice),
        };
        let status = self.status.map(status).transpose()?;
        if self.claims.is_some() {
            check_challenge(self.route, status)?;
        }
        Ok(Fault {
            route: self.route,
            account,
            times,
            status,
            code: self.code.map(code).transpose()?,
            retry_after,
            claims: self.claims.map(|claims| challenge(claims, app)),
            delay: wait(self.delay_ms.unwrap_or_default())?,
            close: self.close,
            content_type: self.content_type.map(|text| header("contentType", text)).transpose()?,
            body: self.body,
        })
    }

    fn is_harmless(&self) -> bool {
        self.status.is_none()
            && self.code.is_none()
            && self.retry_after.is_none()
            && self.retry_after_date.is_none()
            && self.claims.is_none()
            && self.content_type.is_none()
            && self.delay_ms.is_none()
            && self.close.is_none()
            && self.body.is_none()
    }
}

fn header(name: &'static str, text: String) -> Result<HeaderValue, FaultError> {
    HeaderValue::try_from(text).map_err(|_| FaultError::Header(name))
}

fn wait(milliseconds: u64) -> Result<Duration, FaultError> {
    let wait = Duration::from_millis(milliseconds);
    if wait > LONGEST_DELAY { Err(FaultError::Delay) } else { Ok(wait) }
}

fn check_challenge(route: Route, status: Option<StatusCode>) -> Result<(), FaultError> {
    match status {
        _ if !route.has_challenges() => Err(FaultError::ClaimsWhere(route.name())),
        Some(status)
            if route.is_at_graph()
                && ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status) =>
        {
            Err(FaultError::ClaimsStatus(status))
        }
        _ => Ok(()),
    }
}

/// The claims as they were posted; if there are none, those of Continuous Access Evaluation.
fn challenge(claims: Map<String, Value>, app: &Platform) -> String {
    if claims.is_empty() {
        let now = app.clock.now().unix_timestamp().to_string();
        json!({ "access_token": { "nbf": { "essential": true, "value": now } } }).to_string()
    } else {
        Value::Object(claims).to_string()
    }
}

fn status(number: u16) -> Result<StatusCode, FaultError> {
    match StatusCode::from_u16(number) {
        Ok(status) if (200..600).contains(&number) => Ok(status),
        _ => Err(FaultError::Status(number)),
    }
}

/// `AADSTS` and a number has to be in the table; any other word is as good as any.
fn code(text: String) -> Result<FaultCode, FaultError> {
    match text.strip_prefix("AADSTS") {
        None => Ok(FaultCode::Word(text)),
        Some(number) => match number.parse().ok().and_then(Aadsts::from_number) {
            Some(code) => Ok(FaultCode::Aadsts(code)),
            None => Err(FaultError::Code(text)),
        },
    }
}
