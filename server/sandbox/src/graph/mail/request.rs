//! What every request to a mailbox has: whose mailbox, what is preferred, what is allowed, a body.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value};

use crate::accounts::Account;
use crate::graph::bearer::SignedIn;
use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::body;
use crate::graph::mail::message::Message;
use crate::graph::mail::mime;
use crate::graph::mail::prefer::Prefer;
use crate::graph::query::Query;
use crate::platform::Platform;
use crate::scope::Permission;

/// A request to a mailbox, without its body.
#[derive(Debug)]
pub struct MailRequest<'a> {
    /// The sandbox.
    pub app: &'a Platform,
    /// Whose mailbox.
    pub account: &'static Account,
    /// What the client prefers.
    pub prefer: Prefer,
    /// Whether the token lets texts be read, and not just who wrote when.
    pub reads_texts: bool,
    /// The path, as it came.
    pub path: String,
    /// The query, as it came.
    pub query: String,
}

impl<'a> MailRequest<'a> {
    /// Begins. An account that Exchange does not know has no mailbox.
    pub fn begin(
        app: &'a Platform,
        signed_in: &SignedIn,
        request: &Request,
    ) -> Result<Self, GraphError> {
        if !signed_in.account.has_mailbox {
            return Err(GraphError::NoMailbox);
        }
        let permissions = &signed_in.permissions;
        Ok(Self {
            app,
            account: signed_in.account,
            prefer: Prefer::read(request.headers()),
            reads_texts: permissions.contains(&Permission::MailRead)
                || permissions.contains(&Permission::MailReadWrite),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
        })
    }

    /// The options of the query, of which the resource takes these.
    pub fn options(&self, taken: &[&'static str]) -> Result<Query, GraphError> {
        Query::parse(&self.query, taken)
    }

    /// `@odata.context` for something in this mailbox.
    pub fn context(&self, what: &str) -> (String, Value) {
        let user = &self.account.graph_id;
        let context = format!("{}/v1.0/$metadata#users('{user}')/{what}", self.app.base);
        ("@odata.context".to_owned(), context.into())
    }

    /// The answer to a request that made something: 201, and where it is.
    pub fn created(&self, path: &str, body: Map<String, Value>) -> Response {
        let mut answer = call::resource(&Value::Object(body));
        *answer.status_mut() = StatusCode::CREATED;
        let user = &self.account.graph_id;
        let location = format!("{}/v1.0/users('{user}')/{path}", self.app.base);
        if let Ok(location) = HeaderValue::try_from(location) {
            answer.headers_mut().insert(LOCATION, location);
        }
        answer
    }
}

/// Reads a body that has to be JSON.
pub async fn json(request: Request) -> Result<Value, GraphError> {
    if essence(request.headers()) != "application/json" {
        return Err(GraphError::ContentType);
    }
    parse_json(&body::read(request.into_body()).await?)
}

/// Reads a body that is a message: as JSON, by `from_json`, or as MIME.
pub async fn message<T: From<Message>>(
    app: &Platform,
    request: Request,
    from_json: impl FnOnce(Value) -> Result<T, GraphError>,
) -> Result<T, GraphError> {
    let essence = essence(request.headers());
    let bytes = body::read(request.into_body()).await?;
    match essence.as_str() {
        "application/json" => from_json(parse_json(&bytes)?),
        "text/plain" => mime::parse(&bytes, &app.random).map(T::from),
        _ => Err(GraphError::ContentType),
    }
}

fn parse_json(bytes: &[u8]) -> Result<Value, GraphError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(GraphError::EmptyPayload);
    }
    serde_json::from_slice(bytes).map_err(|error| GraphError::NotJson(error.to_string()))
}

/// The media type without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
