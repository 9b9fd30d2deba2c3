//! What Graph says when it does not do what was asked. Decisions go by status, then `code`; the
//! message is for people. Source: Graph, "Microsoft Graph error responses".

use app::{wire::Ids, words::EN};
use axum::http::{HeaderMap, StatusCode};
use bff::{HttpResponse, TransportError, retry_after};
use serde::Deserialize;

/// The most characters of an id that are kept: Graph's have 36, and they must fit into a cookie.
const LONGEST_ID: usize = 100;

/// Why a call brought no result.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The request did not go out.
    #[error("the request to Graph did not go out")]
    NotSent,
    /// No whole answer in time; it may have been carried out.
    #[error("Graph did not answer in time")]
    TimedOut,
    /// The connection broke; it may have been carried out.
    #[error("the connection to Graph broke")]
    Broken,
    /// Graph answered something else than that it was done: mostly that it was not (4xx, 5xx).
    #[error("Graph answered {}: {:?}", .0.status, .0.code)]
    Refused(Box<GraphRefusal>),
    /// An answer that cannot be read.
    #[error("the answer from Graph cannot be read")]
    Nonsense,
}

impl GraphError {
    /// Graph does not accept the token (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == StatusCode::UNAUTHORIZED)
    }
}

impl From<TransportError> for GraphError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotAllowed | TransportError::NoConnection => Self::NotSent,
            TransportError::TimedOut => Self::TimedOut,
            TransportError::Broken | TransportError::TooLarge => Self::Broken,
        }
    }
}

/// An answer other than the one that says that it was done.
#[derive(Debug)]
pub struct GraphRefusal {
    /// Its status.
    pub status: StatusCode,
    /// `error.code`, or nothing where the body has none.
    pub code: String,
    /// `error.message`, for people.
    pub message: String,
    /// Seconds to wait, where it said so.
    pub retry_after: Option<u64>,
    /// What support asks for.
    pub ids: Ids,
}

#[derive(Default, Deserialize)]
struct Body {
    error: ErrorBody,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    code: String,
    message: String,
}

impl GraphRefusal {
    pub(super) fn read(answer: &HttpResponse) -> Self {
        let body: Body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let mut ids = ids(&answer.headers);
        ids.insert(0, (EN.details.status.to_owned(), answer.status.as_u16().to_string()));
        if !body.error.code.is_empty() {
            ids.insert(1, (EN.details.code.to_owned(), body.error.code.clone()));
        }
        Self {
            status: answer.status,
            code: body.error.code,
            message: body.error.message,
            retry_after: retry_after(&answer.headers),
            ids,
        }
    }

    /// Codes are compared without regard to case.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }
}

/// The ids of an answer that Microsoft's support asks for.
pub(super) fn ids(headers: &HeaderMap) -> Ids {
    let names = EN.details;
    [
        (names.request_id, "request-id"),
        (names.client_request_id, "client-request-id"),
        (names.date, "date"),
    ]
    .into_iter()
    .filter_map(|(label, name)| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((label.to_owned(), value.chars().take(LONGEST_ID).collect()))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Bytes,
        http::{HeaderMap, StatusCode},
    };
    use bff::HttpResponse;
    use proptest::prelude::*;
    use serde_json::json;

    use super::GraphRefusal;

    fn read(body: impl Into<Bytes>) -> GraphRefusal {
        let (status, headers) = (StatusCode::FORBIDDEN, HeaderMap::new());
        GraphRefusal::read(&HttpResponse { status, headers, body: body.into() })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn a_body_of_another_shape_has_no_code(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            text in "[{}\\[\\]:,\"a-z0-9]{0,60}",
        ) {
            for bytes in [bytes, text.into_bytes()] {
                let value = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
                let code = value.as_ref().and_then(|it| it.get("error")?.get("code")?.as_str());
                let refusal = read(bytes.clone());
                // A body of another shape has no code, and never somebody else's text.
                prop_assert!(refusal.code.is_empty() || Some(refusal.code.as_str()) == code);
                prop_assert!(refusal.message.is_empty() || value.is_some());
            }
        }

        #[test]
        fn code_and_message_are_read_as_they_are(code in "\\PC{1,20}", message in "\\PC{0,40}") {
            let body = json!({ "error": { "code": code, "message": message, "other": [1] } });
            let refusal = read(body.to_string());
            prop_assert_eq!(&refusal.code, &code);
            prop_assert_eq!(&refusal.message, &message);
        }
    }
}
