//! What a refresh token that comes twice does where that is punished.

use reqwest::StatusCode;
use sandbox::Settings;
use serde_json::Value;

use crate::support::{Answer, PERSONAL, TestSandbox, WORK};

async fn strict() -> TestSandbox {
    TestSandbox::start_with(Settings::default().punish_refresh_reuse()).await
}

fn token<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

fn is_revoked(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    let body = answer.json();
    assert_eq!((&body["error"], &body["error_codes"][0]), (&"invalid_grant".into(), &50173.into()));
}

#[tokio::test]
async fn a_chain_of_refreshes_is_no_reuse() {
    let sandbox = strict().await;
    let mut tokens = sandbox.tokens(WORK).await;
    for _ in 0..3 {
        tokens = sandbox.refresh(token(&tokens, "refresh_token"), &[]).await.ok();
    }
}

#[tokio::test]
async fn a_second_use_ends_every_token_of_the_sign_in_and_no_other() {
    let sandbox = strict().await;
    let first = sandbox.tokens(WORK).await;
    let (other, stranger) = (sandbox.tokens(WORK).await, sandbox.tokens(PERSONAL).await);
    let second = sandbox.refresh(token(&first, "refresh_token"), &[]).await.ok();
    is_revoked(&sandbox.refresh(token(&first, "refresh_token"), &[]).await);
    is_revoked(&sandbox.refresh(token(&second, "refresh_token"), &[]).await);
    for ended in [&first, &second] {
        let answer = sandbox.get("/v1.0/me", token(ended, "access_token")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json()["error"]["code"], "InvalidAuthenticationToken");
    }
    for alive in [&other, &stranger] {
        sandbox.get("/v1.0/me", token(alive, "access_token")).await.ok();
        sandbox.refresh(token(alive, "refresh_token"), &[]).await.ok();
    }
}

#[tokio::test]
async fn a_refused_refresh_spends_nothing() {
    let sandbox = strict().await;
    let tokens = sandbox.tokens(WORK).await;
    let refresh = token(&tokens, "refresh_token");
    for change in [("client_secret", "wrong"), ("scope", "Mail.ReadWrite")] {
        assert_ne!(sandbox.refresh(refresh, &[change]).await.status, StatusCode::OK);
    }
    sandbox.refresh(refresh, &[]).await.ok();
}
