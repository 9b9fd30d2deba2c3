//! The pages of the sandbox: what each says, escaped by [`maud`].

pub mod accounts;
pub mod consent;
pub mod device;
pub mod failure;
pub mod form_post;
pub mod home;
pub mod outbox;
pub mod picker;
pub mod requests;
pub mod signed_out;
pub mod tool;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// The only stylesheet.
pub const STYLE: &str = include_str!("style.css");

/// Scripts do not run. Where a form leads is not limited: its answer leads on to the client, and
/// Chromium takes that for the form's own target.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/// A page of a sign-in.
fn page(status: StatusCode, title: &str, main: &Markup) -> Response {
    let title = format!("{title} · Graph Connect sandbox");
    page_with_policy(status, &title, main, HeaderValue::from_static(POLICY))
}

fn page_with_policy(
    status: StatusCode,
    title: &str,
    main: &Markup,
    policy: HeaderValue,
) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/sandbox/style.css";
            }
            body {
                header.bar { p { strong { "Graph Connect sandbox" } " · not a Microsoft page" } }
                (main)
            }
        }
    };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Not `no-referrer`: with that a browser sends `Origin: null` with our own forms, which is what
        // a foreign page could send too.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    (status, headers, markup.into_string()).into_response()
}
