//! `GET /`: the connect page; and `GET /disconnect`, which asks whether to leave.

use app::pages::{Disconnected, Page, Person};
use axum::{extract::State, http::StatusCode, response::Response};
use bff::Bff;

use crate::{connect::answer, flash::Flash, paths, render::Pages, visit::Visit};

/// Shows who is connected, or how to connect.
pub async fn show(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
) -> Response {
    let disconnected = match Flash::take(visit.visitor.jar(), bff.keys()) {
        Some(Flash::Disconnected) => Some(Disconnected::Done),
        Some(Flash::DisconnectedHereOnly) => Some(Disconnected::HereOnly),
        _ => None,
    };
    answer(&pages, &visit, &bff.return_to(paths::MAIL), disconnected)
}

/// Asks how far to sign out, where the page before couldn't. Changes nothing.
pub async fn disconnect(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
) -> Response {
    if visit.session().is_none() {
        return answer(&pages, &visit, &bff.return_to(paths::MAIL), None);
    }
    pages.page(StatusCode::OK, Page::Disconnect)
}
