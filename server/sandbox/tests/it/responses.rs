//! Replies and forwards.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-reply> and the pages beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, assert_refused};

fn to(address: &str) -> Value {
    json!([{ "emailAddress": { "address": address } }])
}

/// A message in the inbox of the personal account, from the work account to both and a third.
async fn received(sandbox: &TestSandbox, token: &str, change: Value) -> String {
    let mut message = json!({
        "subject": "Plan",
        "body": { "contentType": "html", "content": "<p>Original</p>" },
        "toRecipients": [
            { "emailAddress": { "address": PERSONAL } },
            { "emailAddress": { "address": "third@example.com" } },
        ],
        "ccRecipients": to("fourth@example.com"),
        "attachments": [{
            "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk=",
        }],
    });
    for (name, value) in change.as_object().unwrap() {
        message[name] = value.clone();
    }
    let work = sandbox.access_token(WORK).await;
    let sent = sandbox.send(&work, &json!({ "message": message })).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    sandbox.clock.advance(std::time::Duration::from_secs(1));
    let list = sandbox.get("/v1.0/me/mailFolders/inbox/messages?$top=1", token).await.ok();
    assert_eq!(list["value"][0]["subject"], "Plan");
    list["value"][0]["id"].as_str().unwrap().to_owned()
}

fn addresses(recipients: &Value) -> Vec<&str> {
    let list = recipients.as_array().unwrap();
    list.iter().map(|one| one["emailAddress"]["address"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_reply_goes_to_the_writer_and_quotes_what_was_written() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let path = format!("me/messages/{id}/reply");
    let answer = sandbox.post(&path, &token, &json!({ "comment": "Fine <b>" })).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, ""));
    let outbox = sandbox.outbox().await;
    let reply = &outbox.last().unwrap()["message"];
    assert_eq!(reply["subject"], "Re: Plan");
    assert_eq!(addresses(&reply["toRecipients"]), [WORK]);
    let text = reply["body"]["content"].as_str().unwrap();
    assert!(text.contains("Fine &lt;b&gt;") && text.contains("<p>Original</p>"), "{text}");
    assert_eq!(outbox.last().unwrap()["attachments"], json!([]));
}

#[tokio::test]
async fn a_reply_to_all_goes_to_everybody_but_oneself() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    sandbox.post(&format!("me/messages/{id}/replyAll"), &token, &json!({ "comment": "" })).await;
    let outbox = sandbox.outbox().await;
    let reply = &outbox.last().unwrap()["message"];
    assert_eq!(addresses(&reply["toRecipients"]), [WORK, "third@example.com"]);
    assert_eq!(addresses(&reply["ccRecipients"]), ["fourth@example.com"]);
}

/// RFC 2822, as the page says.
#[tokio::test]
async fn a_reply_goes_to_reply_to_where_the_message_names_one() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({ "replyTo": to("desk@example.com") })).await;
    sandbox.post(&format!("me/messages/{id}/reply"), &token, &json!({})).await;
    let outbox = sandbox.outbox().await;
    assert_eq!(addresses(&outbox.last().unwrap()["message"]["toRecipients"]), ["desk@example.com"]);
}

#[tokio::test]
async fn a_forward_takes_the_files_along_to_whom_it_names() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let path = format!("me/messages/{id}/forward");
    let both = json!({ "toRecipients": to("a@b.example"), "message": { "toRecipients": to("a@b.example") } });
    assert_refused(&sandbox.post(&path, &token, &both).await, 400, "ErrorInvalidRequest", "twice");
    let nobody = json!({ "comment": "FYI" });
    assert_refused(
        &sandbox.post(&path, &token, &nobody).await,
        400,
        "ErrorInvalidRecipients",
        "nobody",
    );
    for body in [
        json!({ "comment": "FYI", "toRecipients": to("a@b.example") }),
        json!({ "comment": "FYI", "message": { "toRecipients": to("a@b.example") } }),
    ] {
        assert_eq!(sandbox.post(&path, &token, &body).await.status, StatusCode::ACCEPTED);
        let outbox = sandbox.outbox().await;
        let forward = outbox.last().unwrap();
        assert_eq!(forward["message"]["subject"], "Fw: Plan");
        assert_eq!(addresses(&forward["message"]["toRecipients"]), ["a@b.example"]);
        assert_eq!(forward["attachments"][0]["name"], "a.txt");
    }
}

#[tokio::test]
async fn an_answer_can_be_a_draft_first_in_the_same_conversation() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let original = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
    for (action, subject, recipients) in [
        ("createReply", "Re: Plan", vec![WORK]),
        ("createReplyAll", "Re: Plan", vec![WORK, "third@example.com"]),
        ("createForward", "Fw: Plan", vec![]),
    ] {
        let request = sandbox.http.post(format!("{}/v1.0/me/messages/{id}/{action}", sandbox.url));
        let made = Answer::of(request.bearer_auth(&token).header("content-length", "0")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let draft = made.json();
        assert_eq!((&draft["isDraft"], &draft["subject"]), (&json!(true), &json!(subject)));
        assert_eq!(addresses(&draft["toRecipients"]), recipients, "{action}");
        assert_eq!(draft["conversationId"], original["conversationId"]);
        assert_ne!(draft["conversationIndex"], original["conversationIndex"]);
    }
    let body = json!({ "message": { "importance": "high" }, "comment": "Later" });
    let made = sandbox.post(&format!("me/messages/{id}/createReply"), &token, &body).await.json();
    assert_eq!(made["importance"], "high");
}

#[tokio::test]
async fn a_comment_and_a_body_exclude_each_other() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let text = json!({ "contentType": "text", "content": "x" });
    let body = json!({ "comment": "x", "message": { "body": text } });
    for action in ["reply", "replyAll", "createReply"] {
        let answer = sandbox.post(&format!("me/messages/{id}/{action}"), &token, &body).await;
        assert_refused(&answer, 400, "ErrorInvalidRequest", action);
    }
}

#[tokio::test]
async fn a_reply_can_be_mime() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let url = format!("{}/v1.0/me/messages/{id}/reply", sandbox.url);
    let post = |body: String| {
        let request = sandbox.http.post(&url).bearer_auth(&token);
        Answer::of(request.header("content-type", "text/plain").body(body))
    };
    let mime = STANDARD.encode("Subject: Re: Plan\r\nContent-Type: text/plain\r\n\r\nHello\r\n");
    assert_eq!(post(mime).await.status, StatusCode::ACCEPTED);
    let outbox = sandbox.outbox().await;
    let reply = &outbox.last().unwrap()["message"];
    assert_eq!(
        (&reply["subject"], addresses(&reply["toRecipients"])),
        (&json!("Re: Plan"), vec![WORK])
    );
    let refused = post("%%%".to_owned()).await;
    assert_refused(&refused, 400, "ErrorMimeContentInvalidBase64String", "not base64");
}

#[tokio::test]
async fn sending_an_answer_needs_the_right_to_send_and_drafting_one_the_right_to_write() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = received(&sandbox, &token, json!({})).await;
    let read = sandbox.token_for(PERSONAL, "Mail.Read").await;
    for action in ["reply", "replyAll", "forward", "createReply", "createForward"] {
        let answer = sandbox.post(&format!("me/messages/{id}/{action}"), &read, &json!({})).await;
        assert_refused(&answer, 403, "ErrorAccessDenied", action);
    }
}
