//! The page of the requests that arrived.

use axum::response::Response;
use maud::html;
use time::OffsetDateTime;

use crate::dates;
use crate::pages::tool::Tool;
use crate::requests::ReceivedRequest;

/// How many requests the page shows.
const SHOWN: usize = 100;

/// The page, from the newest request on.
pub fn page<'a>(
    newest_first: impl Iterator<Item = &'a ReceivedRequest>,
    now: OffsetDateTime,
) -> Response {
    let mut shown = newest_first.take(SHOWN).peekable();
    let contents = html! {
        section.panel aria-label="Requests" data-part="requests" {
            @if shown.peek().is_none() {
                p { "No requests yet." }
            } @else {
                p.quiet {
                    "The newest first. " a href="/sandbox/requests" { "The whole list as JSON" }
                    " has parameters and headers too."
                }
                ol.lines {
                    @for request in shown {
                        li {
                            strong { (request.method) " " (request.path) }
                            p.quiet {
                                @match request.status {
                                    Some(status) => (status),
                                    None => "no answer",
                                }
                                @if let Some(account) = request.account { " · " (account.address) }
                                " · " (dates::element(request.at, now))
                            }
                        }
                    }
                }
            }
        }
    };
    let tool = Tool { title: "Sandbox requests", path: "/sandbox/pages/requests", confirmed: None };
    tool.page(&contents)
}
