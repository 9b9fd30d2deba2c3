//! The administrator's part: the message that asks for consent, and the return from its link
//! (Entra, "Admin consent on the Microsoft identity platform"). Makes no session.

use app::{
    pages::{AdminRequest, Failure},
    wire::Ids,
};
use axum::{http::StatusCode, response::Response};
use url::Url;

use super::{SCOPES, callback::Answer};
use crate::{render, system::random_text, visit::Visit};

/// An administrator comes back from the consent link: thanked, and not signed in. It is no answer
/// to an attempt, so nothing in it is believed beyond the words on the page.
pub(super) async fn returned(visit: &Visit, answer: &Answer) -> Response {
    let agreed = answer.error.is_none()
        && answer.admin_consent.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let (status, failure) = if agreed {
        (StatusCode::OK, Failure::AdminConsented)
    } else {
        (StatusCode::FORBIDDEN, Failure::AdminDeclined)
    };
    render::failure(&visit.state, visit.request_id, status, failure).await
}

/// The message to the administrator and the admin-consent link in it (Entra, "Admin consent").
pub(super) fn request(visit: &Visit, ids: Ids) -> AdminRequest {
    let state = &visit.state;
    let client = &state.token_client;
    // An administrator consents for an organization, never for everybody's accounts.
    let tenant = if state.tenant == "common" { "organizations" } else { &state.tenant };
    let base = state.login_url.as_str().trim_end_matches('/');
    let permissions = SCOPES.iter().filter(|it| it.contains('.')).copied().collect::<Vec<_>>();
    let link = Url::parse_with_params(
        &format!("{base}/{tenant}/v2.0/adminconsent"),
        [
            ("client_id", client.client_id.as_str()),
            ("scope", &permissions.join(" ")),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("state", &random_text::<16>().unwrap_or_default()),
        ],
    );
    AdminRequest {
        app_url: state.public_url.origin(),
        client_id: client.client_id.clone(),
        permissions: permissions.join(", "),
        link: link.map(String::from).unwrap_or_default(),
        ids,
    }
}
