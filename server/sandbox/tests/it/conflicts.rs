//! Changes of one message that overlap.
//!
//! Source: <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/7934>.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused, mail};

/// Sends a request that the sandbox holds back, waits until it has arrived, and gives its answer later.
async fn held(
    sandbox: &TestSandbox,
    route: &str,
    request: reqwest::RequestBuilder,
) -> tokio::task::JoinHandle<Answer> {
    sandbox.plant(json!([{ "route": route, "delayMs": 500 }])).await;
    let before = sandbox.requests().await.len();
    let answer = tokio::spawn(Answer::of(request));
    while sandbox.requests().await.len() == before {}
    answer
}

#[tokio::test]
async fn of_two_changes_at_once_the_later_one_is_refused_with_412() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let url = format!("{}/v1.0/me/messages/{id}", sandbox.url);
    let file = json!({
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "aGk=",
    });
    for (route, request) in [
        ("messages", sandbox.http.patch(&url).json(&json!({ "subject": "Slow" }))),
        ("attachments", sandbox.http.post(format!("{url}/attachments")).json(&file)),
        ("send", sandbox.http.post(format!("{url}/send")).header("content-length", "0")),
    ] {
        let slow = held(&sandbox, route, request.bearer_auth(&token)).await;
        let change = json!({ "subject": "Quick" });
        let path = format!("me/messages/{id}");
        sandbox.call(Method::PATCH, &path, &token, &[], Some(&change)).await.ok();
        let refused = slow.await.unwrap();
        assert_refused(&refused, 412, "ErrorIrresolvableConflict", route);
    }
    let read = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
    assert_eq!((&read["subject"], &read["hasAttachments"]), (&json!("Quick"), &json!(false)));
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn changes_one_after_another_and_of_different_drafts_do_not_conflict() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let one = sandbox.draft(&token, &mail()["message"]).await;
    let other = sandbox.draft(&token, &mail()["message"]).await;
    let change = json!({ "subject": "New" });
    let request = sandbox.http.patch(format!("{}/v1.0/me/messages/{one}", sandbox.url));
    let slow = held(&sandbox, "messages", request.bearer_auth(&token).json(&change)).await;
    for id in [&other, &other] {
        let path = format!("me/messages/{id}");
        sandbox.call(Method::PATCH, &path, &token, &[], Some(&change)).await.ok();
    }
    slow.await.unwrap().ok();
    assert_eq!(sandbox.send_draft(&token, &one).await.status, StatusCode::ACCEPTED);
    let outbox: Vec<Value> = sandbox.outbox().await;
    assert_eq!(outbox[0]["message"]["subject"], "New");
}
