//! Owns the routes by which tests and people steer the sandbox. Nothing of this is Microsoft's.

pub mod faults;
pub mod guard;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

use crate::graph::mail::outbox::Sent;
use crate::pages;
use crate::platform::App;
use crate::requests::Arrived;

/// `GET /`
pub async fn page(State(app): State<App>) -> Response {
    let sent = app.world().outbox.all().to_vec();
    pages::outbox::page(&sent)
}

/// `GET /sandbox/outbox`
pub async fn outbox(State(app): State<App>) -> Json<Vec<Value>> {
    Json(app.world().outbox.all().iter().map(Sent::to_json).collect())
}

/// `GET /sandbox/requests`
pub async fn requests(State(app): State<App>) -> Json<Vec<Value>> {
    Json(app.world().requests.all().map(Arrived::to_json).collect())
}

/// `POST /sandbox/reset`
pub async fn reset(State(app): State<App>) -> StatusCode {
    app.reset();
    tracing::info!("reset");
    StatusCode::NO_CONTENT
}

/// `POST /sandbox/reset-page`: the button of the page, which then shows the page again.
pub async fn reset_on_page(State(app): State<App>) -> Response {
    app.reset();
    tracing::info!("reset");
    Redirect::to("/").into_response()
}
