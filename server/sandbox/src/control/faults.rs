//! Owns reading the faults that somebody posts. What each does is told in [`crate::faults`].

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::directory::Directory;
use crate::faults::{Close, Fault, FaultCode, Route};
use crate::identity::aadsts::Aadsts;
use crate::platform::App;

const LONGEST_DELAY: Duration = Duration::from_secs(600);

/// One fault as it is posted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Posted {
    route: Route,
    account: Option<String>,
    times: Option<u32>,
    status: Option<u16>,
    code: Option<String>,
    retry_after: Option<String>,
    delay_ms: Option<u64>,
    close: Option<Close>,
    body: Option<String>,
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
    #[error("'retryAfter' is not a header value.")]
    RetryAfter,
    /// Too long.
    #[error("'delayMs' must be at most 600000.")]
    Delay,
    /// A fault that changes nothing.
    #[error("A fault needs one of status, code, retryAfter, delayMs, close and body.")]
    Nothing,
}

impl IntoResponse for FaultError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.to_string()).into_response()
    }
}

/// `POST /sandbox/faults`: adds faults behind those that wait. All or none.
pub async fn add(State(app): State<App>, body: Bytes) -> Result<StatusCode, FaultError> {
    let posted: Vec<Posted> = serde_json::from_slice(&body)?;
    let read = |posted: Posted| posted.read(&app.directory);
    let faults = posted.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    app.world().faults.add(faults);
    Ok(StatusCode::NO_CONTENT)
}

impl Posted {
    fn read(self, directory: &Directory) -> Result<Fault, FaultError> {
        let posted = self;
        let account = match posted.account {
            None => None,
            Some(address) => match directory.by_address(&address) {
                None => return Err(FaultError::Account(address)),
                known => known,
            },
        };
        let fault = Fault {
            route: posted.route,
            account,
            times: posted.times.unwrap_or(1),
            status: posted.status.map(status).transpose()?,
            code: posted.code.map(code).transpose()?,
            retry_after: posted
                .retry_after
                .map(|text| HeaderValue::try_from(text).map_err(|_| FaultError::RetryAfter))
                .transpose()?,
            delay: Duration::from_millis(posted.delay_ms.unwrap_or_default()),
            close: posted.close,
            body: posted.body,
        };
        if fault.times == 0 {
            return Err(FaultError::Times);
        }
        if fault.delay > LONGEST_DELAY {
            return Err(FaultError::Delay);
        }
        let harmless = fault.status.is_none()
            && fault.code.is_none()
            && fault.retry_after.is_none()
            && posted.delay_ms.is_none()
            && fault.close.is_none()
            && fault.body.is_none();
        if harmless { Err(FaultError::Nothing) } else { Ok(fault) }
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
