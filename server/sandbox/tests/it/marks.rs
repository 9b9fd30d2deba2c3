//! What a mailbox's owner marks about a message.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-update>,
//! <https://learn.microsoft.com/graph/api/resources/followupflag>.

use reqwest::Method;
use serde_json::json;

use crate::support::{PERSONAL, TestSandbox, assert_refused, mail};

#[tokio::test]
async fn a_message_can_be_flagged_classified_and_labelled_at_any_time() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let date = json!({ "dateTime": "2026-12-01T00:00:00", "timeZone": "UTC" });
    let mut draft = mail()["message"].clone();
    draft["flag"] = json!({ "flagStatus": "flagged", "startDateTime": date, "dueDateTime": date });
    draft["inferenceClassification"] = json!("other");
    let made = sandbox.post("me/messages", &token, &draft).await.json();
    assert_eq!(
        (&made["flag"], &made["inferenceClassification"]),
        (&draft["flag"], &json!("other"))
    );
    let sent = format!("me/messages/{}", sandbox.sent(&token).await);
    let change = json!({
        "flag": { "flagStatus": "complete", "completedDateTime": date },
        "inferenceClassification": "other",
        "importance": "low",
        "categories": ["Red"],
        "isRead": false,
    });
    let changed = sandbox.call(Method::PATCH, &sent, &token, &[], Some(&change)).await.ok();
    for name in ["flag", "inferenceClassification", "importance", "categories", "isRead"] {
        assert_eq!(changed[name], change[name], "{name}");
    }
    let found =
        sandbox.get("/v1.0/me/messages?$filter=flag/flagStatus eq 'complete'", &token).await;
    assert_eq!(found.ok()["value"].as_array().unwrap().len(), 1);
    let null = json!({ "flag": null });
    let changed = sandbox.call(Method::PATCH, &sent, &token, &[], Some(&null)).await.ok();
    assert_eq!(changed["flag"], json!({ "flagStatus": "notFlagged" }));
}

#[tokio::test]
async fn a_mark_that_does_not_exist_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let date = json!({ "dateTime": "2026-12-01T00:00:00", "timeZone": "UTC" });
    for (message, code) in [
        (json!({ "flag": { "flagStatus": "red" } }), "RequestBodyRead"),
        (json!({ "flag": { "colour": "red" } }), "RequestBodyRead"),
        (json!({ "flag": { "dueDateTime": date } }), "ErrorRequiredPropertyMissing"),
        (json!({ "inferenceClassification": "spam" }), "RequestBodyRead"),
    ] {
        let answer = sandbox.post("me/messages", &token, &message).await;
        assert_refused(&answer, 400, code, &message.to_string());
    }
}
