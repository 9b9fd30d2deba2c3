//! Messages that are sent as MIME, and headers that travel with a message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, TestSandbox, WORK, assert_refused, mail};

#[tokio::test]
async fn a_mail_can_be_posted_as_mime() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mime = "From: Wanda <work@sandbox.example>\r\n\
        To: Friend <friend@example.com>\r\nCc: a@b.example, c@d.example\r\n\
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=x\r\n\r\n\
        --x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>\r\n\
        --x\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--x--\r\n";
    let url = format!("{}/v1.0/me/sendMail", sandbox.url);
    let post = |mime: &str| {
        let request = sandbox.http.post(&url).bearer_auth(&token);
        Answer::of(request.header("content-type", "text/plain").body(STANDARD.encode(mime)))
    };
    assert_eq!(post(mime).await.status, StatusCode::ACCEPTED);
    let sent = &sandbox.outbox().await[0];
    assert_eq!(sent["message"]["subject"], "Grüße");
    assert_eq!(sent["message"]["body"]["contentType"], "html");
    assert_eq!(sent["message"]["toRecipients"][0]["emailAddress"]["name"], "Friend");
    assert_eq!(sent["message"]["ccRecipients"][1]["emailAddress"]["address"], "c@d.example");
    assert_eq!(sent["attachments"][0]["name"], "a.csv");
    assert_eq!(sent["attachments"][0]["size"], 3);

    assert_eq!(post("To: a@b.example\r\n\r\nplain").await.status, StatusCode::ACCEPTED);
    assert_eq!(sandbox.outbox().await[1]["message"]["body"]["contentType"], "text");
    let nobody = post("Subject: x\r\n\r\nplain").await;
    assert_refused(&nobody, 400, "ErrorInvalidRecipients", "no To");
    let other = post("From: boss@sandbox.example\r\nTo: a@b.example\r\n\r\nplain").await;
    assert_refused(&other, 403, "ErrorSendAsDenied", "From");
}

#[tokio::test]
async fn what_the_headers_of_mime_ask_for_is_kept() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mime = "To: a@b.example\r\nImportance: High\r\n\
        X-Campaign: =?utf-8?q?Gr=C3=BC=C3=9Fe?= from\r\n here\r\nx-mailer: mine\r\n\
        Disposition-Notification-To: work@sandbox.example\r\n\
        Return-Receipt-To: work@sandbox.example\r\n\r\nplain";
    for mime in [mime, "To: a@b.example\r\n\r\nplain"] {
        let request = sandbox.http.post(format!("{}/v1.0/me/sendMail", sandbox.url));
        let request = request.bearer_auth(&token).header("content-type", "text/plain");
        let answer = Answer::of(request.body(STANDARD.encode(mime))).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    }
    let outbox = sandbox.outbox().await;
    let (asks, plain) = (&outbox[0]["message"], &outbox[1]["message"]);
    assert_eq!((&asks["importance"], &plain["importance"]), (&json!("high"), &json!("normal")));
    for receipt in ["isReadReceiptRequested", "isDeliveryReceiptRequested"] {
        assert_eq!((&asks[receipt], &plain[receipt]), (&json!(true), &json!(false)), "{receipt}");
    }
    let headers = json!([
        { "name": "X-Campaign", "value": "Grüße from here" },
        { "name": "x-mailer", "value": "mine" },
    ]);
    assert_eq!(asks["internetMessageHeaders"], headers);
    assert_eq!(plain["internetMessageHeaders"], json!([]));
}

#[tokio::test]
async fn headers_of_its_own_travel_with_a_mail() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let mut body = mail();
    let headers = json!([{ "name": "X-Campaign", "value": "Grüße" }]);
    body["message"]["internetMessageHeaders"] = headers.clone();
    assert_eq!(sandbox.send(&token, &body).await.status, StatusCode::ACCEPTED);
    assert_eq!(sandbox.outbox().await[0]["message"]["internetMessageHeaders"], headers);
}
