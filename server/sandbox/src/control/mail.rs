//! `POST /sandbox/mail`: how mail travels.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use time::Duration;

use crate::control::ControlError;
use crate::platform::App;

/// A day: longer than any mail is on its way.
const LONGEST: u64 = 86_400;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Posted {
    transport: Option<u64>,
    message_limit: Option<u64>,
}

/// `{"transport": 30, "messageLimit": 52428800}`: for how many seconds mail is on its way and a sent draft
/// still lies in Drafts, and how many bytes a message of a work account may have with its files in base64.
/// What is left out stays as it is.
pub async fn mail(State(app): State<App>, body: Bytes) -> Result<StatusCode, ControlError> {
    let Posted { transport, message_limit } = serde_json::from_slice(&body)?;
    let mut world = app.world();
    if let Some(seconds) = transport {
        let seconds = i64::try_from(seconds.min(LONGEST)).unwrap_or_default();
        world.mailboxes.transport.takes = Duration::seconds(seconds);
    }
    if let Some(bytes) = message_limit {
        world.mailboxes.transport.largest = bytes;
    }
    Ok(StatusCode::NO_CONTENT)
}
