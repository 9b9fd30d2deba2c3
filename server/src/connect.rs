//! The connect page, for whoever needs a session and has none.

use app::pages::{ConnectPage, Disconnected, Page};
use axum::{http::StatusCode, response::Response};
use bff::ReturnTo;

use crate::{render::Pages, visit::Visit};

/// The connect page for somebody who wanted to be at `return_to`.
pub fn answer(
    pages: &Pages,
    visit: &Visit,
    return_to: &ReturnTo,
    disconnected: Option<Disconnected>,
) -> Response {
    let person = visit.person();
    let page = ConnectPage {
        disconnected: disconnected.filter(|_| person.is_none()),
        person,
        return_to: return_to.as_str().to_owned(),
    };
    pages.page(StatusCode::OK, Page::Connect(page))
}
