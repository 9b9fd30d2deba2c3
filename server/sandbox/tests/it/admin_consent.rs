//! An administrator's consent for the whole work tenant.

use reqwest::StatusCode;
use sandbox::{CLIENT_ID, REDIRECT_URI, TENANT};

use crate::support::{Answer, Browser, TestSandbox};

const NEEDS_ADMIN: &str = "needsadmin@sandbox.example";

async fn open(browser: &Browser, tenant: &str, client: &str) -> Answer {
    let scope = "https://graph.microsoft.com/.default";
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", client), ("redirect_uri", REDIRECT_URI)])
        .extend_pairs([("state", "xyz"), ("scope", scope)])
        .finish();
    browser.get(&format!("/{tenant}/v2.0/adminconsent?{query}")).await
}

async fn decide(browser: &Browser, page: &Answer, answer: &str) -> Answer {
    let form = [("transaction", page.transaction()), ("answer", answer)];
    browser.post("/sandbox/sign-in/admin", &form).await
}

#[tokio::test]
async fn once_an_administrator_accepts_nobody_of_the_tenant_is_asked_again() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = open(&browser, "organizations", CLIENT_ID).await;
    assert!(page.has_button("Accept") && page.has_button("Cancel"));
    let callback = decide(&browser, &page, "accept").await.callback();
    assert_eq!(callback["admin_consent"], "True");
    assert_eq!(callback["tenant"], TENANT);
    assert_eq!(callback["state"], "xyz");

    let page = browser.choose(&browser.authorize(&[]).await, NEEDS_ADMIN).await;
    assert!(page.callback().contains_key("code"));
}

#[tokio::test]
async fn an_administrator_who_cancels_grants_nothing() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let page = open(&browser, TENANT, CLIENT_ID).await;
    let callback = decide(&browser, &page, "cancel").await.callback();
    assert_eq!(callback["error"], "access_denied");
    assert!(callback["error_description"].starts_with("AADSTS65004"));
    assert_eq!((callback["state"].as_str(), callback["admin_consent"].as_str()), ("xyz", "True"));

    let page = browser.choose(&browser.authorize(&[]).await, NEEDS_ADMIN).await;
    assert_eq!(page.heading(), "Need admin approval");
}

#[tokio::test]
async fn an_unknown_client_and_personal_accounts_get_a_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for (tenant, client, number) in
        [("common", "someone", "AADSTS700016"), ("consumers", CLIENT_ID, "AADSTS90002")]
    {
        let page = open(&browser, tenant, client).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains(number), "{}", page.text);
    }
}
