//! The page for errors that can't be reported to the client.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::pages;

/// Says what went wrong, in one sentence.
pub fn page(status: StatusCode, text: &str) -> Response {
    let main = html! {
        main.card {
            h1 { "Sorry, that didn't work" }
            p.alert { (text) }
            p { a href="/" { "Go to the sandbox's page" } }
        }
    };
    pages::page(status, "Sorry, that didn't work", &main)
}

/// The sign-in that a form belongs to is over.
pub fn gone() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This sign-in is already finished, is more than an hour old, or was cleared by a reset. Go back to the app and connect again.",
    )
}
