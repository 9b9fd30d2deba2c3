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
use crate::graph::mail::mailbox::Mailbox;
use crate::graph::mail::message::Message;
use crate::graph::mail::mime;
use crate::graph::mail::prefer::Prefer;
use crate::graph::mail::stamp::Stamp;
use crate::graph::odata::collection::{self, Chosen};
use crate::graph::odata::query::Query;
use crate::platform::{Platform, World};
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
    /// The change key that the message of the path had when the request arrived.
    pub seen: Option<String>,
}

impl<'a> MailRequest<'a> {
    /// Begins. An account that Exchange does not know has no mailbox.
    pub fn begin(
        app: &'a Platform,
        signed_in: &SignedIn,
        request: &Request,
        seen: Option<String>,
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
            seen,
        })
    }

    /// When and with which ids it changes something.
    pub fn stamp(&self) -> Stamp<'a> {
        Stamp::now(self.app.inputs())
    }

    /// The mailbox.
    pub fn mailbox<'w>(&self, world: &'w mut World) -> &'w mut Mailbox {
        world.mailboxes.of(self.account, self.stamp())
    }

    /// An answer that lists something: the next page is at the same address.
    pub fn listed(&self, set: &str, chosen: Chosen<Map<String, Value>>, query: &Query) -> Response {
        let mut body: Map<String, Value> = [self.context(set)].into_iter().collect();
        if let Some(count) = chosen.count {
            body.insert("@odata.count".to_owned(), count.into());
        }
        body.insert("value".to_owned(), chosen.page.into_iter().map(Value::Object).collect());
        if let Some(next) = chosen.next {
            let url = format!("{}{}", self.app.base, self.path);
            let link = collection::next_link(&url, query, "skip", &next.to_string());
            body.insert("@odata.nextLink".to_owned(), link.into());
        }
        self.prefer.applied(call::resource(&Value::Object(body)))
    }

    /// An answer with one thing, whose set and properties these are.
    pub fn entity(&self, set: &str, properties: Map<String, Value>) -> Response {
        self.prefer.applied(call::resource(&Value::Object(self.described(set, properties))))
    }

    /// Properties with their context.
    pub fn described(&self, set: &str, properties: Map<String, Value>) -> Map<String, Value> {
        let mut body: Map<String, Value> = [self.context(set)].into_iter().collect();
        body.extend(properties);
        body
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
        self.prefer.applied(answer)
    }
}

/// Reads a body that has to be JSON.
pub async fn json(request: Request) -> Result<Value, GraphError> {
    if essence(request.headers()) != "application/json" {
        return Err(GraphError::ContentType);
    }
    parse_json(&body::read(request.into_body()).await?)
}

/// Reads the parameters of an action, which may have none and then no body.
pub async fn parameters(request: Request) -> Result<Value, GraphError> {
    let essence = essence(request.headers());
    let bytes = body::read(request.into_body()).await?;
    match essence.as_str() {
        _ if bytes.iter().all(u8::is_ascii_whitespace) => Ok(Value::Object(Map::new())),
        "application/json" => parse_json(&bytes),
        _ => Err(GraphError::ContentType),
    }
}

/// Whether a body is a message as MIME.
pub fn is_mime(request: &Request) -> bool {
    essence(request.headers()) == "text/plain"
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
