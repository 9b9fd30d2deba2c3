//! The Microsoft Graph client: who the person is, and sending one mail. The token is given with
//! each call; nothing is kept. Knows no session and no page.

mod error;
mod me;
mod send_mail;

use std::{sync::Arc, time::Duration};

use axum::http::{
    HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION},
};
use bff::{HttpClient, HttpResponse};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

pub use error::{GraphError, GraphRefusal};
pub use send_mail::Message;

use crate::request_id::RequestId;

/// Microsoft Graph v1.0.
pub struct Graph {
    base: Url,
    http: Arc<HttpClient>,
    login_timeout: Duration,
    graph_timeout: Duration,
}

impl Graph {
    /// Graph at `graph_url`, such as `https://graph.microsoft.com`.
    #[must_use]
    pub const fn new(
        graph_url: Url,
        http: Arc<HttpClient>,
        login_timeout: Duration,
        graph_timeout: Duration,
    ) -> Self {
        Self { base: graph_url, http, login_timeout, graph_timeout }
    }

    /// A request to `/v1.0{path}` in the name of the token's person, made for the request `id` to this
    /// server. It carries the Authorization header (RFC 6750, section 2.1).
    fn request(
        &self,
        method: Method,
        path: &str,
        token: &SecretString,
        id: RequestId,
    ) -> Result<Request, GraphError> {
        let url = self.base.join(&format!("/v1.0{path}")).map_err(|_| GraphError::NotSent)?;
        let mut request = Request::new(method, url);
        let bearer = format!("Bearer {}", token.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| GraphError::NotSent)?;
        bearer.set_sensitive(true);
        let id = HeaderValue::from_str(&id.to_string()).map_err(|_| GraphError::NotSent)?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("client-request-id", id);
        headers.insert("return-client-request-id", HeaderValue::from_static("true"));
        Ok(request)
    }

    async fn call(&self, request: Request, time_out: Duration) -> Result<HttpResponse, GraphError> {
        Ok(self.http.send(request, time_out).await?)
    }
}
