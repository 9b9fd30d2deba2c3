//! `GET /`: the connect page; and `GET /disconnect`, which asks whether to leave.

use app::pages::{ConnectPage, Disconnected, Page};
use axum::{http::StatusCode, response::Response};

use crate::{auth::return_to::ReturnTo, flash::Flash, render, visit::Visit};

/// Shows who is connected, or how to connect.
pub async fn show(visit: Visit) -> Response {
    let disconnected = match Flash::take(&visit.jar, &visit.state.keys) {
        Some(Flash::Disconnected) => Some(Disconnected::Done),
        Some(Flash::DisconnectedHereOnly) => Some(Disconnected::HereOnly),
        _ => None,
    };
    answer(&visit, &ReturnTo::mail_page(), disconnected).await
}

/// Asks how far to sign out, where the page before couldn't. Changes nothing.
pub async fn disconnect(visit: Visit) -> Response {
    if visit.session.is_none() {
        return answer(&visit, &ReturnTo::mail_page(), None).await;
    }
    render::page(&visit.state, StatusCode::OK, Page::Disconnect).await
}

/// The connect page for somebody who wanted to be at `return_to`.
pub async fn answer(
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
    render::page(&visit.state, StatusCode::OK, Page::Connect(page)).await
}
