//! `$batch`: up to twenty requests in one, each with its own answer. They run one after another, as if
//! each had come alone: faults, throttling and refusals are its own.
//!
//! Source: <https://learn.microsoft.com/graph/json-batching>.

use std::collections::HashMap;
use std::pin::Pin;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::object::Object;
use crate::graph::mail::request;

const MOST: usize = 20;
/// What clients leave unencoded although no URL may have it.
const NOT_IN_URLS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');
/// No answer of Graph here is longer.
const LONGEST: usize = 256 * 1024 * 1024;

/// A request on its way through Graph.
pub type Running = Pin<Box<dyn Future<Output = Response> + Send>>;

/// One request of a batch.
struct Part {
    id: String,
    method: Method,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Value>,
    depends_on: Vec<String>,
}

/// Whether a path is that of batches.
pub fn is_batch(path: &str) -> bool {
    path.trim_end_matches('/').eq_ignore_ascii_case("/v1.0/$batch")
}

/// `POST /$batch`: 200, whatever the answers of its parts are.
/// `run` is what every request goes through.
pub async fn answer(
    request: Request,
    run: impl Fn(Request) -> Running,
) -> Result<Response, GraphError> {
    if request.method() != Method::POST {
        return Err(GraphError::MethodNotAllowed { allowed: &[Method::POST] });
    }
    let authorization = request.headers().get(AUTHORIZATION).cloned();
    let parts = read(request::json(request).await?)?;
    let mut statuses: HashMap<String, StatusCode> = HashMap::new();
    let mut answers = Vec::new();
    for part in parts {
        let failed = |id: &String| statuses.get(id).is_none_or(|it| !it.is_success());
        let (id, answer) = (
            part.id.clone(),
            if part.depends_on.iter().any(failed) {
                failed_dependency(&part)
            } else {
                answer_of(part, authorization.as_ref(), &run).await?
            },
        );
        let status = answer["status"].as_u64().and_then(|it| u16::try_from(it).ok());
        let status = status.and_then(|it| StatusCode::from_u16(it).ok());
        statuses.insert(id, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        answers.push(answer);
    }
    Ok(call::resource(&json!({ "responses": answers })))
}

fn read(value: Value) -> Result<Vec<Part>, GraphError> {
    let mut batch = Object::read(value, "the payload", "batch")?;
    let values = batch.list("requests")?;
    batch.finish()?;
    if values.is_empty() || values.len() > MOST {
        let count = values.len();
        return Err(GraphError::Batch(format!("A batch has 1 to {MOST} requests, not {count}.")));
    }
    let mut parts: Vec<Part> = Vec::new();
    for value in values {
        let part = Part::read(value)?;
        if parts.iter().any(|it| it.id == part.id) {
            return Err(GraphError::Batch(format!("The request id {} comes twice.", part.id)));
        }
        let earlier = |id: &String| parts.iter().any(|it| it.id == *id);
        if let Some(unknown) = part.depends_on.iter().find(|id| !earlier(id)) {
            let id = &part.id;
            return Err(GraphError::Batch(format!(
                "The request {id} depends on {unknown}, which does not come before it."
            )));
        }
        parts.push(part);
    }
    Ok(parts)
}

impl Part {
    fn read(value: Value) -> Result<Self, GraphError> {
        let missing = |name| GraphError::MissingProperty { name, on: "batch" };
        let mut part = Object::read(value, "requests", "batch")?;
        let id = part.text("id")?.filter(|id| !id.is_empty()).ok_or_else(|| missing("id"))?;
        let method = part.text("method")?.ok_or_else(|| missing("method"))?;
        let url = part.text("url")?.ok_or_else(|| missing("url"))?;
        let headers = part.value("headers");
        let body = part.value("body");
        let depends_on = part.texts("dependsOn")?;
        part.finish()?;
        let method: Method = method
            .to_ascii_uppercase()
            .parse()
            .map_err(|_| GraphError::Batch(format!("The method of request {id} is unknown.")))?;
        let headers: Map<String, Value> = match headers {
            Some(Value::Object(headers)) => headers,
            _ => Map::new(),
        };
        let headers = headers.iter().filter_map(|(name, value)| {
            let value = value.as_str()?;
            Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
        });
        let headers: Vec<_> = headers.collect();
        let writes = [Method::POST, Method::PATCH, Method::PUT].contains(&method);
        let has_type = headers.iter().any(|(name, _)| *name == CONTENT_TYPE);
        if writes && (!has_type || body.is_none()) {
            return Err(GraphError::Batch(format!(
                "Write request id : {id} does not contain Content-Type header or body."
            )));
        }
        if is_batch(&format!("/v1.0/{}", url.trim_start_matches('/'))) {
            return Err(GraphError::Batch(format!("The request {id} is a batch itself.")));
        }
        Ok(Self { id, method, url, headers, body, depends_on })
    }
}

/// Lets one part through everything that a request of its own would go through.
async fn answer_of(
    part: Part,
    authorization: Option<&HeaderValue>,
    run: &impl Fn(Request) -> Running,
) -> Result<Value, GraphError> {
    let body = match part.body {
        None => Vec::new(),
        Some(Value::String(text)) => text.into_bytes(),
        Some(json) => json.to_string().into_bytes(),
    };
    let url = utf8_percent_encode(part.url.trim_start_matches('/'), NOT_IN_URLS);
    let url = format!("/v1.0/{url}");
    let wrong = |_| GraphError::Batch(format!("The url of request {} is not valid.", part.id));
    let mut request = Request::builder()
        .method(part.method)
        .uri(url)
        .header(CONTENT_LENGTH, body.len())
        .body(Body::from(body))
        .map_err(wrong)?;
    request.headers_mut().extend(part.headers);
    if let Some(authorization) = authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization.clone());
    }
    let (head, body) = run(request).await.into_parts();
    let bytes = to_bytes(body, LONGEST).await.map_err(|_| GraphError::TooLarge)?;
    let headers = head.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), Value::from(value.to_str().ok()?)))
    });
    let mut answer = Map::new();
    answer.insert("id".to_owned(), part.id.into());
    answer.insert("status".to_owned(), head.status.as_u16().into());
    answer.insert("headers".to_owned(), Value::Object(headers.map(spelled).collect()));
    if !bytes.is_empty() {
        let json = serde_json::from_slice(&bytes);
        answer.insert("body".to_owned(), json.unwrap_or_else(|_| STANDARD.encode(&bytes).into()));
    }
    Ok(Value::Object(answer))
}

/// Clients look some headers up as they are written in the documentation.
fn spelled((name, value): (String, Value)) -> (String, Value) {
    let known = ["Content-Type", "Location", "Retry-After", "Cache-Control"];
    let known = known.iter().find(|known| known.eq_ignore_ascii_case(&name));
    (known.map_or(name, |known| (*known).to_owned()), value)
}

fn failed_dependency(part: &Part) -> Value {
    json!({
        "id": part.id,
        "status": StatusCode::FAILED_DEPENDENCY.as_u16(),
        "headers": { "Content-Type": "application/json" },
        "body": { "error": {
            "code": "FailedDependency",
            "message": "A request that this one depends on has failed.",
        } },
    })
}
