//! Sending mail.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, assert_refused, mail};

fn to(address: &str) -> Value {
    json!({ "emailAddress": { "address": address } })
}

#[tokio::test]
async fn a_mail_is_taken_with_an_empty_answer_of_no_type_and_stands_in_the_outbox() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let answer = sandbox.send(&token, &mail()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, ""));
    assert!(!answer.headers.contains_key("content-type"));

    let outbox = sandbox.outbox().await;
    let [sent] = outbox.as_slice() else { panic!("{outbox:?}") };
    assert_eq!(sent["account"], WORK);
    assert_eq!(sent["saveToSentItems"], true);
    assert_eq!(sent["attachments"], json!([]));
    let message = &sent["message"];
    assert_eq!(message["subject"], "Hello");
    assert_eq!(message["body"], json!({ "contentType": "text", "content": "Hi there" }));
    assert_eq!(message["bodyPreview"], "Hi there");
    assert_eq!(
        message["toRecipients"][0]["emailAddress"],
        json!({ "name": "friend@example.com", "address": "friend@example.com" })
    );
    assert_eq!(message["from"]["emailAddress"]["address"], WORK);
    assert_eq!(message["importance"], "normal");
    assert_eq!(message["isDraft"], false);
    assert_eq!(message["hasAttachments"], false);
    assert_eq!(message["id"], sent["id"]);
    assert_eq!(message["sentDateTime"], sent["received"]);
    assert!(message["internetMessageId"].as_str().unwrap().ends_with("@sandbox.example>"));
}

#[tokio::test]
async fn the_outbox_has_the_newest_mail_last() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for subject in ["first", "second"] {
        let mut body = mail();
        body["message"]["subject"] = json!(subject);
        sandbox.send(&token, &body).await;
    }
    let outbox = sandbox.outbox().await;
    assert_eq!(outbox[0]["message"]["subject"], "first");
    assert_eq!(outbox[1]["message"]["subject"], "second");
}

#[tokio::test]
async fn every_spelling_of_the_path_sends_with_attachments() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mut body = mail();
    body["message"]["attachments"] = json!([{
        "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk=",
    }]);
    let paths = [
        "me/sendMail",
        "me/sendmail",
        "me/microsoft.graph.sendMail",
        "users/work@sandbox.example/sendMail",
        "users/33333333-3333-4333-8333-333333333301/sendMail",
        "users/WORK%40sandbox.example/microsoft.graph.sendMail",
        "users('work@sandbox.example')/sendMail",
    ];
    for path in paths {
        let request = sandbox.http.post(format!("{}/v1.0/{path}", sandbox.url));
        let answer = Answer::of(request.bearer_auth(&token).json(&body)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{path}: {}", answer.text);
    }
    let outbox = sandbox.outbox().await;
    assert_eq!(outbox.len(), paths.len());
    for sent in outbox {
        assert_eq!((&sent["account"], &sent["attachments"][0]["size"]), (&json!(WORK), &json!(2)));
    }
}

#[tokio::test]
async fn names_and_words_are_read_in_any_letter_case() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let body = json!({
        "Message": {
            "@odata.type": "#microsoft.graph.message",
            "Subject": "Pascal",
            "Body": { "ContentType": "HTML", "Content": "<p>Hello <b>you</b></p>" },
            "ToRecipients": [{ "EmailAddress": { "Address": "a@b.example", "Name": "A" } }],
            "Importance": "HIGH",
        },
        "SaveToSentItems": "FALSE",
    });
    assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED);
    let sent = &sandbox.outbox().await[0];
    assert_eq!(sent["saveToSentItems"], false);
    assert_eq!(sent["message"]["body"]["contentType"], "html");
    assert_eq!(sent["message"]["bodyPreview"], "Hello you");
    assert_eq!(sent["message"]["importance"], "high");
    assert_eq!(sent["message"]["toRecipients"][0]["emailAddress"]["name"], "A");
}

#[tokio::test]
async fn an_attached_file_is_kept_as_its_size_and_hash() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let content = b"\x00\x01 some bytes \xff";
    let mut body = mail();
    body["message"]["attachments"] = json!([{
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a.bin",
        "contentType": "application/octet-stream",
        "contentBytes": STANDARD.encode(content),
    }]);
    assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED);
    let sent = &sandbox.outbox().await[0];
    let sha256: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = json!([{ "name": "a.bin", "size": content.len(), "sha256": sha256 }]);
    assert_eq!(sent["attachments"], expected);
    assert_eq!(sent["message"]["hasAttachments"], true);
}

#[tokio::test]
async fn what_a_message_must_not_be_is_refused_with_graphs_code() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let file = |change: Value| {
        let mut file = json!({
            "@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "aGk=",
        });
        for (name, value) in change.as_object().unwrap() {
            file[name.as_str()] = value.clone();
        }
        json!({ "attachments": [file] })
    };
    let header = |name: &str, value: &str| json!({ "internetMessageHeaders": [{ "name": name, "value": value }] });
    #[rustfmt::skip]
    let table = [
        (json!({ "toRecipients": [] }), "ErrorInvalidRecipients", ""),
        (json!({ "toRecipients": null }), "ErrorInvalidRecipients", ""),
        (json!({ "toRecipients": [to("nobody")] }), "ErrorInvalidRecipients", "nobody"),
        (json!({ "toRecipients": [to("")] }), "ErrorInvalidRecipients", ""),
        (json!({ "toRecipients": [{}] }), "ErrorInvalidRecipients", ""),
        (json!({ "ccRecipients": [to("a@b@c.example")] }), "ErrorInvalidRecipients", "a@b@c.example"),
        (json!({ "bccRecipients": [to("a b@c.example")] }), "ErrorInvalidRecipients", "a b@c.example"),
        (json!({ "toRecipients": vec![to("a@b.example"); 501] }), "ErrorExceededMaxRecipientLimit", "501"),
        (json!({ "toRecipients": "a@b.example" }), "RequestBodyRead", "toRecipients"),
        (json!({ "toRecipients": ["a@b.example"] }), "RequestBodyRead", "toRecipients"),
        (json!({ "shoeSize": 42 }), "RequestBodyRead", "'shoeSize' does not exist on type 'microsoft.graph.message'"),
        (json!({ "body": { "contents": "x" } }), "RequestBodyRead", "'contents' does not exist on type 'microsoft.graph.itemBody'"),
        (json!({ "toRecipients": [{ "emailAddress": { "mail": "x" } }] }), "RequestBodyRead", "'mail' does not exist on type 'microsoft.graph.emailAddress'"),
        (json!({ "body": { "contentType": "markdown" } }), "RequestBodyRead", "contentType"),
        (json!({ "importance": "urgent" }), "RequestBodyRead", "importance"),
        (json!({ "subject": 1 }), "RequestBodyRead", "subject"),
        (json!({ "isRead": "true" }), "RequestBodyRead", "isRead"),
        (file(json!({ "isInline": "true" })), "RequestBodyRead", "isInline"),
        (json!({ "@odata.type": "#microsoft.graph.event" }), "RequestBodyRead", "microsoft.graph.message"),
        (file(json!({ "contentBytes": "not base64!" })), "RequestBodyRead", "contentBytes"),
        (file(json!({ "contentBytes": null })), "ErrorRequiredPropertyMissing", "contentBytes"),
        (file(json!({ "name": null })), "ErrorRequiredPropertyMissing", "name"),
        (file(json!({ "@odata.type": null })), "RequestBodyRead", ""),
        (file(json!({ "@odata.type": "#microsoft.graph.itemAttachment" })), "RequestBodyRead", "'contentBytes' does not exist on type 'microsoft.graph.itemAttachment'"),
        (header("Reply-To", "a@b.example"), "InvalidInternetMessageHeader", "Reply-To"),
        (header("x-a: b\r\nBcc", "a@b.example"), "InvalidInternetMessageHeader", ""),
        (header("x-a", "b\r\nBcc: a@b.example"), "InvalidInternetMessageHeader", "x-a"),
    ];
    for (change, code, quoted) in table {
        let mut body = mail();
        for (name, value) in change.as_object().unwrap() {
            body["message"][name.as_str()] = value.clone();
        }
        let answer = sandbox.send(&token, &body).await;
        assert_refused(
            &answer,
            400,
            code,
            &change.to_string()[..change.to_string().len().min(200)],
        );
        let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(quoted), "{message}");
    }
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn what_a_request_must_not_be_is_refused_with_graphs_code() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let whole = mail().to_string();
    let unwrapped = mail()["message"].to_string();
    #[rustfmt::skip]
    let table = [
        ("application/json", "", "BadRequest"),
        ("application/json", "{\"message\":", "BadRequest"),
        ("application/json", "{}", "BadRequest"),
        ("application/json", "[]", "RequestBodyRead"),
        ("application/json", unwrapped.as_str(), "RequestBodyRead"),
        ("application/json", "{\"message\":{},\"save\":true}", "RequestBodyRead"),
        ("application/json", "{\"message\":{},\"saveToSentItems\":\"maybe\"}", "RequestBodyRead"),
        ("application/xml", whole.as_str(), "BadRequest"),
        ("application/x-www-form-urlencoded", "message=x", "BadRequest"),
        ("text/plain", "*** not base64 ***", "ErrorMimeContentInvalidBase64String"),
    ];
    for (content_type, body, code) in table {
        let url = format!("{}/v1.0/me/sendMail", sandbox.url);
        let request = sandbox.http.post(url).bearer_auth(&token);
        let answer =
            Answer::of(request.header("content-type", content_type).body(body.to_owned())).await;
        assert_refused(&answer, 400, code, &format!("{content_type} {body}"));
    }
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn nobody_sends_as_somebody_else() {
    let sandbox = TestSandbox::start().await;
    for (address, own) in [(WORK, WORK), (PERSONAL, PERSONAL)] {
        let token = sandbox.access_token(address).await;
        for name in ["from", "sender"] {
            let mut body = mail();
            body["message"][name] = to("boss@sandbox.example");
            let answer = sandbox.send(&token, &body).await;
            assert_refused(&answer, 403, "ErrorSendAsDenied", name);
            body["message"][name] = to(&own.to_uppercase());
            assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED, "{own}");
        }
    }
}

#[tokio::test]
async fn an_account_without_a_mailbox_cannot_send() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token("nomailbox@sandbox.example").await;
    let answer = sandbox.send(&token, &mail()).await;
    assert_refused(&answer, 404, "MailboxNotEnabledForRESTAPI", "nomailbox");
    sandbox.get("/v1.0/me", &token).await.ok();
}

#[tokio::test]
async fn a_request_has_at_most_four_megabytes() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let empty = mail().to_string().len() - "Hi there".len();
    let limit = 4 * 1024 * 1024;
    for (length, status) in [(limit, 202), (limit + 1, 413), (limit * 3, 413)] {
        let mut body = mail();
        body["message"]["body"]["content"] = json!("x".repeat(length - empty));
        assert_eq!(body.to_string().len(), length);
        assert_eq!(sandbox.send(&token, &body).await.status.as_u16(), status, "{length}");
    }
}

#[tokio::test]
async fn five_hundred_recipients_are_not_too_many() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mut body = mail();
    body["message"]["toRecipients"] = json!(vec![to("a@b.example"); 250]);
    body["message"]["bccRecipients"] = json!(vec![to("c@b.example"); 250]);
    assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED);
}
