//! Mail that is sent arrives, or comes back.
//!
//! Source: <https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail>.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{PERSONAL, TestSandbox, WORK};

const INBOX: &str = "/v1.0/me/mailFolders/inbox/messages";

fn to(addresses: &[&str]) -> Value {
    addresses.iter().map(|it| json!({ "emailAddress": { "address": it } })).collect()
}

async fn send(sandbox: &TestSandbox, token: &str, message: Value) {
    let answer = sandbox.send(token, &json!({ "message": message })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
}

#[tokio::test]
async fn an_inbox_holds_messages_from_the_start() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let list = sandbox.get(INBOX, &token).await.ok();
    let list = list["value"].as_array().unwrap();
    assert_eq!(list.len(), 5);
    assert_eq!(list[0]["subject"], "Lunch tomorrow?");
    assert_eq!((&list[0]["isRead"], &list[0]["isDraft"]), (&json!(false), &json!(false)));
    assert!(list[0]["receivedDateTime"].as_str() > list[1]["receivedDateTime"].as_str());
    let folder = sandbox.get("/v1.0/me/mailFolders/inbox", &token).await.ok();
    assert_eq!((&folder["totalItemCount"], &folder["unreadItemCount"]), (&json!(5), &json!(2)));
}

#[tokio::test]
async fn what_is_sent_to_an_account_arrives_unread_a_second_later_without_the_blind_copies() {
    let sandbox = TestSandbox::start().await;
    let (work, personal) = (sandbox.access_token(WORK).await, sandbox.mail_token(PERSONAL).await);
    let message = json!({
        "subject": "Hi",
        "toRecipients": to(&["PERSONAL@sandbox.example", PERSONAL]),
        "bccRecipients": to(&["hidden@example.com"]),
        "internetMessageHeaders": [{ "name": "x-own", "value": "1" }],
    });
    send(&sandbox, &work, message).await;
    let filter = format!("{INBOX}?$filter=subject eq 'Hi'");
    assert_eq!(sandbox.get(&filter, &personal).await.ok()["value"], json!([]));
    sandbox.clock.advance(Duration::from_secs(1));
    let list = sandbox.get(&filter, &personal).await.ok();
    let [arrived] = list["value"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!(arrived["from"]["emailAddress"]["address"], WORK);
    assert_eq!((&arrived["isRead"], &arrived["isDraft"]), (&json!(false), &json!(false)));
    assert_eq!(arrived["bccRecipients"], json!([]));
    let outbox = sandbox.outbox().await;
    assert_eq!(arrived["internetMessageId"], outbox[0]["message"]["internetMessageId"]);
    assert_ne!(arrived["id"], outbox[0]["id"]);
}

#[tokio::test]
async fn what_is_sent_to_nobody_of_the_organization_comes_back_to_its_sender() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let addresses = [
        "nobody@sandbox.example",
        "nomailbox@sandbox.example",
        "x@host.invalid",
        "ann.adams@sandbox.example",
        "friend@example.com",
    ];
    send(&sandbox, &token, json!({ "subject": "Hi", "toRecipients": to(&addresses) })).await;
    sandbox.clock.advance(Duration::from_secs(1));
    let filter = format!("{INBOX}?$filter=startswith(subject,'Undeliverable')");
    let list = sandbox.get(&filter, &token).await.ok();
    let [report] = list["value"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!(report["subject"], "Undeliverable: Hi");
    assert_eq!(report["from"]["emailAddress"]["address"], "postmaster@sandbox.example");
    let text = report["body"]["content"].as_str().unwrap();
    for (number, address) in addresses.iter().enumerate() {
        assert_eq!(text.contains(address), number < 3, "{address}");
    }
}
