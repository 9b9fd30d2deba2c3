//! Why a sign-in made no session, and the page for each reason. Decisions go by `error`; numbers
//! and descriptions only choose words.

use app::{
    pages::{Failure, Fault, KnownError, Service},
    wire::Ids,
    words::EN,
};
use axum::http::StatusCode;
use bff::{BeginSessionError, IdTokenError, NoAttempt, RedeemError, Refusal, TokenError};

use super::AdminConsent;
use crate::{fault, graph::GraphError};

/// Why a sign-in made no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignInError {
    /// RFC 6749, section 3.1: a parameter that stands there twice, for example.
    #[error("the answer can't be read")]
    Unreadable,
    #[error(transparent)]
    Redeem(#[from] RedeemError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    BeginSession(#[from] BeginSessionError),
}

impl SignInError {
    /// The page, with its status.
    pub(super) fn explain(self, admin_consent: &AdminConsent) -> (StatusCode, Failure) {
        match self {
            Self::Unreadable => (StatusCode::BAD_REQUEST, Failure::StateMismatch),
            Self::Redeem(error) => not_redeemed(error, admin_consent),
            Self::Graph(error) => graph_failure(error),
            Self::BeginSession(BeginSessionError::TooLarge(_)) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Failure::SessionTooLarge)
            }
            Self::BeginSession(BeginSessionError::NoRandomness(_)) => {
                (StatusCode::INTERNAL_SERVER_ERROR, Failure::Internal)
            }
        }
    }
}

fn not_redeemed(error: RedeemError, admin_consent: &AdminConsent) -> (StatusCode, Failure) {
    let service = Service::Identity;
    match error {
        RedeemError::NoAttempt(NoAttempt::Gone) => (StatusCode::BAD_REQUEST, Failure::AttemptGone),
        RedeemError::NoAttempt(NoAttempt::StateMismatch) | RedeemError::NoCode => {
            (StatusCode::BAD_REQUEST, Failure::StateMismatch)
        }
        RedeemError::Refused { error, description, cancelled } => {
            refused(admin_consent, &error, &description, cancelled)
        }
        RedeemError::Provider(error) | RedeemError::IdToken(IdTokenError::Provider(error)) => {
            upstream(service, fault::of_provider(&error), Ids::new())
        }
        RedeemError::Token(TokenError::Refused(refusal)) => token_refused(&refusal),
        RedeemError::Token(error) => {
            upstream(service, fault::of_token(&error).unwrap_or(Fault::Nonsense), Ids::new())
        }
        RedeemError::IdToken(_) => (StatusCode::BAD_GATEWAY, Failure::Unproven),
    }
}

/// The page of a service that failed, with the status that says how.
pub(super) const fn upstream(service: Service, fault: Fault, ids: Ids) -> (StatusCode, Failure) {
    let status = match fault {
        Fault::Slow => StatusCode::GATEWAY_TIMEOUT,
        Fault::Nonsense => StatusCode::BAD_GATEWAY,
        Fault::Down | Fault::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Failure::Upstream { service, fault, ids })
}

/// An error of the authorization endpoint. It goes by `error`; the number in the description
/// chooses words.
fn refused(
    admin_consent: &AdminConsent,
    error: &str,
    description: &str,
    cancelled: bool,
) -> (StatusCode, Failure) {
    let number = aadsts_number(description);
    let ids = ids_in(error, description);
    let reason = first_sentence(description);
    match error {
        "access_denied" if cancelled => (StatusCode::FORBIDDEN, Failure::Cancelled),
        "access_denied" | "consent_required" if matches!(number, Some(90_094 | 90_095)) => {
            (StatusCode::FORBIDDEN, Failure::NeedsAdministrator(admin_consent.request(ids)))
        }
        "access_denied" if description.is_empty() => (StatusCode::FORBIDDEN, Failure::Cancelled),
        "access_denied" | "consent_required" => {
            (StatusCode::FORBIDDEN, Failure::Declined { reason, ids })
        }
        "server_error" | "temporarily_unavailable" => upstream(Service::Identity, Fault::Down, ids),
        "unauthorized_client" => {
            (StatusCode::INTERNAL_SERVER_ERROR, Failure::ClientRefused { number, ids })
        }
        _ => (StatusCode::BAD_REQUEST, Failure::Refused { reason, number, ids }),
    }
}

fn token_refused(refusal: &Refusal) -> (StatusCode, Failure) {
    let number = refusal.error_codes.first().copied();
    let ids = ids_of(refusal);
    match refusal.error.as_str() {
        "invalid_client" | "unauthorized_client" => {
            (StatusCode::INTERNAL_SERVER_ERROR, Failure::ClientRefused { number, ids })
        }
        "invalid_grant" if number.and_then(KnownError::from_number).is_none() => {
            (StatusCode::BAD_REQUEST, Failure::AttemptGone)
        }
        _ => {
            let reason = first_sentence(refusal.error_description.as_deref().unwrap_or_default());
            (StatusCode::BAD_REQUEST, Failure::Refused { reason, number, ids })
        }
    }
}

fn graph_failure(error: GraphError) -> (StatusCode, Failure) {
    let service = Service::Graph;
    match error {
        GraphError::NotSent | GraphError::Broken => upstream(service, Fault::Down, Ids::new()),
        GraphError::TimedOut => upstream(service, Fault::Slow, Ids::new()),
        GraphError::Nonsense => upstream(service, Fault::Nonsense, Ids::new()),
        GraphError::Refused(refusal) => match refusal.status.as_u16() {
            429 => {
                let fault = Fault::Busy { retry_after: refusal.retry_after };
                upstream(service, fault, refusal.ids)
            }
            500..=599 => upstream(service, Fault::Down, refusal.ids),
            _ => {
                let reason = refusal.message.clone();
                (StatusCode::BAD_GATEWAY, Failure::GraphRefused { reason, ids: refusal.ids })
            }
        },
    }
}

/// What support asks for.
fn ids_of(refusal: &Refusal) -> Ids {
    let names = EN.details;
    let number = refusal.error_codes.first().map(|number| format!("AADSTS{number}"));
    [
        (names.error, Some(refusal.error.clone())),
        (names.error_number, number),
        (names.trace_id, refusal.trace_id.clone()),
        (names.correlation_id, refusal.correlation_id.clone()),
        (names.timestamp, refusal.timestamp.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label.to_owned(), value?)))
    .collect()
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
    description[..end].trim().to_owned()
}

/// The ids that Microsoft appends to a description.
fn ids_in(error: &str, description: &str) -> Ids {
    let names = EN.details;
    let mut ids = vec![(names.error.to_owned(), error.to_owned())];
    if let Some(number) = aadsts_number(description) {
        ids.push((names.error_number.to_owned(), format!("AADSTS{number}")));
    }
    for (label, name) in [
        ("Trace ID", names.trace_id),
        ("Correlation ID", names.correlation_id),
        ("Timestamp", names.timestamp),
    ] {
        let Some((_, rest)) = description.split_once(&format!("{label}: ")) else {
            continue;
        };
        let end = rest.find("Correlation ID:").or_else(|| rest.find("Timestamp:"));
        let value = rest[..end.unwrap_or(rest.len())].trim();
        ids.push((name.to_owned(), value.to_owned()));
    }
    ids
}
