//! Owns the page for what went wrong and cannot go back to the client.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::pages;

/// Says what went wrong.
pub fn page(status: StatusCode, text: &str) -> Response {
    let main = html! {
        main.card {
            h1 { "Sorry, that did not work" }
            p.alert { (text) }
            p { a href="/" { "See the sandbox's outbox" } }
        }
    };
    pages::page(status, "Sorry, that did not work", &main)
}

/// The sign-in that a form belongs to is over.
pub fn gone() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This sign-in has ended: it was finished, it is more than an hour old, or the sandbox was reset. Go back to the app and connect again.",
    )
}
