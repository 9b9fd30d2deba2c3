//! `GET /`: the connect page.

use app::pages::{ConnectPage, Page};
use axum::{http::StatusCode, response::Response};

use crate::{auth::return_to::ReturnTo, flash::Flash, render, visit::Visit};

/// Shows who is connected, or how to connect.
pub async fn show(visit: Visit) -> Response {
    let disconnected =
        matches!(Flash::take(&visit.jar, &visit.state.keys), Some(Flash::Disconnected));
    answer(&visit, &ReturnTo::mail_page(), disconnected).await
}

/// The connect page for somebody who wanted to be at `return_to`.
pub async fn answer(visit: &Visit, return_to: &ReturnTo, disconnected: bool) -> Response {
    let person = visit.person();
    let page = ConnectPage {
        disconnected: disconnected && person.is_none(),
        person,
        return_to: return_to.as_str().to_owned(),
    };
    render::page(&visit.state, StatusCode::OK, Page::Connect(page)).await
}
