//! What instance discovery answers, which Microsoft's libraries ask before they trust a host.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, TestSandbox};

async fn ask(sandbox: &TestSandbox, query: &[(&str, &str)]) -> Answer {
    let url = format!("{}/common/discovery/instance", sandbox.url);
    Answer::of(sandbox.http.get(url).query(query)).await
}

#[tokio::test]
async fn the_sandbox_is_an_instance_by_any_of_its_names_with_or_without_the_port() {
    let sandbox = TestSandbox::start().await;
    let host = sandbox.url.trim_start_matches("http://");
    for endpoint in [
        format!("{}/organizations/oauth2/v2.0/authorize", sandbox.url),
        "https://localhost/organizations/oauth2/v2.0/authorize".to_owned(),
    ] {
        let query = [("api-version", "1.1"), ("authorization_endpoint", &endpoint)];
        let body = ask(&sandbox, &query).await.ok();
        let document =
            format!("{}/organizations/v2.0/.well-known/openid-configuration", sandbox.url);
        assert_eq!(body["tenant_discovery_endpoint"], document);
        let instance =
            json!({ "preferred_network": host, "preferred_cache": host, "aliases": [host] });
        assert_eq!(body["metadata"], json!([instance]));
    }
}

#[tokio::test]
async fn the_older_version_has_no_metadata() {
    let sandbox = TestSandbox::start().await;
    let endpoint = "https://localhost/common/oauth2/v2.0/authorize";
    let query = [("api-version", "1.0"), ("authorization_endpoint", endpoint)];
    let body = ask(&sandbox, &query).await.ok();
    assert_eq!((&body["api-version"], &body["metadata"]), (&json!("1.0"), &Value::Null));
}

#[tokio::test]
async fn another_host_is_no_instance() {
    let sandbox = TestSandbox::start().await;
    let endpoint = "https://login.example/common/oauth2/v2.0/authorize";
    let query = [("api-version", "1.1"), ("authorization_endpoint", endpoint)];
    let answer = ask(&sandbox, &query).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_instance");
    assert_eq!(answer.json()["error_codes"][0], 50049);
    let incomplete = ask(&sandbox, &query[..1]).await;
    assert_eq!(incomplete.json()["error_codes"][0], 900_144);
}
