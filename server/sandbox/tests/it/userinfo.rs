//! The userinfo endpoint.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/userinfo>.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK};

async fn endpoint(sandbox: &TestSandbox) -> String {
    let url = format!("{}/common/v2.0/.well-known/openid-configuration", sandbox.url);
    let document = Answer::of(sandbox.http.get(url)).await.ok();
    document["userinfo_endpoint"].as_str().unwrap().to_owned()
}

async fn ask(sandbox: &TestSandbox, token: &str) -> Answer {
    Answer::of(sandbox.http.get(endpoint(sandbox).await).bearer_auth(token)).await
}

#[tokio::test]
async fn discovery_names_an_endpoint_that_tells_who_signed_in() {
    let sandbox = TestSandbox::start().await;
    for (address, name) in [(WORK, "Wanda Work"), (PERSONAL, "Petra Personal")] {
        let tokens = sandbox.tokens(address).await;
        let claims = ask(&sandbox, tokens["access_token"].as_str().unwrap()).await.ok();
        let id_token = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let id_token: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(id_token).unwrap()).unwrap();
        assert_eq!(claims["sub"], id_token["sub"], "OpenID Connect Core 1.0, section 5.3.2");
        assert_eq!((&claims["name"], &claims["email"]), (&json!(name), &json!(address)));
        assert_eq!(claims["given_name"], name.split(' ').next().unwrap());
        assert_eq!(claims["picture"], format!("{}/v1.0/me/photo/$value", sandbox.url));
    }
}

#[tokio::test]
async fn userinfo_tells_no_more_than_the_scopes_allow() {
    let sandbox = TestSandbox::start().await;
    let names = |claims: &Value| claims.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for (scope, expected) in [
        ("openid User.Read", vec!["sub"]),
        ("openid email User.Read", vec!["email", "sub"]),
        ("openid profile User.Read", vec!["family_name", "given_name", "name", "picture", "sub"]),
    ] {
        let token = sandbox.token_for(WORK, scope).await;
        assert_eq!(names(&ask(&sandbox, &token).await.ok()), expected, "{scope}");
    }
}

#[tokio::test]
async fn userinfo_refuses_no_token_a_late_one_and_one_without_openid() {
    let sandbox = TestSandbox::start().await;
    let url = endpoint(&sandbox).await;
    let none = Answer::of(sandbox.http.post(url)).await;
    let narrow = ask(&sandbox, &sandbox.token_for(WORK, "User.Read").await).await;
    let token = sandbox.access_token(WORK).await;
    sandbox.clock.advance(Duration::from_secs(7200));
    let late = ask(&sandbox, &token).await;
    for (answer, code) in [
        (none, "InvalidAuthenticationToken"),
        (narrow, "UnknownError"),
        (late, "InvalidAuthenticationToken"),
    ] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
        assert_eq!(answer.json()["error"]["code"], code);
        assert!(answer.header("www-authenticate").starts_with("Bearer "));
    }
}
