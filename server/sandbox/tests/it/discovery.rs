//! The discovery document and the published keys.

use jsonwebtoken::jwk::JwkSet;
use reqwest::StatusCode;
use sandbox::TENANT;

use crate::support::{Answer, TestSandbox};

async fn document(sandbox: &TestSandbox, tenant: &str) -> Answer {
    let url = format!("{}/{tenant}/v2.0/.well-known/openid-configuration", sandbox.url);
    Answer::of(sandbox.http.get(url)).await
}

#[tokio::test]
async fn the_issuer_is_a_template_for_several_tenants_and_concrete_for_one() {
    let sandbox = TestSandbox::start().await;
    let personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
    for (tenant, issuer) in [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        ("consumers", personal),
        (personal, personal),
        (TENANT, TENANT),
        ("sandbox.example", TENANT),
    ] {
        let body = document(&sandbox, tenant).await.ok();
        assert_eq!(body["issuer"], format!("{}/{issuer}/v2.0", sandbox.url), "{tenant}");
    }
}

#[tokio::test]
async fn the_endpoints_keep_the_tenant_but_a_domain_becomes_its_id() {
    let sandbox = TestSandbox::start().await;
    for (tenant, segment) in [("common", "common"), ("sandbox.example", TENANT)] {
        let body = document(&sandbox, tenant).await.ok();
        let expected = format!("{}/{segment}/oauth2/v2.0/token", sandbox.url);
        assert_eq!(body["token_endpoint"], expected);
    }
}

#[tokio::test]
async fn an_unknown_tenant_is_refused_with_90002() {
    let sandbox = TestSandbox::start().await;
    for path in ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"] {
        let url = format!("{}/contoso.com/{path}", sandbox.url);
        let answer = Answer::of(sandbox.http.get(url)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["error_codes"][0], 90002);
    }
}

#[tokio::test]
async fn a_client_may_keep_the_document_for_a_day_and_is_not_told_about_pkce() {
    let sandbox = TestSandbox::start().await;
    let answer = document(&sandbox, "common").await;
    assert_eq!(answer.header("cache-control"), "max-age=86400, private");
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    assert!(answer.json().get("code_challenge_methods_supported").is_none());
}

#[tokio::test]
async fn a_published_key_names_its_issuer_and_carries_its_certificate() {
    let sandbox = TestSandbox::start().await;
    let body = document(&sandbox, "common").await.ok();
    let keys = Answer::of(sandbox.http.get(body["jwks_uri"].as_str().unwrap())).await.ok();
    let key = &keys["keys"][0];
    assert_eq!(key["issuer"], body["issuer"]);
    assert_eq!((&key["kty"], &key["use"]), (&"RSA".into(), &"sig".into()));
    assert_eq!(key["kid"], key["x5t"]);
    assert!(key["x5c"][0].as_str().unwrap().len() > 500);
    let parsed: JwkSet = serde_json::from_value(keys.clone()).unwrap();
    assert!(parsed.find(key["kid"].as_str().unwrap()).is_some());
}
