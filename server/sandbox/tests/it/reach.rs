//! Where a sandbox can be reached, by which names, and who may control it there.

use reqwest::{Client, StatusCode};
use sandbox::{BindError, Sandbox, Settings};
use serde_json::Value;

use crate::support::{Answer, TestSandbox, WORK};

#[tokio::test]
async fn any_address_is_taken_where_that_was_chosen() {
    let settings = Settings::default().any_address();
    let sandbox = Sandbox::bind_with("0.0.0.0:0".parse().unwrap(), settings).await.unwrap();
    let url = sandbox.url().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    tokio::spawn(sandbox.run());
    Answer::of(Client::new().get(format!("{url}/sandbox/outbox"))).await.ok();
}

#[tokio::test]
async fn a_given_name_stands_in_every_url_and_is_answered_to() {
    let settings = Settings::default().host("sandbox").host("Uploads.example:8080");
    let sandbox = Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), settings).await.unwrap();
    let (url, upload_url) = (sandbox.url().to_owned(), sandbox.upload_url().to_owned());
    tokio::spawn(sandbox.run());
    let port: u16 = url.strip_prefix("http://sandbox:").unwrap().parse().unwrap();
    assert_eq!(upload_url, "http://Uploads.example:8080");
    let http = Client::builder().resolve("sandbox", ([127, 0, 0, 1], port).into()).build().unwrap();
    let document = format!("{url}/common/v2.0/.well-known/openid-configuration");
    let document: Value = Answer::of(http.get(document)).await.ok();
    for name in ["issuer", "token_endpoint", "authorization_endpoint", "jwks_uri"] {
        assert!(document[name].as_str().unwrap().starts_with(&url), "{name}: {document}");
    }
    for (host, status) in [
        ("sandbox", StatusCode::OK),
        ("uploads.example:8080", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("sandbox.evil.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let answer = Answer::of(http.get(format!("{url}/")).header("host", host)).await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_name_that_no_url_can_have_is_refused() {
    for name in ["", "a b", "http://sandbox", "sandbox/x", "user@sandbox", "sandbox:x"] {
        let settings = Settings::default().host(name);
        let bound = Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), settings).await;
        assert!(matches!(bound, Err(BindError::Host(_))), "{name}");
    }
}

#[tokio::test]
async fn with_a_control_key_nobody_controls_the_sandbox_or_reads_its_mail_without_it() {
    let sandbox = TestSandbox::start_with(Settings::default().control_key("secret")).await;
    for path in ["/", "/sandbox/outbox", "/sandbox/requests"] {
        let get = || sandbox.http.get(format!("{}{path}", sandbox.url));
        let refused = Answer::of(get()).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(refused.header("www-authenticate").starts_with("Basic "), "{path}");
        let wrong = Answer::of(get().bearer_auth("other")).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(Answer::of(get().bearer_auth("secret")).await.status, StatusCode::OK, "{path}");
        let typed = Answer::of(get().basic_auth("", Some("secret"))).await;
        assert_eq!(typed.status, StatusCode::OK, "{path}");
        let foreign = get().bearer_auth("secret").header("origin", "https://evil.example");
        let status = Answer::of(foreign).await.status;
        assert!(path == "/" || status == StatusCode::FORBIDDEN, "{path}: {status}");
    }
    sandbox.tokens(WORK).await;
}
