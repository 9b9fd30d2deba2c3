//! How much a mailbox takes in some minutes.
//!
//! Source: <https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits>.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, PERSONAL, TestSandbox};

/// Nobody reads such a body: that it is announced counts.
async fn post(sandbox: &TestSandbox, token: &str, megabytes: usize) -> Answer {
    let request = sandbox.http.post(format!("{}/v1.0/me/messages", sandbox.url));
    let body = vec![b' '; megabytes * 1024 * 1024];
    let request = request.bearer_auth(token).header("content-type", "application/json");
    Answer::of(request.body(body)).await
}

#[tokio::test]
async fn a_mailbox_takes_150_megabytes_in_five_minutes() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for _ in 0..3 {
        assert_eq!(post(&sandbox, &token, 49).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        sandbox.clock.advance(Duration::from_secs(60));
    }
    let refused = post(&sandbox, &token, 4).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    assert_eq!(refused.json()["error"]["code"], "ApplicationThrottled");
    assert_eq!(refused.header("retry-after"), "120");
    // What has no body is answered.
    sandbox.get("/v1.0/me/messages", &token).await.ok();
    sandbox.clock.advance(Duration::from_secs(120));
    let made = sandbox.post("me/messages", &token, &json!({})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(post(&sandbox, &token, 3).await.status, StatusCode::BAD_REQUEST);
}
