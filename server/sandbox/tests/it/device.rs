//! The device authorization grant: a program without a browser, and a person with one.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>.

use std::time::Duration;

use sandbox::{CLIENT_ID, CLIENT_SECRET, Settings};
use serde_json::Value;

use crate::support::{Answer, TestSandbox, WORK};

const BUILT_IN: &str = include_str!("../../sandbox.toml");

const OTHER_CLIENT: &str = "11111111-1111-4111-8111-111111111119";

/// The sandbox with a program on a device in the place of the built-in web application, and another one.
async fn start() -> TestSandbox {
    let web = "redirect_uris = [\"http://localhost:5000/login/authorized\"]";
    let other = format!(
        "[[registration]]\nclient_id = \"{OTHER_CLIENT}\"\nname = \"Another\"\n\
         public_redirect_uris = [\"http://localhost\"]\n\n# A person."
    );
    let mut file = BUILT_IN.to_owned();
    for (old, new) in [
        (web, "redirect_uris = []"),
        ("public_redirect_uris = []", "public_redirect_uris = [\"http://localhost\"]"),
        ("# A person.", other.as_str()),
    ] {
        assert!(file.contains(old), "{old}");
        file = file.replacen(old, new, 1);
    }
    TestSandbox::start_with(Settings::default().config(file)).await
}

async fn ask(sandbox: &TestSandbox, scope: &str) -> Answer {
    let url = format!("{}/common/v2.0/.well-known/openid-configuration", sandbox.url);
    let document = Answer::of(sandbox.http.get(url)).await.ok();
    let endpoint = document["device_authorization_endpoint"].as_str().unwrap();
    let form = [("client_id", CLIENT_ID), ("scope", scope)];
    Answer::of(sandbox.http.post(endpoint).form(&form)).await
}

async fn poll(sandbox: &TestSandbox, device: &Value) -> Answer {
    poll_as(sandbox, device, "urn:ietf:params:oauth:grant-type:device_code").await
}

async fn poll_as(sandbox: &TestSandbox, device: &Value, grant_type: &str) -> Answer {
    let code = device["device_code"].as_str().unwrap();
    sandbox.token(&[("grant_type", grant_type), ("client_secret", ""), ("device_code", code)]).await
}

fn assert_refused(answer: &Answer, error: &str, number: u32) {
    assert_eq!(answer.status.as_u16(), 400, "{}", answer.text);
    assert_eq!(answer.json()["error"], error);
    assert_eq!(answer.json()["error_codes"][0], number, "{error}");
}

#[tokio::test]
async fn a_device_gets_its_tokens_once_a_person_typed_its_code_signed_in_and_consented() {
    let sandbox = start().await;
    let device = ask(&sandbox, "openid offline_access User.Read").await.ok();
    assert_eq!((&device["expires_in"], &device["interval"]), (&900.into(), &5.into()));
    let user_code = device["user_code"].as_str().unwrap();
    assert_eq!(user_code.len(), 9);
    let message = device["message"].as_str().unwrap();
    let page = device["verification_uri"].as_str().unwrap();
    assert!(message.contains(page) && message.contains(user_code), "{message}");
    assert!(device.get("verification_uri_complete").is_none(), "Microsoft has none");
    assert_refused(&poll(&sandbox, &device).await, "authorization_pending", 70016);
    let as_msal_node = poll_as(&sandbox, &device, "device_code").await;
    assert_refused(&as_msal_node, "authorization_pending", 70016);

    let browser = sandbox.browser();
    let path = page.strip_prefix(&sandbox.url).unwrap();
    assert_eq!(browser.get(path).await.heading(), "Enter code to allow access");
    let typed = [("code", user_code)].map(|(name, code)| (name, code.to_lowercase()));
    let typed = typed.each_ref().map(|(name, code)| (*name, code.as_str()));
    let picker = browser.post("/sandbox/sign-in/device", &typed).await;
    let consent = browser.choose(&picker, WORK).await;
    assert_refused(&poll(&sandbox, &device).await, "authorization_pending", 70016);
    let end = browser.decide(&consent, "accept").await;
    assert_eq!(end.heading(), "You're signed in");

    let tokens = poll(&sandbox, &device).await.ok();
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(sandbox.get("/v1.0/me", access).await.ok()["userPrincipalName"], WORK);
    let refresh = [("client_secret", "")];
    sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &refresh).await.ok();
    assert_refused(&poll(&sandbox, &device).await, "invalid_grant", 54005);
    let again = browser.post("/sandbox/sign-in/device", &typed).await;
    assert_eq!(again.status.as_u16(), 400, "a code serves one device once");
}

#[tokio::test]
async fn a_device_is_told_that_the_person_declined_or_came_too_late() {
    let sandbox = start().await;
    let browser = sandbox.browser();
    for button in ["decline", "cancel"] {
        let device = ask(&sandbox, "User.Read").await.ok();
        let typed = [("code", device["user_code"].as_str().unwrap())];
        let picker = browser.post("/sandbox/sign-in/device", &typed).await;
        let consent = browser.choose(&picker, WORK).await;
        let end = browser.decide(&consent, button).await;
        assert_eq!(end.heading(), "You didn't sign in");
        assert_refused(&poll(&sandbox, &device).await, "authorization_declined", 65004);
    }
    let device = ask(&sandbox, "User.Read").await.ok();
    sandbox.clock.advance(Duration::from_secs(900));
    assert_refused(&poll(&sandbox, &device).await, "expired_token", 70019);
    let typed = [("code", device["user_code"].as_str().unwrap())];
    let late = browser.post("/sandbox/sign-in/device", &typed).await;
    assert!(late.text.contains("That code didn't work."), "{}", late.text);
}

#[tokio::test]
async fn a_device_code_is_for_the_client_that_got_it_and_a_scope_has_to_be_known() {
    let sandbox = start().await;
    let unknown = serde_json::json!({ "device_code": "x" });
    assert_refused(&poll(&sandbox, &unknown).await, "bad_verification_code", 70018);
    let device = ask(&sandbox, "User.Read").await.ok();
    let other = sandbox
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", OTHER_CLIENT),
            ("client_secret", ""),
            ("device_code", device["device_code"].as_str().unwrap()),
        ])
        .await;
    assert_refused(&other, "bad_verification_code", 70018);
    assert_refused(&ask(&sandbox, "Mail.Everything").await, "invalid_scope", 70011);
    assert_refused(&ask(&sandbox, "").await, "invalid_request", 900_144);
}

/// "Allow public client flows" is off for a web application, so the token endpoint wants its secret.
#[tokio::test]
async fn a_web_applications_device_needs_its_secret() {
    let sandbox = TestSandbox::start().await;
    let device = ask(&sandbox, "User.Read").await.ok();
    let without = poll(&sandbox, &device).await;
    assert_eq!(without.json()["error_codes"][0], 7_000_218, "{}", without.text);
    let code = device["device_code"].as_str().unwrap();
    let with = sandbox
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_secret", CLIENT_SECRET),
            ("device_code", code),
        ])
        .await;
    assert_refused(&with, "authorization_pending", 70016);
}
