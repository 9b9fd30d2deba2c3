//! How the authorize endpoint answers a client: in the query or the fragment of its redirect URI, or by
//! a form that the browser posts there.
//!
//! Sources: OAuth 2.0 Multiple Response Type Encoding Practices, OAuth 2.0 Form Post Response Mode.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::identity::aadsts::Aadsts;
use crate::pages;
use crate::random::Random;
use crate::registration::RedirectUri;

/// How an answer reaches the client: `response_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// After `?`.
    Query,
    /// After `#`.
    Fragment,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// Reads `response_mode`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

/// Where an answer goes, and how.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The client's URI.
    pub redirect: RedirectUri,
    /// Query, fragment or form.
    pub mode: ResponseMode,
    /// What the client wants to see again.
    pub state: Option<String>,
}

/// Members of an answer, in order.
pub type Members = Vec<(&'static str, String)>;

impl Destination {
    /// Sends an answer to the client. The state goes with every one.
    pub fn send(&self, random: &Random, mut members: Members) -> Response {
        if let Some(state) = &self.state {
            members.insert(1.min(members.len()), ("state", state.clone()));
        }
        let mut url = self.redirect.to_url();
        match self.mode {
            ResponseMode::Query => {
                url.query_pairs_mut().extend_pairs(&members);
            }
            ResponseMode::Fragment => {
                let text = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(&members)
                    .finish();
                url.set_fragment(Some(&text));
            }
            ResponseMode::FormPost => {
                return pages::form_post::page(url.as_str(), &members, &random.base64url(22));
            }
        }
        redirect(url.as_str())
    }

    /// Tells the client about a refusal. `error` differs from the code's own where the person's browser
    /// is in between: a missing consent is `invalid_grant` at the token endpoint only.
    pub fn refuse(
        &self,
        random: &Random,
        code: Aadsts,
        error: &str,
        description: String,
    ) -> Response {
        tracing::info!(number = code.number(), error, "sign-in refused");
        self.send(random, vec![("error", error.to_owned()), ("error_description", description)])
    }

    /// The person pressed "Cancel" or "Back": an error without a description, as at Microsoft.
    pub fn cancel(&self, random: &Random) -> Response {
        let members =
            vec![("error", "access_denied".to_owned()), ("error_subcode", "cancel".to_owned())];
        self.send(random, members)
    }
}

/// A redirect as Microsoft answers it.
pub fn redirect(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        // A parsed URL is ASCII without spaces, so this is no way that anything goes.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
