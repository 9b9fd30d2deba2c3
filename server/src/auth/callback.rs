//! `GET /login/authorized`, the redirect URI (Entra calls it the reply URL): ends an attempt with a
//! session, or with a page that says why not.

use app::{
    pages::{AdminRequest, Failure, Fault, Service, help},
    wire::Ids,
};
use axum::{extract::Query, http::StatusCode, response::Response};
use serde::Deserialize;
use url::Url;

use super::{
    SCOPES,
    attempt::{Attempt, NoAttempt},
    id_token::{self, IdTokenError},
    login::{fault, unavailable},
    provider::ProviderError,
    token::{Refusal, TokenError},
};
use crate::{
    graph::GraphError,
    render,
    session::{Session, SessionId, TooLarge},
    system::{NoRandomness, random_text},
    visit::Visit,
};

/// The authorization response (RFC 6749, sections 4.1.2 and 4.1.2.1), with Microsoft's additions.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    code: Option<String>,
    state: String,
    error: Option<String>,
    error_description: Option<String>,
    error_subcode: Option<String>,
    admin_consent: Option<String>,
}

/// Why a sign-in made no session.
#[derive(Debug, thiserror::Error)]
enum SignInError {
    #[error(transparent)]
    NoAttempt(#[from] NoAttempt),
    #[error("the provider answered {error}")]
    Refused { error: String, description: String, cancelled: bool },
    #[error("the answer has neither a code nor an error")]
    NoCode,
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Answers with a page that moves on to where the person wanted to be, or with the failure.
pub async fn finish(visit: Visit, Query(answer): Query<Answer>) -> Response {
    if answer.admin_consent.is_some() {
        return admin_return(&visit, &answer).await;
    }
    match sign_in(&visit, answer).await {
        Ok(return_to) => {
            tracing::info!(event = "signed_in");
            render::move_on(return_to)
        }
        Err(error) => {
            tracing::warn!(event = "sign_in_failed", %error);
            failure(&visit, error).await
        }
    }
}

async fn sign_in(visit: &Visit, answer: Answer) -> Result<String, SignInError> {
    let state = &visit.state;
    let now = state.clock.now();
    // First of all, so that nothing is believed, not even an error, that nobody here asked for.
    let attempt = Attempt::take(&visit.jar, &state.keys, &answer.state, now)?;
    if let Some(error) = answer.error {
        let cancelled = answer.error_subcode.as_deref() == Some("cancel");
        let description = answer.error_description.unwrap_or_default();
        return Err(SignInError::Refused { error, description, cancelled });
    }
    let code = answer.code.ok_or(SignInError::NoCode)?;
    let metadata = state.provider.metadata().await?;
    let endpoint = metadata.token_endpoint.clone();
    let tokens = state.token_client.exchange(endpoint, code, attempt.code_verifier.clone()).await?;
    let person_id = id_token::verify(
        secrecy::ExposeSecret::expose_secret(&tokens.id_token),
        &state.provider,
        &state.token_client.client_id,
        &attempt.nonce,
        now,
    )
    .await?;
    let person = state.graph.me(&tokens.access_token).await?;
    let session = Session {
        id: SessionId::new()?,
        person_id,
        person,
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        token_ends: now.saturating_add(tokens.expires_in),
        began: now,
    };
    state.sessions.save(&visit.jar, &state.keys, &session, now)?;
    Ok(attempt.return_to().as_str().to_owned())
}

/// An administrator comes back from the consent link: thanked, and not signed in. It is no answer
/// to an attempt, so nothing in it is believed beyond the words on the page.
async fn admin_return(visit: &Visit, answer: &Answer) -> Response {
    let agreed = answer.error.is_none()
        && answer.admin_consent.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let (status, failure) = if agreed {
        (StatusCode::OK, Failure::AdminConsented)
    } else {
        (StatusCode::FORBIDDEN, Failure::AdminDeclined)
    };
    render::failure(&visit.state, status, failure).await
}

async fn failure(visit: &Visit, error: SignInError) -> Response {
    let (status, failure) = match error {
        SignInError::NoAttempt(NoAttempt::Gone) => (StatusCode::BAD_REQUEST, Failure::AttemptGone),
        SignInError::NoAttempt(NoAttempt::StateMismatch) => {
            (StatusCode::BAD_REQUEST, Failure::StateMismatch)
        }
        SignInError::Refused { error, description, cancelled } => {
            refused(visit, &error, description, cancelled)
        }
        SignInError::NoCode => (StatusCode::BAD_REQUEST, Failure::StateMismatch),
        SignInError::Provider(error) | SignInError::IdToken(IdTokenError::Provider(error)) => {
            return unavailable(visit, &error).await;
        }
        SignInError::Token(error) => token_failure(error),
        SignInError::IdToken(_) => (StatusCode::BAD_GATEWAY, Failure::Unproven),
        SignInError::Graph(error) => graph_failure(error),
        SignInError::TooLarge(_) => (StatusCode::INTERNAL_SERVER_ERROR, Failure::SessionTooLarge),
        SignInError::NoRandomness(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, Failure::Internal { ids: Ids::new() })
        }
    };
    render::failure(&visit.state, status, failure).await
}

/// An error of the authorization endpoint. It goes by `error`; the number in the description
/// chooses words.
fn refused(
    visit: &Visit,
    error: &str,
    description: String,
    cancelled: bool,
) -> (StatusCode, Failure) {
    let number = aadsts_number(&description);
    let ids = ids_in(error, &description);
    let reason = first_sentence(&description);
    match error {
        "access_denied" if cancelled => (StatusCode::FORBIDDEN, Failure::Cancelled),
        "access_denied" | "consent_required" if matches!(number, Some(90_094 | 90_095)) => {
            (StatusCode::FORBIDDEN, Failure::NeedsAdministrator(admin_request(visit, ids)))
        }
        "access_denied" if description.is_empty() => (StatusCode::FORBIDDEN, Failure::Cancelled),
        "access_denied" | "consent_required" => {
            (StatusCode::FORBIDDEN, Failure::Declined { reason, ids })
        }
        "server_error" | "temporarily_unavailable" => {
            let fault = Fault::Down;
            let service = Service::Identity;
            (StatusCode::SERVICE_UNAVAILABLE, Failure::Upstream { service, fault, ids })
        }
        "unauthorized_client" => {
            (StatusCode::INTERNAL_SERVER_ERROR, Failure::ClientRefused { number, ids })
        }
        _ => {
            let help = number.and_then(help);
            (StatusCode::BAD_REQUEST, Failure::Refused { reason, help, ids })
        }
    }
}

fn token_failure(error: TokenError) -> (StatusCode, Failure) {
    let service = Service::Identity;
    let upstream = |status, fault| (status, Failure::Upstream { service, fault, ids: Ids::new() });
    match error {
        TokenError::NoAnswer(error) => {
            let (status, fault) = fault(&error);
            upstream(status, fault)
        }
        TokenError::Unavailable { status, retry_after }
            if status == StatusCode::TOO_MANY_REQUESTS =>
        {
            upstream(StatusCode::SERVICE_UNAVAILABLE, Fault::Busy { retry_after })
        }
        TokenError::Unavailable { .. } => upstream(StatusCode::SERVICE_UNAVAILABLE, Fault::Down),
        TokenError::Nonsense => upstream(StatusCode::BAD_GATEWAY, Fault::Nonsense),
        TokenError::Refused(refusal) => token_refused(&refusal),
    }
}

fn token_refused(refusal: &Refusal) -> (StatusCode, Failure) {
    let number = refusal.error_codes.first().copied();
    let ids = refusal.ids();
    match refusal.error.as_str() {
        "invalid_client" | "unauthorized_client" => {
            (StatusCode::INTERNAL_SERVER_ERROR, Failure::ClientRefused { number, ids })
        }
        "invalid_grant" if number.is_none_or(|it| help(it).is_none()) => {
            (StatusCode::BAD_REQUEST, Failure::AttemptGone)
        }
        _ => {
            let reason = first_sentence(refusal.error_description.as_deref().unwrap_or_default());
            let help = number.and_then(help);
            (StatusCode::BAD_REQUEST, Failure::Refused { reason, help, ids })
        }
    }
}

fn graph_failure(error: GraphError) -> (StatusCode, Failure) {
    let service = Service::Graph;
    let upstream = |status, fault, ids| (status, Failure::Upstream { service, fault, ids });
    match error {
        GraphError::NotSent | GraphError::Broken => {
            upstream(StatusCode::SERVICE_UNAVAILABLE, Fault::Down, Ids::new())
        }
        GraphError::TimedOut => upstream(StatusCode::GATEWAY_TIMEOUT, Fault::Slow, Ids::new()),
        GraphError::Nonsense => upstream(StatusCode::BAD_GATEWAY, Fault::Nonsense, Ids::new()),
        GraphError::Refused(refusal) => match refusal.status.as_u16() {
            429 => {
                let fault = Fault::Busy { retry_after: refusal.retry_after };
                upstream(StatusCode::SERVICE_UNAVAILABLE, fault, refusal.ids)
            }
            500..=599 => upstream(StatusCode::SERVICE_UNAVAILABLE, Fault::Down, refusal.ids),
            _ => {
                let reason = refusal.message.clone();
                (StatusCode::BAD_GATEWAY, Failure::GraphRefused { reason, ids: refusal.ids })
            }
        },
    }
}

/// The message to the administrator and the admin-consent link in it (Entra, "Admin consent").
fn admin_request(visit: &Visit, ids: Ids) -> AdminRequest {
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

/// The number in a text such as `AADSTS65004: User declined…`.
fn aadsts_number(description: &str) -> Option<u32> {
    let digits = description.split_once("AADSTS")?.1;
    let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// The text before the ids that Microsoft appends.
fn first_sentence(description: &str) -> String {
    let end = description.find("Trace ID:").unwrap_or(description.len());
    let text = description[..end].trim();
    if text.is_empty() { "Microsoft gave no reason.".to_owned() } else { text.to_owned() }
}

/// The ids that Microsoft appends to a description.
fn ids_in(error: &str, description: &str) -> Ids {
    let mut ids = vec![("Error".to_owned(), error.to_owned())];
    if let Some(number) = aadsts_number(description) {
        ids.push(("Error number".to_owned(), format!("AADSTS{number}")));
    }
    for label in ["Trace ID", "Correlation ID", "Timestamp"] {
        let Some((_, rest)) = description.split_once(&format!("{label}: ")) else {
            continue;
        };
        let end = rest.find("Correlation ID:").or_else(|| rest.find("Timestamp:"));
        let value = rest[..end.unwrap_or(rest.len())].trim();
        ids.push((label.to_owned(), value.to_owned()));
    }
    ids
}
