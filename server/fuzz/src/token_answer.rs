use std::sync::{Arc, LazyLock};

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use futures::executor::block_on;
use serde_json::Value;

use crate::{HttpResponse, Settings, http_client::HttpClient, sign_in};

/// The first byte chooses the status, the second the type; the rest is the body.
pub fn token_answer(data: &[u8]) {
    static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings {
        client_id: "client".to_owned(),
        client_secret: "secret".into(),
        time_out: std::time::Duration::from_secs(1),
    });
    static METADATA: LazyLock<sign_in::provider::Metadata> =
        LazyLock::new(|| sign_in::provider::Metadata {
            token_endpoint: url::Url::parse("https://login.example/token").expect("a URL"),
        });
    let [status, kind, body @ ..] = data else { return };
    let status = [200, 400, 401, 429, 503, 201, 302][usize::from(status % 7)];
    let mut headers = HeaderMap::new();
    let kinds = ["application/json", "application/json; charset=utf-8", "text/html", ""];
    let kind = HeaderValue::from_static(kinds[usize::from(kind % 4)]);
    headers.insert("content-type", kind);
    let status = StatusCode::from_u16(status).expect("a status");
    let http = HttpClient::default();
    *http.0.lock().expect("not poisoned") =
        Some(HttpResponse { status, headers, body: body.to_vec().into() });
    match block_on(sign_in::refresh(&SETTINGS, Arc::new(http), &METADATA)) {
        // Tokens come from JSON that names them.
        Ok(token) => {
            // What stands behind it is ignored.
            let mut values = serde_json::Deserializer::from_slice(body).into_iter::<Value>();
            let value = values.next().expect("a value").expect("JSON");
            assert_eq!(value["access_token"], token);
        }
        // An error quotes at most the error code, on one line.
        Err(error) => {
            let value = serde_json::from_slice::<Value>(body).ok();
            let code = value.as_ref().and_then(|it| it.get("error")?.as_str()).unwrap_or_default();
            // Members that aren't read may hold what is no text.
            assert!(value.is_none() || error.len() <= 100 + 10 * code.len(), "{error}");
            assert!(!error.contains(['\n', '\r', '\u{1b}']), "{error:?}");
        }
    }
}
