//! `POST /logout`: ends the session in this browser.

use axum::{
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Redirect, Response},
};

use crate::{flash::Flash, visit::Visit};

/// Ends the session's cookies, every possible piece of them, and leads back to the connect page.
pub async fn end(visit: Visit) -> Response {
    visit.state.sessions.clear(&visit.jar);
    Flash::Disconnected.leave(&visit.jar, &visit.state.keys);
    tracing::info!(event = "signed_out");
    let mut answer = Redirect::to("/").into_response();
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    answer
}
