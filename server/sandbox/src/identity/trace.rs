//! The ids of one request to the identity platform, and error answers that carry them.
//!
//! Source of the shape:
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response-1>.

use std::convert::Infallible;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dates;
use crate::identity::aadsts::Refusal;
use crate::platform::App;

/// What a token lacks where the person has to do more and nothing says what.
const ANY_CLAIMS: &str =
    r#"{"access_token":{"acrs":{"essential":true,"value":"urn:microsoft:req1"}}}"#;

/// When a request came and what it is called in logs, here and at the client.
#[derive(Debug, Clone)]
pub struct Trace {
    id: Uuid,
    correlation: Uuid,
    at: OffsetDateTime,
    base: String,
}

impl FromRequestParts<App> for Trace {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            id: app.random.guid(),
            correlation: client_request_id(parts).unwrap_or_else(|| app.random.guid()),
            at: app.clock.now(),
            base: app.base.clone(),
        })
    }
}

/// The client's own id, in a header or (as MSAL Node does) in the query. Only a GUID is echoed.
fn client_request_id(parts: &Parts) -> Option<Uuid> {
    let header = parts.headers.get("client-request-id").and_then(|value| value.to_str().ok());
    let query = parts.uri.query().unwrap_or_default();
    let in_query = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "client-request-id")
        .map(|(_, value)| value.into_owned());
    header.map(ToOwned::to_owned).or(in_query)?.parse().ok()
}

impl Trace {
    /// `error_description`.
    pub fn describe(&self, refusal: &Refusal) -> String {
        self.with_ids(refusal.to_string().trim_end())
    }

    fn with_ids(&self, text: &str) -> String {
        format!(
            "{text} Trace ID: {} Correlation ID: {} Timestamp: {}",
            self.id,
            self.correlation,
            dates::identity(self.at)
        )
    }

    /// A refusal as JSON.
    pub fn refuse(&self, refusal: &Refusal) -> Response {
        let code = refusal.code;
        tracing::info!(number = code.number(), error = code.error(), "request refused");
        let mut body = self.error_body(code.error(), &self.describe(refusal));
        body.insert("error_codes".to_owned(), json!([code.number()]));
        let uri = format!("{}/error?code={}", self.base, code.number());
        body.insert("error_uri".to_owned(), Value::String(uri));
        if let Some(suberror) = code.suberror() {
            body.insert("suberror".to_owned(), suberror.into());
        }
        let any = (code.suberror() == Some("basic_action")).then_some(ANY_CLAIMS);
        if let Some(claims) = refusal.claims.as_deref().or(any) {
            body.insert("claims".to_owned(), claims.into());
        }
        self.json(code.status(), Value::Object(body))
    }

    /// An error that has no number; with the claims that would help, if some would.
    pub fn refuse_without_number(
        &self,
        status: StatusCode,
        error: &str,
        text: &str,
        claims: Option<&str>,
    ) -> Response {
        let mut body = self.error_body(error, &self.with_ids(text));
        if let Some(claims) = claims {
            body.insert("claims".to_owned(), claims.into());
        }
        self.json(status, Value::Object(body))
    }

    fn error_body(&self, error: &str, description: &str) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("error".to_owned(), error.into());
        body.insert("error_description".to_owned(), description.into());
        body.insert("error_codes".to_owned(), json!([]));
        body.insert("timestamp".to_owned(), dates::identity(self.at).into());
        body.insert("trace_id".to_owned(), self.id.to_string().into());
        body.insert("correlation_id".to_owned(), self.correlation.to_string().into());
        body
    }

    /// Any JSON of the token endpoint: never kept by a cache (RFC 6749, section 5.1).
    pub fn json(&self, status: StatusCode, body: Value) -> Response {
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(CONTENT_TYPE, json);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(EXPIRES, HeaderValue::from_static("-1"));
        headers.insert("x-ms-clitelem", HeaderValue::from_static("1,0,0,,"));
        headers.insert("x-ms-ests-server", HeaderValue::from_static("sandbox"));
        if let Ok(id) = HeaderValue::try_from(self.id.to_string()) {
            headers.insert("x-ms-request-id", id);
        }
        (status, headers, Json(body)).into_response()
    }
}
