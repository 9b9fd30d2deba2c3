//! The page that ends a sign-out.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::pages;

/// Confirms that the browser is signed out.
pub fn page() -> Response {
    let main = html! {
        main.card {
            h1 { "You signed out of your account" }
            p { "It's a good idea to close all browser windows." }
        }
    };
    pages::page(StatusCode::OK, "You signed out of your account", &main)
}
