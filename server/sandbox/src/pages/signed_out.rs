//! Owns the page that ends a sign-out.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::pages;

/// Says that it is done.
pub fn page() -> Response {
    let main = html! {
        main.card {
            h1 { "You signed out of your account" }
            p { "It is a good idea to close all browser windows." }
        }
    };
    pages::page(StatusCode::OK, "You signed out of your account", &main)
}
