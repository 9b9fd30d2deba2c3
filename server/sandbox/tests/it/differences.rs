//! What differs from Microsoft and is shown by no test of another file.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, mail};

#[tokio::test]
async fn a_second_account_takes_the_place_of_the_first_in_a_browser() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[]).await;
    browser.sign_in(PERSONAL, &[("prompt", "select_account")]).await;
    let callback = browser.authorize(&[("prompt", "none")]).await.callback();
    let tokens = sandbox.redeem(&callback["code"], &[]).await.ok();
    let me = sandbox.get("/v1.0/me", tokens["access_token"].as_str().unwrap()).await.ok();
    assert_eq!(me["userPrincipalName"], PERSONAL);
}

#[tokio::test]
async fn the_consent_page_lists_what_was_granted_before_too() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[("scope", "openid User.Read")]).await;
    let page = browser.authorize(&[("scope", "openid User.Read Mail.Send")]).await;
    assert!(page.text.contains("read your profile") && page.text.contains("Send mail as you"));
}

#[tokio::test]
async fn there_is_one_version_of_graph() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let answer = sandbox.get("/beta/me", &token).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
}

#[tokio::test]
async fn discovery_leaves_out_what_does_not_exist_and_two_keys_are_published() {
    let sandbox = TestSandbox::start().await;
    let get = async |path: &str| {
        Answer::of(sandbox.http.get(format!("{}/common/{path}", sandbox.url))).await.ok()
    };
    let document = get("v2.0/.well-known/openid-configuration").await;
    assert_eq!(document.get("kerberos_endpoint"), None);
    let keys = get("discovery/v2.0/keys").await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn properties_and_routes_that_the_sandbox_does_not_have_are_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &mail()["message"]).await;
    let attachments = format!("me/messages/{draft}/attachments");
    let property = json!({ "id": "String 0x1001", "value": "a" });
    for (path, body) in [
        ("me/messages", json!({ "singleValueExtendedProperties": [property] })),
        ("me/messages", json!({ "multiValueExtendedProperties": [] })),
        ("me/inferenceClassification/overrides", json!({ "classifyAs": "focused" })),
        ("me/mailFolders/inbox/messageRules", json!({ "displayName": "Rule" })),
        (
            "me/mailFolders/inbox/childFolders",
            json!({ "@odata.type": "microsoft.graph.mailSearchFolder", "displayName": "Weekly digests" }),
        ),
        (
            attachments.as_str(),
            json!({ "@odata.type": "#microsoft.graph.referenceAttachment", "name": "a" }),
        ),
    ] {
        let answer = sandbox.post(path, &token, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {body}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_value_of_an_attached_event_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let draft = sandbox.draft(&token, &mail()["message"]).await;
    let attachments = format!("me/messages/{draft}/attachments");
    let event = json!({ "@odata.type": "#microsoft.graph.event", "subject": "Lunch" });
    let item = json!({
        "@odata.type": "#microsoft.graph.itemAttachment",
        "name": "Lunch",
        "item": event,
    });
    let made = sandbox.post(&attachments, &token, &item).await.json();
    let one = format!("/v1.0/{attachments}/{}", made["id"].as_str().unwrap());
    let value = sandbox.get(&format!("{one}/$value"), &token).await;
    assert_eq!(value.status, StatusCode::NOT_IMPLEMENTED, "{}", value.text);
}

#[tokio::test]
async fn the_list_of_requests_shows_a_batch_alone() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let requests = json!([{ "id": "1", "method": "GET", "url": "/me" }]);
    sandbox.post("$batch", &token, &json!({ "requests": requests })).await.ok();
    let paths: Vec<Value> =
        sandbox.requests().await.into_iter().map(|request| request["path"].clone()).collect();
    assert!(paths.contains(&json!("/v1.0/$batch")), "{paths:?}");
    assert!(!paths.contains(&json!("/v1.0/me")), "{paths:?}");
}

#[tokio::test]
async fn contacts_and_people_can_only_be_read() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.token_for(PERSONAL, "Contacts.Read People.Read").await;
    for path in ["me/contacts", "me/people"] {
        let answer = sandbox.post(path, &token, &json!({ "givenName": "A" })).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}: {}", answer.text);
    }
    let folders = sandbox.call(Method::GET, "me/contactFolders", &token, &[], None).await;
    assert_eq!(folders.status, StatusCode::BAD_REQUEST, "{}", folders.text);
}
