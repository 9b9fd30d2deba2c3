//! What the pages about the sandbox itself share: navigation, the word that confirms a press, the script
//! that keeps them current.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::pages;

/// The script of these pages.
pub const SCRIPT: &str = include_str!("page.js");

/// The script is a file of the sandbox's own. A message's frame inherits the page's policy besides its own,
/// so that the page has to allow a message's styles and pictures; the frame itself runs no script. No frame
/// from elsewhere is allowed: a link in a message leads nowhere.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page about the sandbox.
#[derive(Debug)]
pub struct Tool<'a> {
    /// The heading, and the document's title.
    pub title: &'a str,
    /// The path of the page, which the navigation marks.
    pub path: &'a str,
    /// What the press before this page did.
    pub confirmed: Option<String>,
}

impl Tool<'_> {
    /// The page around its contents.
    pub fn page(self, contents: &Markup) -> Response {
        let link = |path: &'static str, name: &'static str| {
            let current = (self.path == path).then_some("page");
            html! { li { a href=(path) aria-current=[current] { (name) } } }
        };
        let main = html! {
            main.outbox {
                h1 { (self.title) }
                nav aria-label="Sandbox" {
                    ul.links {
                        (link("/", "Outbox"))
                        (link("/sandbox/pages/requests", "Requests"))
                        (link("/sandbox/pages/accounts", "Accounts"))
                    }
                }
                div role="status" data-part="status" {
                    @if let Some(confirmed) = &self.confirmed { p.notice { (confirmed) } }
                }
                (contents)
            }
            script src="/sandbox/page.js" type="module" {}
        };
        let policy = HeaderValue::from_static(POLICY);
        pages::page_with_policy(StatusCode::OK, self.title, &main, policy)
    }
}
