//! The routes that control the sandbox: outbox, requests, reset, clock, keys. Microsoft has none of them.

pub mod faults;
pub mod guard;
pub mod mail;
pub mod page;

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::Account;
use crate::clock::TooFar;
use crate::dates;
use crate::graph::mail::outbox::Sent;
use crate::identity::signing::{SigningError, SigningKey};
use crate::platform::{App, Platform};
use crate::requests::ReceivedRequest;

/// Why a control request is refused.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The body isn't the JSON that the route reads.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The clock would be too far ahead.
    #[error(transparent)]
    Advance(#[from] TooFar),
    /// Nothing to do to the clock.
    #[error("The clock needs 'advance' or 'dateOffset'.")]
    NoChange,
    /// No account has this address.
    #[error("No account has the address '{0}'.")]
    Account(String),
    /// No signing key could be made.
    #[error(transparent)]
    Key(#[from] SigningError),
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Key(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Json(_) | Self::NoChange | Self::Advance(_) | Self::Account(_) => {
                StatusCode::BAD_REQUEST
            }
        };
        (status, self.to_string()).into_response()
    }
}

/// `GET /sandbox/outbox`
pub async fn outbox(State(app): State<App>) -> Json<Vec<Value>> {
    Json(app.world().outbox.all().iter().map(Sent::to_json).collect())
}

/// `GET /sandbox/requests`
pub async fn requests(State(app): State<App>) -> Json<Vec<Value>> {
    Json(app.world().requests.all().map(ReceivedRequest::to_json).collect())
}

/// `POST /sandbox/reset`
pub async fn reset(State(app): State<App>) -> StatusCode {
    app.reset();
    tracing::info!("reset");
    StatusCode::NO_CONTENT
}

/// What `POST /sandbox/clock` reads: one member or both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ClockChange {
    advance: Option<u64>,
    date_offset: Option<i64>,
}

/// How far the `Date` of answers may be off: ten years.
const LARGEST_DATE_OFFSET: u64 = 10 * 365 * 86400;

/// `POST /sandbox/clock`: `{"advance": 3600}` lets an hour pass; `{"dateOffset": -400}` has the `Date` of
/// every answer be 400 seconds late. Answers the sandbox's time after that.
pub async fn clock(State(app): State<App>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let ClockChange { advance, date_offset } = serde_json::from_slice(&body)?;
    if advance.is_none() && date_offset.is_none() {
        return Err(ControlError::NoChange);
    }
    if date_offset.is_some_and(|offset| offset.unsigned_abs() > LARGEST_DATE_OFFSET) {
        return Err(ControlError::Advance(TooFar));
    }
    app.clock.advance(Duration::from_secs(advance.unwrap_or_default()))?;
    if let Some(offset) = date_offset {
        app.clock.set_date_offset(offset);
    }
    Ok(Json(json!({ "now": dates::graph(app.clock.now()) })))
}

/// What `POST /sandbox/revoke` reads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    account: String,
}

/// `POST /sandbox/revoke`: `{"account": "work@sandbox.example"}` ends every refresh token and every
/// browser's sign-in of an account, as an administrator's "Revoke sessions" does.
pub async fn revoke(State(app): State<App>, body: Bytes) -> Result<StatusCode, ControlError> {
    let Revoke { account } = serde_json::from_slice(&body)?;
    let known = app.directory.by_address(&account).ok_or(ControlError::Account(account))?;
    revoke_sign_ins(&app, known);
    Ok(StatusCode::NO_CONTENT)
}

fn revoke_sign_ins(app: &Platform, account: &Account) {
    let mut world = app.world();
    world.grants.revoke_sign_ins(account);
    world.sessions.end_all(account);
}

/// `POST /sandbox/keys`: from now on another key signs, beside which the one before it stays published.
pub async fn roll_keys(State(app): State<App>) -> Result<StatusCode, ControlError> {
    let next = SigningKey::generate()?;
    app.keys().roll(next);
    Ok(StatusCode::NO_CONTENT)
}
