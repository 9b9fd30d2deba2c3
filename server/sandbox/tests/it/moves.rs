//! Messages that move and are copied.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-move>,
//! <https://learn.microsoft.com/graph/api/message-copy>.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{PERSONAL, TestSandbox, assert_refused, mail};

const IMMUTABLE: (&str, &str) = ("prefer", "IdType=\"ImmutableId\"");

#[tokio::test]
async fn a_moved_message_has_another_id_and_keeps_its_immutable_one() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let url = format!("me/messages/{id}");
    let before = sandbox.call(Method::GET, &url, &token, &[IMMUTABLE], None).await.ok();
    let to = json!({ "destinationId": "deleteditems" });
    let moved = sandbox.post(&format!("{url}/move"), &token, &to).await;
    assert_eq!(moved.status, StatusCode::CREATED, "{}", moved.text);
    let moved = moved.json();
    assert_ne!(moved["id"], json!(id));
    assert_eq!((&moved["subject"], &moved["isDraft"]), (&json!("Hello"), &json!(true)));
    let gone = sandbox.get(&format!("/v1.0/{url}"), &token).await;
    assert_refused(&gone, 404, "ErrorItemNotFound", "the old id");
    let immutable = before["id"].as_str().unwrap();
    let path = format!("me/messages/{immutable}");
    let found = sandbox.call(Method::GET, &path, &token, &[IMMUTABLE], None).await.ok();
    let deleted = sandbox.get("/v1.0/me/mailFolders/deleteditems", &token).await.ok();
    assert_eq!((&found["id"], &found["parentFolderId"]), (&before["id"], &deleted["id"]));
}

#[tokio::test]
async fn a_copy_has_ids_of_its_own() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let archive = sandbox.get("/v1.0/me/mailFolders/archive", &token).await.ok();
    let to = json!({ "DestinationId": archive["id"] });
    let path = format!("me/messages/{id}/microsoft.graph.copy");
    let copy = sandbox.post(&path, &token, &to).await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.text);
    let copy = copy.json();
    assert_eq!((&copy["subject"], &copy["parentFolderId"]), (&json!("Hello"), &archive["id"]));
    let original = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
    assert_ne!(original["id"], copy["id"]);
}

#[tokio::test]
async fn a_message_moves_only_to_a_folder_and_with_the_right_to_write() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let path = format!("me/messages/{id}/move");
    for (body, status, code) in [
        (json!({}), 400, "ErrorRequiredPropertyMissing"),
        (json!({ "destinationId": "nowhere" }), 400, "ErrorInvalidIdMalformed"),
        (json!({ "destinationId": id }), 404, "ErrorItemNotFound"),
        (json!({ "destinationId": "inbox", "why": "" }), 400, "RequestBodyRead"),
    ] {
        assert_refused(&sandbox.post(&path, &token, &body).await, status, code, &body.to_string());
    }
    let read = sandbox.token_for(PERSONAL, "Mail.Read").await;
    let answer = sandbox.post(&path, &read, &json!({ "destinationId": "inbox" })).await;
    assert_refused(&answer, 403, "ErrorAccessDenied", "reading only");
}
