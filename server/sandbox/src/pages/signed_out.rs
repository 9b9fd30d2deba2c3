//! The page that ends a sign-out, and tells the applications of the session (front-channel logout).

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use url::Url;

use crate::pages;

const TITLE: &str = "You signed out of your account";

/// Confirms that the browser is signed out. Each application's logout URL is loaded in a hidden frame;
/// then the browser goes on to `next`, if there is one.
pub fn page(frames: &[Url], next: Option<&str>) -> Response {
    let main = html! {
        main.card {
            h1 { (TITLE) }
            p { "It's a good idea to close all browser windows." }
            @for url in frames { iframe src=(url) title="Signing out of an app" hidden {} }
            @if let Some(next) = next {
                meta http-equiv="refresh" content={ "2; url=" (next) };
                p { a href=(next) { "Continue" } }
            }
        }
    };
    let origins: Vec<String> =
        frames.iter().map(|url| url.origin().ascii_serialization()).collect();
    let policy = format!("{}; frame-src {}", pages::POLICY, origins.join(" "));
    match (frames, HeaderValue::try_from(policy)) {
        ([], _) => pages::page(StatusCode::OK, TITLE, &main),
        (_, Ok(policy)) => pages::page_with_policy(StatusCode::OK, TITLE, &main, policy),
        // An origin in ASCII is always a header value.
        (_, Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
