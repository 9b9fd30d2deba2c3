//! Signing out of the browser.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sandbox::{REDIRECT_URI, Settings};
use serde_json::Value;

use crate::support::{TestSandbox, WORK, between};

const BUILT_IN: &str = include_str!("../../sandbox.toml");

fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The sandbox with an application that asks for `sid` and has a logout URL.
async fn with_front_channel() -> TestSandbox {
    let none = "optional_claims = []";
    assert!(BUILT_IN.contains(none));
    let set =
        "optional_claims = [\"sid\"]\nfront_channel_logout_url = \"http://localhost:5000/out?a=1\"";
    TestSandbox::start_with(Settings::default().config(BUILT_IN.replacen(none, set, 1))).await
}

#[tokio::test]
async fn after_signing_out_the_browser_is_asked_again_but_tokens_live_on() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    for by_post in [false, true] {
        let browser = sandbox.browser();
        browser.sign_in(WORK, &[]).await;
        let page = if by_post {
            browser.post("/common/oauth2/v2.0/logout", &[]).await
        } else {
            browser.get("/common/oauth2/v2.0/logout").await
        };
        assert_eq!(page.heading(), "You signed out of your account");
        assert_eq!(browser.authorize(&[]).await.heading(), "Pick an account");
    }
    sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.ok();
}

#[tokio::test]
async fn the_cookie_alone_signs_nobody_in_after_a_sign_out() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let consent = browser.choose(&browser.authorize(&[]).await, WORK).await;
    let cookie = consent.header("set-cookie").split(';').next().unwrap().to_owned();
    browser.decide(&consent, "accept").await;
    browser.get("/common/oauth2/v2.0/logout").await;
    let url = format!(
        "{}/common/oauth2/v2.0/authorize?client_id={}&response_type=code&scope=openid&redirect_uri={REDIRECT_URI}",
        sandbox.url,
        sandbox::CLIENT_ID
    );
    let request = sandbox.http.get(url).header("cookie", cookie);
    let answer = crate::support::Answer::of(request).await;
    assert_eq!(answer.heading(), "Pick an account");
}

#[tokio::test]
async fn a_sign_out_leads_on_to_a_registered_uri_only() {
    let sandbox = TestSandbox::start().await;
    let logout = |next: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("post_logout_redirect_uri", next), ("state", "s 1")])
            .finish();
        format!("/common/oauth2/v2.0/logout?{query}")
    };
    let browser = sandbox.browser();
    let location = browser.get(&logout(REDIRECT_URI)).await.location();
    assert_eq!(location.as_str(), format!("{REDIRECT_URI}?state=s+1"));
    for other in ["http://localhost:5000/", "https://evil.example/", "nonsense"] {
        let page = browser.get(&logout(other)).await;
        assert_eq!(page.heading(), "You signed out of your account", "{other}");
    }
}

/// Sources: <https://learn.microsoft.com/entra/identity-platform/optional-claims-reference> (`sid`);
/// microsoft/o365-moodle#2560 (`session_state` is the same value).
#[tokio::test]
async fn a_browsers_session_has_one_id_in_every_callback_and_token() {
    let sandbox = with_front_channel().await;
    let browser = sandbox.browser();
    let first = browser.sign_in(WORK, &[]).await;
    let second = browser.authorize(&[]).await.callback();
    let session = &first["session_state"];
    assert_eq!(&second["session_state"], session);
    for callback in [&first, &second] {
        let tokens = sandbox.redeem(&callback["code"], &[]).await.ok();
        assert_eq!(claims(&tokens["id_token"])["sid"], session.as_str());
        assert_eq!(claims(&tokens["access_token"])["sid"], session.as_str());
        let refreshed = sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.ok();
        assert_eq!(claims(&refreshed["id_token"])["sid"], session.as_str());
    }
    let elsewhere = sandbox.browser().sign_in(WORK, &[]).await;
    assert_ne!(&elsewhere["session_state"], session);
}

#[tokio::test]
async fn an_id_token_has_no_sid_unless_the_registration_asks_for_it() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    assert!(claims(&tokens["id_token"]).get("sid").is_none());
}

/// Sources: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#single-sign-out>;
/// nginxinc/nginx-openid-connect#117 (`sid` alone, no `iss`).
#[tokio::test]
async fn a_sign_out_tells_the_applications_of_the_session_in_hidden_frames() {
    let sandbox = with_front_channel().await;
    let browser = sandbox.browser();
    let session = browser.sign_in(WORK, &[]).await["session_state"].clone();
    let logout = format!("/common/oauth2/v2.0/logout?post_logout_redirect_uri={REDIRECT_URI}");
    let page = browser.get(&logout).await;
    assert_eq!(page.heading(), "You signed out of your account");
    let frame = between(&page.text, "<iframe src=\"", "\"");
    assert_eq!(frame, format!("http://localhost:5000/out?a=1&amp;sid={session}"));
    assert!(page.header("content-security-policy").ends_with("; frame-src http://localhost:5000"));
    let next = between(&page.text, "content=\"2; url=", "\"");
    assert_eq!(next, REDIRECT_URI, "the browser goes on once the frames had their time");

    let again = browser.get(&logout).await;
    assert_eq!(again.status.as_u16(), 302, "a browser that is signed out has nobody to tell");
}

#[tokio::test]
async fn a_sign_out_tells_no_application_that_the_session_never_signed_in_to() {
    let sandbox = with_front_channel().await;
    let browser = sandbox.browser();
    browser.choose(&browser.authorize(&[]).await, WORK).await;
    let page = browser.get("/common/oauth2/v2.0/logout").await;
    assert!(!page.text.contains("<iframe"), "consent was never given: {}", page.text);
}
