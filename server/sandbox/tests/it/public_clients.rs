//! What clients that can keep no secret may do: single-page apps and programs on a device.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::ORIGIN;
use sandbox::Settings;
use serde_json::Value;

use crate::support::{Answer, TestSandbox, WORK};

const FILE: &str = r#"
[[tenant]]
id = "22222222-2222-4222-8222-222222222222"
domain = "sandbox.example"

[[registration]]
client_id = "11111111-1111-4111-8111-111111111111"
name = "Without a secret"
spa_redirect_uris = ["http://localhost:3000/spa"]
public_redirect_uris = ["http://localhost/device"]

[[account]]
address = "work@sandbox.example"
given_name = "W"
surname = "Ork"
tenant = "sandbox.example"
object_id = "33333333-3333-4333-8333-333333333301"
"#;
const PAGE: &str = "http://localhost:3000/spa";
const DEVICE: &str = "http://localhost:7777/device";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";

async fn start() -> TestSandbox {
    TestSandbox::start_with(Settings::default().config(FILE)).await
}

/// A request of the page, or of the program, with some parameters changed.
async fn redeem(sandbox: &TestSandbox, uri: &str, origin: bool, change: &[(&str, &str)]) -> Answer {
    let challenge = [("redirect_uri", uri), ("code_challenge", VERIFIER)];
    let code = sandbox.code_for(WORK, &challenge).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", uri),
        ("code_verifier", VERIFIER),
    ];
    post(sandbox, origin, &[&form, change].concat()).await
}

async fn post(sandbox: &TestSandbox, origin: bool, form: &[(&str, &str)]) -> Answer {
    let form = [&[("client_id", sandbox::CLIENT_ID)], form].concat();
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    let page = request.try_clone().unwrap().header(ORIGIN, "http://localhost:3000");
    Answer::of(if origin { page } else { request }).await
}

fn refused(answer: &Answer, status: StatusCode, error: &str, number: u32) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!((&body["error"], &body["error_codes"][0]), (&error.into(), &number.into()));
}

#[tokio::test]
async fn a_page_redeems_its_code_across_origins_and_may_read_the_answer() {
    let sandbox = start().await;
    let answer = redeem(&sandbox, PAGE, true, &[]).await;
    answer.ok();
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let elsewhere = redeem(&sandbox, PAGE, false, &[]).await;
    refused(&elsewhere, StatusCode::BAD_REQUEST, "invalid_request", 9_002_327);
}

#[tokio::test]
async fn a_page_has_to_prove_that_it_asked() {
    let sandbox = start().await;
    let code = sandbox.code_for(WORK, &[("redirect_uri", PAGE)]).await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", PAGE)];
    let answer = post(&sandbox, true, &form).await;
    refused(&answer, StatusCode::BAD_REQUEST, "invalid_request", 9_002_325);
}

#[tokio::test]
async fn a_public_client_sends_no_secret() {
    let sandbox = start().await;
    redeem(&sandbox, DEVICE, false, &[]).await.ok();
    for (uri, origin) in [(DEVICE, false), (PAGE, true)] {
        let answer = redeem(&sandbox, uri, origin, &[("client_secret", "x")]).await;
        refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client", 700_025);
    }
}

#[tokio::test]
async fn a_pages_refresh_token_ends_a_day_after_the_sign_in_however_often_it_is_used() {
    let sandbox = start().await;
    let mut tokens = redeem(&sandbox, PAGE, true, &[]).await.ok();
    let device = redeem(&sandbox, DEVICE, false, &[]).await.ok();
    let refresh = |tokens: &Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        sandbox.clock.advance(Duration::from_secs(8 * 3600));
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh(&tokens))];
        tokens = post(&sandbox, true, &form).await.ok();
    }
    sandbox.clock.advance(Duration::from_secs(8 * 3600));
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh(&tokens))];
    let late = post(&sandbox, true, &form).await;
    refused(&late, StatusCode::BAD_REQUEST, "invalid_grant", 700_084);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh(&device))];
    post(&sandbox, false, &form).await.ok();
}

#[tokio::test]
async fn what_is_not_offered_is_refused_honestly() {
    let sandbox = start().await;
    let form = [("grant_type", "password"), ("username", WORK), ("password", "x")];
    let common = post(&sandbox, false, &form).await;
    refused(&common, StatusCode::BAD_REQUEST, "invalid_request", 9_001_023);
    let url = format!("{}/sandbox.example/oauth2/v2.0/token", sandbox.url);
    let form = [&form[..], &[("client_id", sandbox::CLIENT_ID)]].concat();
    let tenant = Answer::of(sandbox.http.post(url).form(&form)).await;
    refused(&tenant, StatusCode::BAD_REQUEST, "unsupported_grant_type", 70003);
}
