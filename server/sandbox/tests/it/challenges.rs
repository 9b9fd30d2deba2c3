//! Claims challenges, at Graph and at the token endpoint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, TestSandbox, WORK, between};

fn step_up() -> Value {
    json!({ "access_token": { "acrs": { "essential": true, "value": "c1" } } })
}

/// What Graph says a token lacks.
fn challenge(answer: &Answer) -> Value {
    let header = answer.header("www-authenticate");
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let encoded = between(header, " claims=\"", "\"");
    serde_json::from_slice(&STANDARD.decode(encoded).unwrap()).unwrap()
}

#[tokio::test]
async fn a_claims_challenge_says_what_the_token_lacks() {
    let sandbox = TestSandbox::start().await;
    let (first, second) = (sandbox.access_token(WORK).await, sandbox.access_token(WORK).await);
    let faults = json!([{ "route": "me", "claims": step_up() }, { "route": "me", "claims": {} }]);
    sandbox.plant(faults).await;
    let refused = sandbox.get("/v1.0/me", &first).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json()["error"]["code"], "InvalidAuthenticationToken");
    assert_eq!(challenge(&refused), step_up());
    let refused = sandbox.get("/v1.0/me", &second).await;
    assert!(challenge(&refused)["access_token"]["nbf"]["value"].is_string());
}

#[tokio::test]
async fn the_same_token_is_challenged_again_and_a_newer_one_is_not() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    let token = tokens["access_token"].as_str().unwrap();
    sandbox.plant(json!([{ "route": "me", "claims": {} }])).await;
    let first = sandbox.get("/v1.0/me", token).await;
    for path in ["/v1.0/me", "/v1.0/me/photo", "/v1.0/me"] {
        let again = sandbox.get(path, token).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(challenge(&again), challenge(&first), "{path}");
    }
    let newer = sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.ok();
    sandbox.get("/v1.0/me", newer["access_token"].as_str().unwrap()).await.ok();
    assert_eq!(sandbox.get("/v1.0/me", token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_challenge_can_be_a_403_and_have_another_code() {
    let sandbox = TestSandbox::start().await;
    for (more, status, code) in [
        (json!({ "status": 403 }), 403, "ErrorAccessDenied"),
        (json!({ "status": 403, "code": "AccessDenied" }), 403, "AccessDenied"),
        (json!({ "code": "TokenLacksClaims" }), 401, "TokenLacksClaims"),
    ] {
        let token = sandbox.access_token(WORK).await;
        let mut fault = more;
        fault["route"] = json!("me");
        fault["claims"] = step_up();
        sandbox.plant(json!([fault])).await;
        for time in ["first", "second"] {
            let answer = sandbox.get("/v1.0/me", &token).await;
            assert_eq!(answer.status.as_u16(), status, "{fault}, the {time} time");
            assert_eq!(answer.json()["error"]["code"], code, "{fault}, the {time} time");
            assert_eq!(challenge(&answer), step_up(), "{fault}, the {time} time");
        }
    }
}

#[tokio::test]
async fn the_token_endpoint_can_ask_for_claims_with_every_error() {
    let sandbox = TestSandbox::start().await;
    for (more, status, error, number) in [
        (json!({}), 400, "invalid_grant", json!(50076)),
        (json!({ "status": 401 }), 401, "invalid_grant", json!(50076)),
        (json!({ "code": "AADSTS50079" }), 400, "invalid_grant", json!(50079)),
        (json!({ "code": "AADSTS53003" }), 400, "invalid_grant", json!(53003)),
        (json!({ "code": "interaction_required" }), 400, "interaction_required", Value::Null),
    ] {
        let mut fault = more;
        fault["route"] = json!("token");
        fault["claims"] = step_up();
        sandbox.plant(json!([fault])).await;
        let answer = sandbox.refresh("x", &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{fault}");
        let body = answer.json();
        assert_eq!((&body["error"], &body["error_codes"][0]), (&json!(error), &number), "{fault}");
        assert_eq!(body["claims"], step_up().to_string(), "{fault}");
    }
}
