//! How many requests a mailbox answers at a time.

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, mail};

/// Sends `count` messages at once. Each is answered after ten minutes.
async fn hold(sandbox: &TestSandbox, token: &str, count: usize) -> JoinSet<Answer> {
    let fault = json!({ "route": "sendMail", "times": 4, "delayMs": 600_000 });
    sandbox.plant(json!([fault])).await;
    let mut requests = JoinSet::new();
    for _ in 0..count {
        let url = format!("{}/v1.0/me/sendMail", sandbox.url);
        requests.spawn(Answer::of(sandbox.http.post(url).bearer_auth(token).json(&mail())));
    }
    requests
}

#[tokio::test]
async fn a_mailbox_refuses_the_fifth_request_at_a_time() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mut requests = hold(&sandbox, &token, 5).await;
    let fifth = requests.join_next().await.unwrap().unwrap();
    assert_eq!(fifth.status, StatusCode::TOO_MANY_REQUESTS, "{}", fifth.text);
    let error = &fifth.json()["error"];
    assert_eq!(error["code"], "ApplicationThrottled");
    assert!(error["message"].as_str().unwrap().contains("MailboxConcurrency"));
    assert_eq!(fifth.header("retry-after"), "1");
    assert!(!fifth.header("request-id").is_empty());
    assert!(sandbox.outbox().await.is_empty());
    assert_eq!(requests.len(), 4);
}

#[tokio::test]
async fn a_busy_mailbox_keeps_neither_others_nor_the_directory_from_answering() {
    let sandbox = TestSandbox::start().await;
    let work = sandbox.access_token(WORK).await;
    let personal = sandbox.access_token(PERSONAL).await;
    let mut requests = hold(&sandbox, &work, 5).await;
    requests.join_next().await.unwrap().unwrap();
    assert_eq!(sandbox.send(&personal, &mail()).await.status, StatusCode::ACCEPTED);
    sandbox.get("/v1.0/me", &work).await.ok();
}

#[tokio::test]
async fn a_request_whose_client_has_gone_leaves_its_place() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mut requests = hold(&sandbox, &token, 5).await;
    requests.join_next().await.unwrap().unwrap();
    requests.shutdown().await;
    // The sandbox sees that they are gone when it sees it.
    while sandbox.send(&token, &mail()).await.status == StatusCode::TOO_MANY_REQUESTS {}
    assert_eq!(sandbox.outbox().await.len(), 1);
}
