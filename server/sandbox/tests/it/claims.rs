//! What the `claims` parameter changes.

use reqwest::StatusCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{TestSandbox, WORK};

const CAPABLE: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
const STEP_UP: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

fn claims_of(tokens: &Value) -> Value {
    let part = tokens["access_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_client_that_can_handle_challenges_gets_an_access_token_for_a_day() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let tokens = sandbox.redeem(&code, &[("claims", CAPABLE)]).await.ok();
    let lifetime = tokens["expires_in"].as_u64().unwrap();
    assert!((72_000..100_800).contains(&lifetime), "{lifetime}");
    assert_eq!(claims_of(&tokens)["xms_cc"], json!(["CP1"]));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let plain = sandbox.refresh(refresh, &[]).await.ok();
    assert!(plain["expires_in"].as_u64().unwrap() < 5400);
    assert_eq!(claims_of(&plain).get("xms_cc"), None);
}

#[tokio::test]
async fn what_a_resource_demands_takes_the_person_and_then_lasts() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let code = browser.sign_in(WORK, &[]).await["code"].clone();
    let tokens = sandbox.redeem(&code, &[]).await.ok();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refused = sandbox.refresh(refresh, &[("claims", STEP_UP)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let body = refused.json();
    assert_eq!((&body["error"], &body["error_codes"][0]), (&json!("invalid_grant"), &json!(50076)));
    assert_eq!((&body["suberror"], &body["claims"]), (&json!("basic_action"), &json!(STEP_UP)));

    let silent = browser.authorize(&[("claims", STEP_UP), ("prompt", "none")]).await.callback();
    assert_eq!(silent["error"], "interaction_required");
    assert!(silent["error_description"].starts_with("AADSTS50076: "));

    let picker = browser.authorize(&[("claims", STEP_UP)]).await;
    assert_eq!(picker.heading(), "Pick an account");
    let code = browser.choose(&picker, WORK).await.callback()["code"].clone();
    let tokens = sandbox.redeem(&code, &[("claims", STEP_UP)]).await.ok();
    assert_eq!(claims_of(&tokens)["acrs"], json!(["c1"]));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let newer = sandbox.refresh(refresh, &[("claims", STEP_UP)]).await.ok();
    assert_eq!(claims_of(&newer)["acrs"], json!(["c1"]));
}

#[tokio::test]
async fn claims_that_are_no_json_are_refused_at_both_endpoints() {
    let sandbox = TestSandbox::start().await;
    let callback = sandbox.browser().authorize(&[("claims", "{")]).await.callback();
    assert_eq!(callback["error"], "invalid_request");
    let code = sandbox.code(WORK).await;
    let answer = sandbox.redeem(&code, &[("claims", "{")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error_codes"][0], 9_002_313);
    sandbox.redeem(&code, &[]).await.ok();
}
