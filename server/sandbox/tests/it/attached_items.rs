//! Messages, events and contacts that are attached to a message.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-post-attachments>, example 2;
//! <https://learn.microsoft.com/graph/api/attachment-get>.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{PERSONAL, TestSandbox, assert_refused};

fn attached(item: Value) -> Value {
    json!({ "@odata.type": "#microsoft.graph.itemAttachment", "name": "An item", "item": item })
}

#[tokio::test]
async fn an_item_is_attached_and_comes_along_where_it_is_expanded() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({ "subject": "Outer" })).await;
    let files = format!("me/messages/{id}/attachments");
    let event = json!({
        "@odata.type": "microsoft.graph.event",
        "subject": "Holiday event",
        "start": { "dateTime": "2026-12-24T10:00:00", "timeZone": "UTC" },
    });
    let added = sandbox.post(&files, &token, &attached(event)).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let message = json!({ "@odata.type": "#microsoft.graph.message", "subject": "Inner" });
    let added = sandbox.post(&files, &token, &attached(message)).await.json();
    assert_eq!(added["@odata.type"], "#microsoft.graph.itemAttachment");
    assert!(added.get("contentBytes").is_none() && added.get("item").is_none(), "{added}");
    let one = format!("/v1.0/{files}/{}", added["id"].as_str().unwrap());
    let expanded = format!("{one}?$expand=microsoft.graph.itemattachment/item");
    let read = sandbox.get(&expanded, &token).await.ok();
    assert_eq!(read["item"]["subject"], "Inner");
    let mime = sandbox.get(&format!("{one}/$value"), &token).await;
    assert!(mime.text.contains("Subject: Inner"), "{}", mime.text);
    let listed = sandbox.get(&format!("/v1.0/{files}"), &token).await.ok();
    assert_eq!(listed["value"].as_array().unwrap().len(), 2);
    assert_refused(
        &sandbox.get(&format!("{one}?$expand=other"), &token).await,
        400,
        "BadRequest",
        "",
    );
}

#[tokio::test]
async fn an_attached_item_has_a_name_and_one_of_three_types() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({})).await;
    let files = format!("me/messages/{id}/attachments");
    let typed = |kind: &str| json!({ "@odata.type": format!("#microsoft.graph.{kind}") });
    for (body, code) in [
        (attached(json!({})), "RequestBodyRead"),
        (attached(typed("todoTask")), "RequestBodyRead"),
        (
            attached(json!({ "@odata.type": "microsoft.graph.message", "colour": 1 })),
            "RequestBodyRead",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.itemAttachment", "name": "a" }),
            "ErrorRequiredPropertyMissing",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.referenceAttachment", "name": "a" }),
            "RequestBodyRead",
        ),
    ] {
        assert_refused(&sandbox.post(&files, &token, &body).await, 400, code, &body.to_string());
    }
}
