//! Owns sending: reads what was posted, checks it in Exchange's order, puts it into the outbox.
//!
//! Source: <https://learn.microsoft.com/graph/api/user-sendmail>.

pub mod address;
pub mod attachment;
pub mod body;
pub mod concurrency;
pub mod message;
pub mod mime;
pub mod object;
pub mod outbox;
pub mod send_mail;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::accounts::Account;
use crate::graph::error::GraphError;
use crate::graph::mail::outbox::Sent;
use crate::graph::mail::send_mail::Posted;
use crate::platform::Platform;

/// `POST /me/sendMail`: 202 with neither body nor `Content-Type`. An official client takes an empty body
/// that calls itself JSON for a failure.
pub async fn send(
    app: &Platform,
    account: &'static Account,
    request: Request,
) -> Result<Response, GraphError> {
    if !account.has_mailbox {
        return Err(GraphError::NoMailbox);
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let bytes = body::read(request.into_body()).await?;
    let posted = match essence.as_str() {
        "application/json" => Posted::parse_json(&bytes)?,
        "text/plain" => Posted { message: mime::parse(&bytes)?, save_to_sent_items: true },
        _ => return Err(GraphError::ContentType),
    };
    posted.message.check_sender(account)?;
    posted.message.check_recipients()?;
    let sent = Sent {
        id: format!("AAMkADUw{}", app.random.base64url(144)),
        internet_message_id: format!("<{}@sandbox.example>", app.random.guid()),
        account,
        received: app.clock.now(),
        posted,
    };
    tracing::info!(account = account.address, "mail sent");
    app.world().outbox.add(sent);
    Ok(StatusCode::ACCEPTED.into_response())
}
