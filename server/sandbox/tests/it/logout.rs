//! Signing out of the browser.

use sandbox::REDIRECT_URI;

use crate::support::{TestSandbox, WORK};

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
