//! The page that posts an answer to the client: OAuth 2.0 Form Post Response Mode. The only page with a
//! script, which presses the button.

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::pages;

/// A form that sends itself.
pub fn page(action: &str, members: &[(&str, String)], nonce: &str) -> Response {
    let main = html! {
        main.card {
            h1 { "Returning to the app" }
            form method="post" action=(action) {
                @for (name, value) in members {
                    input type="hidden" name=(name) value=(value);
                }
                noscript { p.buttons { button { "Continue" } } }
            }
            script nonce=(nonce) { "document.forms[0].submit()" }
        }
    };
    let policy = format!("{}; script-src 'nonce-{nonce}'", pages::POLICY);
    match HeaderValue::try_from(policy) {
        Ok(policy) => {
            pages::page_with_policy(StatusCode::OK, "Returning to the app", &main, policy)
        }
        // base64url is always a header value.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
