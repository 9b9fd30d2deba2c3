//! What Graph says when it does not do what was asked. Decisions go by status, then `code`; the
//! message is for people. Source: Graph, "Microsoft Graph error responses".

use app::wire::Ids;
use axum::http::{
    HeaderMap, StatusCode,
    header::{DATE, RETRY_AFTER},
};
use serde::Deserialize;

use crate::outgoing::{Answer, NoAnswer};

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

impl From<NoAnswer> for GraphError {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::NotAllowed | NoAnswer::NoConnection => Self::NotSent,
            NoAnswer::TimedOut => Self::TimedOut,
            NoAnswer::Broken | NoAnswer::TooLarge => Self::Broken,
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
    pub(super) fn read(answer: &Answer) -> Self {
        let body: Body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let mut ids = ids(&answer.headers);
        ids.insert(0, ("Status".to_owned(), answer.status.as_u16().to_string()));
        if !body.error.code.is_empty() {
            ids.insert(1, ("Code".to_owned(), body.error.code.clone()));
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
    [("Request ID", "request-id"), ("Client request ID", "client-request-id"), ("Date", "date")]
        .into_iter()
        .filter_map(|(label, name)| {
            let value = headers.get(name)?.to_str().ok()?;
            Some((label.to_owned(), value.chars().take(LONGEST_ID).collect()))
        })
        .collect()
}

/// The seconds that `Retry-After` asks to wait, given as a number or as a date (RFC 9110, 10.2.3).
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    value.parse().ok().or_else(|| {
        let date = httpdate::parse_http_date(value).ok()?;
        // The answer's own clock, so that this computer's does not matter.
        let from = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        Some(date.duration_since(from).unwrap_or_default().as_secs())
    })
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Bytes,
        http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER},
    };
    use proptest::prelude::*;
    use serde_json::json;

    use super::{GraphRefusal, retry_after};
    use crate::outgoing::Answer;

    fn read(body: impl Into<Bytes>) -> GraphRefusal {
        let (status, headers) = (StatusCode::FORBIDDEN, HeaderMap::new());
        GraphRefusal::read(&Answer { status, headers, body: body.into() })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_bytes_are_a_refusal_with_its_status(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            text in "[{}\\[\\]:,\"a-z0-9]{0,60}",
        ) {
            for refusal in [read(bytes), read(text)] {
                prop_assert_eq!(refusal.status, StatusCode::FORBIDDEN);
                prop_assert_eq!(&refusal.ids[0].1, "403");
            }
        }

        #[test]
        fn code_and_message_are_read_as_they_are(code in "\\PC{1,20}", message in "\\PC{0,40}") {
            let body = json!({ "error": { "code": code, "message": message, "other": [1] } });
            let refusal = read(body.to_string());
            prop_assert_eq!(&refusal.code, &code);
            prop_assert_eq!(&refusal.message, &message);
        }

        #[test]
        fn retry_after_is_seconds_a_date_or_nothing(
            text in "[0-9]{1,22}|[ -~]{0,32}|(Mon|Tue), [0-9]{2} (Jan|Nov) 20[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
        ) {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(&text).unwrap());
            headers.insert("date", HeaderValue::from_static("Mon, 23 Nov 2026 00:00:00 GMT"));
            let seconds = text.trim().parse::<u64>().ok();
            let is_date = httpdate::parse_http_date(text.trim()).is_ok();
            match retry_after(&headers) {
                Some(wait) => prop_assert!(seconds.map_or(is_date, |it| it == wait)),
                None => prop_assert!(seconds.is_none() && !is_date),
            }
        }
    }
}
