//! The ids of one request to Graph and the headers that every answer carries.
//!
//! Source: <https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support>.

use axum::Json;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dates;
use crate::graph::challenge::Challenge;
use crate::graph::error::GraphError;
use crate::platform::Platform;

const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"SANDBOX"}}"#;

/// When a request came and what it is called in logs.
#[derive(Debug)]
pub struct Call {
    request_id: Uuid,
    client_request_id: Uuid,
    at: OffsetDateTime,
    authorization_uri: String,
}

impl Call {
    /// Takes the client's id if it is a GUID; else it is the request's own.
    pub fn begin(app: &Platform, headers: &HeaderMap) -> Self {
        let request_id = app.random.guid();
        let sent = headers.get("client-request-id").and_then(|value| value.to_str().ok());
        Self {
            request_id,
            client_request_id: sent.and_then(|id| id.parse().ok()).unwrap_or(request_id),
            at: app.clock.now(),
            authorization_uri: format!("{}/common/oauth2/v2.0/authorize", app.base),
        }
    }

    /// A refusal as JSON.
    pub fn refuse(&self, error: &GraphError) -> Response {
        let mut answer = self.refuse_as(error.status(), error.code(), &error.to_string());
        if let GraphError::MethodNotAllowed { allowed } = error
            && let Ok(allowed) = HeaderValue::try_from(
                allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", "),
            )
        {
            answer.headers_mut().insert(ALLOW, allowed);
        }
        let wait = match error {
            GraphError::MailboxBusy => Some(1),
            GraphError::MailboxThrottled { seconds } => Some(*seconds),
            _ => None,
        };
        if let Some(seconds) = wait {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }

    /// Any refusal as JSON.
    pub fn refuse_as(&self, status: StatusCode, code: &str, message: &str) -> Response {
        tracing::info!(%status, code, "request to Graph refused");
        let body = json!({
            "error": {
                "code": code,
                "message": message,
                "innerError": {
                    "date": dates::graph_error(self.at),
                    "request-id": self.request_id,
                    "client-request-id": self.client_request_id,
                },
            },
        });
        let mut answer = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge =
                format!("Bearer realm=\"\", authorization_uri=\"{}\"", self.authorization_uri);
            if let Ok(challenge) = HeaderValue::try_from(challenge) {
                answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
        }
        answer
    }

    /// A claims challenge: the token is good but not good enough.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/claims-challenge>.
    pub fn challenge(&self, challenge: &Challenge) -> Response {
        let text =
            "Continuous access evaluation resulted in challenge with result: InteractionRequired.";
        let mut answer = self.refuse_as(challenge.status, &challenge.code, text);
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{}\", error=\"insufficient_claims\", claims=\"{}\"",
            self.authorization_uri,
            STANDARD.encode(&challenge.claims)
        );
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }

    /// Adds what every answer of Graph carries. (`Date` comes from the HTTP server.)
    pub fn sign(&self, mut answer: Response) -> Response {
        let headers = answer.headers_mut();
        for (name, id) in [
            (HeaderName::from_static("request-id"), self.request_id),
            (HeaderName::from_static("client-request-id"), self.client_request_id),
        ] {
            if let Ok(id) = HeaderValue::try_from(id.to_string()) {
                headers.insert(name, id);
            }
        }
        headers.insert("x-ms-ags-diagnostic", HeaderValue::from_static(DIAGNOSTIC));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        answer
    }
}

/// The front door's own answer to a body whose length nobody told. It is no JSON.
///
/// Source: <https://learn.microsoft.com/graph/api/message-send>;
/// <https://github.com/sreeise/graph-rs-sdk/issues/524>.
pub fn length_required() -> Response {
    let html = "<!DOCTYPE HTML>\r\n<HTML><HEAD><TITLE>Length Required</TITLE></HEAD>\r\n<BODY><h2>Length Required</h2>\r\n<hr><p>HTTP Error 411. The request must be chunked or have a content length.</p>\r\n</BODY></HTML>";
    (StatusCode::LENGTH_REQUIRED, Html(html)).into_response()
}

/// A number as text: the answer of `/$count` (OData 4.01, part 2, section 4.8).
pub fn number(number: usize) -> Response {
    let plain = HeaderValue::from_static("text/plain");
    ([(CONTENT_TYPE, plain)], number.to_string()).into_response()
}

/// A resource as JSON.
pub fn resource(body: &serde_json::Value) -> Response {
    let content_type = HeaderValue::from_static(
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
    );
    let headers = [
        (CONTENT_TYPE, content_type),
        (HeaderName::from_static("odata-version"), HeaderValue::from_static("4.0")),
    ];
    (headers, body.to_string()).into_response()
}
