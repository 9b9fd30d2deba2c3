//! How long mail is on its way, and how large it may be.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused, mail};

const MB: usize = 1024 * 1024;

async fn set(sandbox: &TestSandbox, body: Value) {
    let request = sandbox.http.post(format!("{}/sandbox/mail", sandbox.url)).json(&body);
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
}

/// Source: <https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail>.
#[tokio::test]
async fn a_sent_draft_is_still_a_draft_until_the_transport_has_taken_it() {
    let sandbox = TestSandbox::start().await;
    set(&sandbox, json!({ "transport": 30 })).await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let prefer = [("prefer", "IdType=\"ImmutableId\"")];
    let url = format!("me/messages/{id}");
    let immutable = sandbox.call(Method::GET, &url, &token, &prefer, None).await.ok();
    assert_eq!(sandbox.send_draft(&token, &id).await.status, StatusCode::ACCEPTED);
    sandbox.clock.advance(Duration::from_secs(29));
    let drafts = "/v1.0/me/mailFolders/drafts/messages";
    assert_eq!(sandbox.get(drafts, &token).await.ok()["value"][0]["isDraft"], true);
    let again = sandbox.send_draft(&token, &id).await;
    assert_refused(&again, 400, "ErrorInvalidRequest", "a second time");
    let change = json!({ "subject": "Too late" });
    let late = sandbox.call(Method::PATCH, &url, &token, &[], Some(&change)).await;
    assert_refused(&late, 400, "ErrorInvalidRequest", "a change");
    assert_eq!(sandbox.outbox().await.len(), 1);
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(sandbox.get(drafts, &token).await.ok()["value"], json!([]));
    let same = format!("me/messages/{}", immutable["id"].as_str().unwrap());
    let sent = sandbox.call(Method::GET, &same, &token, &prefer, None).await.ok();
    assert_eq!((&sent["isDraft"], &sent["subject"]), (&json!(false), &json!("Hello")));
    assert_ne!(sent["sentDateTime"], sent["receivedDateTime"]);
}

/// Uploads a file of so many megabytes to a new draft of a work account; the first refusal, if there is one.
async fn upload(
    sandbox: &TestSandbox,
    token: &str,
    size: usize,
) -> (String, Option<Answer>, usize) {
    let draft = sandbox.draft(token, &mail()["message"]).await;
    let item =
        json!({ "AttachmentItem": { "attachmentType": "file", "name": "a", "size": size * MB } });
    let path = format!("me/messages/{draft}/attachments/createUploadSession");
    let session = sandbox.post(&path, token, &item).await.json();
    let url = session["uploadUrl"].as_str().unwrap();
    for at in (0..size).step_by(4) {
        let end = size.min(at + 4) * MB;
        let range = format!("bytes {}-{}/{}", at * MB, end - 1, size * MB);
        let request = sandbox.http.put(url).header("content-range", range);
        let answer = Answer::of(request.body(vec![b'x'; end - at * MB])).await;
        if !answer.status.is_success() {
            return (draft, Some(answer), at);
        }
    }
    (draft, None, size)
}

/// Source: <https://learn.microsoft.com/graph/outlook-large-attachments>; that it shows late:
/// <https://github.com/microsoftgraph/microsoft-graph-docs/issues/15579>.
#[tokio::test]
async fn the_tenants_message_limit_shows_late_while_uploading() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.work_mail_token().await;
    // 35 MB with files in base64: 26 MB fit, and not 27.
    let (_, refused, at) = upload(&sandbox, &token, 27).await;
    assert_refused(&refused.unwrap(), 413, "ErrorMessageSizeExceeded", "27 MB");
    assert_eq!(at, 24);
    let (draft, refused, _) = upload(&sandbox, &token, 26).await;
    assert!(refused.is_none(), "{refused:?}");
    assert_eq!(sandbox.send_draft(&token, &draft).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn the_tenants_message_limit_holds_for_small_files_and_at_send() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.work_mail_token().await;
    let file = json!({
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "aGkgaGkgaGkgaGkg",
    });
    let mut message = mail()["message"].clone();
    message["attachments"] = json!([file]);
    let id = sandbox.draft(&token, &message).await;
    set(&sandbox, json!({ "messageLimit": 10 })).await;
    let path = format!("me/messages/{id}/attachments");
    let refused = sandbox.post(&path, &token, &file).await;
    assert_refused(&refused, 413, "ErrorMessageSizeExceeded", "another file");
    let refused = sandbox.send_draft(&token, &id).await;
    assert_refused(&refused, 413, "ErrorMessageSizeExceeded", "the draft");
    let refused = sandbox.send(&token, &json!({ "message": message })).await;
    assert_refused(&refused, 413, "ErrorMessageSizeExceeded", "sendMail");
    sandbox.reset().await;
    let token = sandbox.work_mail_token().await;
    let sent = sandbox.send(&token, &json!({ "message": message })).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
}
