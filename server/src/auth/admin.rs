//! The administrator's part: the message that asks for consent, and the return from its link
//! (Entra, "Admin consent on the Microsoft identity platform"). Makes no session.

use app::{
    pages::{AdminRequest, Failure},
    wire::Ids,
};
use axum::{http::StatusCode, response::Response};
use bff::{AuthorizationResponse, Settings, random_text};
use url::Url;

use crate::{render::Pages, request_id::RequestId};

/// An administrator comes back from the consent link: thanked, and not signed in. It is no answer
/// to an attempt, so nothing in it is believed beyond the words on the page.
pub(super) fn returned(pages: &Pages, id: RequestId, answer: &AuthorizationResponse) -> Response {
    let agreed = answer.error.is_none()
        && answer.admin_consent.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let (status, failure) = if agreed {
        (StatusCode::OK, Failure::AdminConsented)
    } else {
        (StatusCode::FORBIDDEN, Failure::AdminDeclined)
    };
    pages.failure(id, status, failure)
}

/// What an administrator is asked to approve.
#[derive(Clone)]
pub struct AdminConsent {
    app_url: String,
    client_id: String,
    redirect_uri: String,
    permissions: Vec<String>,
    /// The endpoint that takes an administrator's consent.
    endpoint: String,
}

impl AdminConsent {
    /// Of the client that `settings` describe.
    #[must_use]
    pub fn new(settings: &Settings, redirect_uri: &Url) -> Self {
        // An administrator consents for an organization, never for everybody's accounts.
        let tenant = if settings.tenant == "common" { "organizations" } else { &settings.tenant };
        let base = settings.login_url.as_str().trim_end_matches('/');
        // Those of OpenID Connect need no consent of their own.
        let permissions = settings.scopes.iter().filter(|it| it.contains('.'));
        Self {
            app_url: settings.public_url.origin(),
            client_id: settings.client_id.clone(),
            redirect_uri: redirect_uri.to_string(),
            permissions: permissions.cloned().collect(),
            endpoint: format!("{base}/{tenant}/v2.0/adminconsent"),
        }
    }

    /// The message to the administrator, with the admin-consent link and the `ids` of the refusal.
    pub(super) fn request(&self, ids: Ids) -> AdminRequest {
        let link = Url::parse_with_params(
            &self.endpoint,
            [
                ("client_id", self.client_id.as_str()),
                ("scope", &self.permissions.join(" ")),
                ("redirect_uri", &self.redirect_uri),
                ("state", &random_text::<16>().unwrap_or_default()),
            ],
        );
        AdminRequest {
            app_url: self.app_url.clone(),
            client_id: self.client_id.clone(),
            permissions: self.permissions.join(", "),
            link: link.map(String::from).unwrap_or_default(),
            ids,
        }
    }
}
