use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::{HttpResponse, error::GraphRefusal};

/// An answer has the code and message of its JSON or none, and short ids. The lines before an empty one
/// are values of headers.
pub fn graph_answer(data: &[u8]) {
    let end = data.windows(2).position(|it| it == b"\n\n").unwrap_or(data.len());
    let (head, body) = data.split_at(end);
    let body = body.get(2..).unwrap_or_default();
    let mut headers = HeaderMap::new();
    let names = ["request-id", "client-request-id", "date", "retry-after"];
    for (name, line) in names.into_iter().zip(head.split(|byte| *byte == b'\n')) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    let body = body.to_vec().into();
    let answer = HttpResponse { status: StatusCode::FORBIDDEN, headers, body };
    let refusal = GraphRefusal::read(&answer);
    let value = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
    let code = value.as_ref().and_then(|it| it.get("error")?.get("code")?.as_str());
    // Members that aren't read may hold what is no text.
    assert!(value.is_none() || refusal.code.is_empty() || Some(refusal.code.as_str()) == code);
    assert!(
        refusal.ids.iter().skip(1).all(|it| it.1 == refusal.code || it.1.chars().count() <= 100)
    );
    assert!(refusal.is(&refusal.code.to_uppercase()) || !refusal.code.is_ascii());
}
