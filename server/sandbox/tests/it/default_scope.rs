//! `.default`, and what a redemption may ask for.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope>;
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow> on `scope`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{PERSONAL, TestSandbox, WORK, between};

const DEFAULT: &str = "https://graph.microsoft.com/.default";

/// The permissions of a token answer, without their resource.
fn granted(tokens: &Value) -> BTreeSet<&str> {
    let scope = tokens["scope"].as_str().unwrap();
    scope.split(' ').map(|word| word.rsplit('/').next().unwrap()).collect()
}

#[tokio::test]
async fn a_first_sign_in_with_default_asks_for_what_the_registration_lists() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let change = [("scope", DEFAULT)];
    let consent = browser.choose(&browser.authorize(&change).await, WORK).await;
    assert_eq!(consent.heading(), "Permissions requested");
    let list = between(&consent.text, "<ul class=\"permissions\">", "</ul>");
    assert!(list.contains("read your profile") && list.contains("Send mail as you"), "{list}");
    assert_eq!(list.matches("<li>").count(), 2, "{list}");
    let code = browser.decide(&consent, "accept").await.callback()["code"].clone();
    let tokens = sandbox.redeem(&code, &[("scope", DEFAULT)]).await.ok();
    assert_eq!(granted(&tokens), BTreeSet::from(["User.Read", "Mail.Send", ".default"]));
    sandbox.get("/v1.0/me", tokens["access_token"].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn default_after_a_consent_means_what_was_granted_and_asks_nothing() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(PERSONAL, &[("scope", "Mail.Read People.Read")]).await;
    let callback = browser.authorize(&[("scope", DEFAULT)]).await.callback();
    let tokens = sandbox.redeem(&callback["code"], &[]).await.ok();
    assert_eq!(granted(&tokens), BTreeSet::from(["Mail.Read", "People.Read", ".default"]));

    let page = browser.authorize(&[("scope", DEFAULT), ("prompt", "consent")]).await;
    let list = between(&page.text, "<ul class=\"permissions\">", "</ul>");
    assert_eq!(list.matches("<li>").count(), 4, "what is registered comes on top: {list}");
}

#[tokio::test]
async fn a_redemption_may_add_the_scopes_of_openid_connect_and_no_others() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code_for(WORK, &[("scope", "User.Read")]).await;
    let more = sandbox.redeem(&code, &[("scope", "User.Read offline_access")]).await;
    assert_ne!(more.status.as_u16(), 200, "{}", more.text);
    let scope = "openid profile email User.Read";
    let tokens = sandbox.redeem(&code, &[("scope", scope)]).await.ok();
    assert_eq!(tokens["scope"], scope);
    assert!(tokens["id_token"].is_string());
}
