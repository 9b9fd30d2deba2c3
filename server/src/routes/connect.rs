//! `GET /`: the connect page; and `GET /disconnect`, which asks whether to leave.

use app::pages::{ConnectPage, Disconnected, Page, Person};
use axum::{extract::State, http::StatusCode, response::Response};
use bff::{Bff, ReturnTo};

use crate::{auth::MAIL_PATH, flash::Flash, render::Pages, visit::Visit};

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
    answer(&pages, &visit, &bff.return_to(MAIL_PATH), disconnected).await
}

/// Asks how far to sign out, where the page before couldn't. Changes nothing.
pub async fn disconnect(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
) -> Response {
    if visit.session().is_none() {
        return answer(&pages, &visit, &bff.return_to(MAIL_PATH), None).await;
    }
    pages.page(StatusCode::OK, Page::Disconnect).await
}

/// The connect page for somebody who wanted to be at `return_to`.
pub async fn answer(
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
    pages.page(StatusCode::OK, Page::Connect(page)).await
}
