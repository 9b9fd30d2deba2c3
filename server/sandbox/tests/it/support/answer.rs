//! An answer of the sandbox, and what tests read in it.

use std::collections::HashMap;

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::csdl;
use crate::support::between;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        let body = request.body().map(|it| it.as_bytes());
        if request.method() == Method::POST && matches!(body, None | Some(Some([]))) {
            request.headers_mut().entry("content-length").or_insert("0".parse().unwrap());
        }
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let path = response.url().path().to_owned();
        let answer = Self { status, headers, text: response.text().await.unwrap() };
        // A fault may have put anything into an answer.
        if let Ok(body) = serde_json::from_str(&answer.text) {
            csdl::check(&path, status.is_success(), &body);
        }
        answer
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The parameters that a redirect to the client carries in its query.
    pub fn callback(&self) -> HashMap<String, String> {
        self.location().query_pairs().into_owned().collect()
    }

    pub fn location(&self) -> Url {
        assert_eq!(self.status, StatusCode::FOUND, "{}", self.text);
        self.header(LOCATION.as_str()).parse().unwrap()
    }

    /// Whether the page has a button with this name.
    pub fn has_button(&self, name: &str) -> bool {
        self.text.contains(&format!(">{name}</button>"))
    }

    pub fn heading(&self) -> &str {
        between(&self.text, "<h1>", "</h1>")
    }

    pub fn transaction(&self) -> &str {
        between(&self.text, "name=\"transaction\" value=\"", "\"")
    }
}
