//! Drafts: making, reading, changing, sending, deleting.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused, mail};

const IMMUTABLE: (&str, &str) = ("prefer", "IdType=\"ImmutableId\"");

#[tokio::test]
async fn a_draft_is_answered_as_it_lies_in_the_mailbox() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let made = sandbox.post("me/messages", &token, &mail()["message"]).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let draft = made.json();
    let id = draft["id"].as_str().unwrap();
    let user = "4444444444444402";
    let base = &sandbox.url;
    assert_eq!(made.header("location"), format!("{base}/v1.0/users('{user}')/messages('{id}')"));
    let context = format!("{base}/v1.0/$metadata#users('{user}')/messages/$entity");
    assert_eq!(draft["@odata.context"], context);
    let etag = format!("W/\"{}\"", draft["changeKey"].as_str().unwrap());
    assert_eq!(draft["@odata.etag"], etag);
    assert_eq!((&draft["isDraft"], &draft["isRead"]), (&json!(true), &json!(true)));
    assert_eq!(draft["subject"], "Hello");
    assert_eq!(draft["flag"], json!({ "flagStatus": "notFlagged" }));
    assert!(draft["internetMessageId"].as_str().unwrap().ends_with("@sandbox.example>"));
    assert_eq!(draft["createdDateTime"], draft["lastModifiedDateTime"]);
    assert!(draft.get("internetMessageHeaders").is_none());

    let read = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
    assert_eq!(read, draft);
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn a_text_is_read_as_html_unless_the_client_prefers_it_without() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let message = json!({ "body": { "contentType": "text", "content": "1 < 2\nbye" } });
    let id = sandbox.draft(&token, &message).await;
    let url = format!("me/messages/{id}");
    let html = sandbox.get(&format!("/v1.0/{url}"), &token).await;
    assert!(!html.headers.contains_key("preference-applied"));
    let body = &html.ok()["body"];
    assert_eq!(body["contentType"], "html");
    assert!(body["content"].as_str().unwrap().contains("1 &lt; 2<br>bye<br>"), "{body}");
    let prefer = [("prefer", "outlook.body-content-type=\"text\"")];
    let text = sandbox.call(Method::GET, &url, &token, &prefer, None).await;
    assert_eq!(text.header("preference-applied"), "outlook.body-content-type=\"text\"");
    assert_eq!(text.ok()["body"], json!({ "contentType": "text", "content": "1 < 2\nbye" }));
}

#[tokio::test]
async fn a_change_sets_what_it_names_and_a_new_change_key() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let url = format!("me/messages/{id}");
    let before = sandbox.get(&format!("/v1.0/{url}"), &token).await.ok();
    sandbox.clock.advance(Duration::from_secs(60));
    let change = json!({
        "subject": "New",
        "toRecipients": [],
        "importance": null,
        "categories": ["Red"],
        "internetMessageId": "<own@client.example>",
    });
    let answer = sandbox.call(Method::PATCH, &url, &token, &[], Some(&change)).await;
    let after = answer.ok();
    assert_eq!(after["subject"], "New");
    assert_eq!(after["toRecipients"], json!([]));
    assert_eq!(after["importance"], "normal");
    assert_eq!(after["categories"], json!(["Red"]));
    assert_eq!(after["internetMessageId"], "<own@client.example>");
    assert_eq!((&after["body"], &after["id"]), (&before["body"], &before["id"]));
    assert_ne!(after["changeKey"], before["changeKey"]);
    assert_ne!(after["lastModifiedDateTime"], before["lastModifiedDateTime"]);
    assert_eq!(sandbox.get(&format!("/v1.0/{url}"), &token).await.ok(), after);
}

#[tokio::test]
async fn a_change_that_graph_refuses_changes_nothing() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let url = format!("me/messages/{id}");
    let before = sandbox.get(&format!("/v1.0/{url}"), &token).await.ok();
    for (change, code) in [
        (json!({ "subject": "New", "shoeSize": 42 }), "RequestBodyRead"),
        (json!({ "subject": "New", "importance": "urgent" }), "RequestBodyRead"),
        (json!({ "subject": "New", "isDraft": false }), "ErrorInvalidPropertySet"),
        (json!({ "subject": "New", "id": id }), "ErrorInvalidPropertySet"),
        (json!({ "subject": "New", "attachments": [] }), "ErrorInvalidPropertySet"),
        (json!({ "subject": "New", "internetMessageHeaders": [] }), "ErrorInvalidPropertySet"),
    ] {
        let answer = sandbox.call(Method::PATCH, &url, &token, &[], Some(&change)).await;
        assert_refused(&answer, 400, code, &change.to_string());
    }
    assert_eq!(sandbox.get(&format!("/v1.0/{url}"), &token).await.ok(), before);
}

#[tokio::test]
async fn select_names_the_properties_of_a_message_and_the_id_comes_along() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let headers = json!([{ "name": "x-own", "value": "1" }]);
    let id = sandbox.draft(&token, &json!({ "internetMessageHeaders": headers.clone() })).await;
    let url = format!("/v1.0/me/messages/{id}");
    let read = sandbox.get(&format!("{url}?$select=Subject,internetMessageHeaders"), &token).await;
    let read = read.ok();
    let mut names: Vec<&str> = read.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["@odata.context", "@odata.etag", "id", "internetMessageHeaders", "subject"]);
    assert_eq!(read["internetMessageHeaders"], headers);
    // Nobody has sent it yet.
    let read = sandbox.get(&format!("{url}?$select=from"), &token).await.ok();
    assert_eq!(read.get("from"), Some(&Value::Null));
    for query in ["$select=shoeSize", "$filter=x", "$select=id&select=id"] {
        let answer = sandbox.get(&format!("{url}?{query}"), &token).await;
        assert_refused(&answer, 400, "BadRequest", query);
    }
}

#[tokio::test]
async fn a_sent_draft_leaves_drafts_with_an_empty_answer_and_stands_in_the_outbox() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let answer = sandbox.send_draft(&token, &id).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, ""));
    assert!(!answer.headers.contains_key("content-type"));
    let outbox = sandbox.outbox().await;
    let [sent] = outbox.as_slice() else { panic!("{outbox:?}") };
    assert_eq!((&sent["account"], &sent["saveToSentItems"]), (&json!(PERSONAL), &json!(true)));
    assert_eq!(sent["message"]["subject"], "Hello");
    assert_eq!(sent["message"]["body"]["contentType"], "text");
    assert_eq!(sent["message"]["from"]["emailAddress"]["address"], PERSONAL);
    sandbox.clock.advance(Duration::from_secs(1));
    let gone = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await;
    assert_refused(&gone, 404, "ErrorItemNotFound", "sent");
    let again = sandbox.send_draft(&token, &id).await;
    assert_refused(&again, 404, "ErrorItemNotFound", "sent twice");
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn the_sent_copy_arrives_later_under_an_id_that_only_an_immutable_one_outlives() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let body = &mail()["message"];
    let made = sandbox.call(Method::POST, "me/messages", &token, &[IMMUTABLE], Some(body)).await;
    assert_eq!(made.header("preference-applied"), IMMUTABLE.1);
    let immutable = made.json()["id"].as_str().unwrap().to_owned();
    let url = format!("me/messages/{immutable}");
    let rest = sandbox.get(&format!("/v1.0/{url}"), &token).await.ok();
    let rest_id = rest["id"].as_str().unwrap();
    assert_ne!(rest_id, immutable);

    assert_eq!(sandbox.send_draft(&token, &immutable).await.status, StatusCode::ACCEPTED);
    let on_its_way = sandbox.call(Method::GET, &url, &token, &[IMMUTABLE], None).await.ok();
    assert_eq!((&on_its_way["id"], &on_its_way["isDraft"]), (&json!(immutable), &json!(true)));
    sandbox.clock.advance(Duration::from_secs(1));
    let sent = sandbox.call(Method::GET, &url, &token, &[IMMUTABLE], None).await.ok();
    assert_eq!((&sent["id"], &sent["isDraft"]), (&json!(immutable), &json!(false)));
    assert_eq!(sent["internetMessageId"], rest["internetMessageId"]);
    assert_ne!(sent["parentFolderId"], rest["parentFolderId"]);
    let old = sandbox.get(&format!("/v1.0/me/messages/{rest_id}"), &token).await;
    assert_refused(&old, 404, "ErrorItemNotFound", "the id that it had in Drafts");
}

#[tokio::test]
async fn what_cannot_be_sent_stays_a_draft() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let to = |address: &str| json!([{ "emailAddress": { "address": address } }]);
    for (message, status, code) in [
        (json!({}), 400, "ErrorInvalidRecipients"),
        (json!({ "toRecipients": to("nobody") }), 400, "ErrorInvalidRecipients"),
        (
            json!({ "toRecipients": to("a@b.example"), "from": to("boss@sandbox.example")[0] }),
            403,
            "ErrorSendAsDenied",
        ),
    ] {
        let id = sandbox.draft(&token, &message).await;
        assert_refused(&sandbox.send_draft(&token, &id).await, status, code, code);
        let draft = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
        assert_eq!(draft["isDraft"], true);
    }
    assert!(sandbox.outbox().await.is_empty());
}

#[tokio::test]
async fn what_was_sent_can_be_marked_but_neither_rewritten_nor_sent_again() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let url = format!("me/messages/{}", sandbox.sent(&token).await);
    for name in ["subject", "body", "toRecipients", "from", "internetMessageId"] {
        let change = json!({ name: null });
        let answer = sandbox.call(Method::PATCH, &url, &token, &[], Some(&change)).await;
        assert_refused(&answer, 400, "ErrorInvalidPropertySet", name);
    }
    let change = json!({ "isRead": false, "categories": ["Blue"] });
    let answer = sandbox.call(Method::PATCH, &url, &token, &[], Some(&change)).await.ok();
    assert_eq!((&answer["isRead"], &answer["subject"]), (&json!(false), &json!("Hello")));
    let again = sandbox.call(Method::POST, &format!("{url}/send"), &token, &[], None).await;
    assert_refused(&again, 400, "ErrorInvalidRequest", "again");
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn what_is_deleted_goes_to_deleted_items_and_from_there_for_good() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let body = &mail()["message"];
    let made = sandbox.call(Method::POST, "me/messages", &token, &[IMMUTABLE], Some(body)).await;
    let draft = made.json();
    let url = format!("me/messages/{}", draft["id"].as_str().unwrap());
    let delete = || sandbox.call(Method::DELETE, &url, &token, &[], None);
    let answer = delete().await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
    let deleted = sandbox.get(&format!("/v1.0/{url}"), &token).await.ok();
    assert_ne!(deleted["parentFolderId"], draft["parentFolderId"]);
    assert_eq!(delete().await.status, StatusCode::NO_CONTENT);
    let gone = sandbox.get(&format!("/v1.0/{url}"), &token).await;
    assert_refused(&gone, 404, "ErrorItemNotFound", "deleted twice");
}

#[tokio::test]
async fn an_id_is_looked_at_before_it_is_looked_for() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({})).await;
    let malformed = sandbox.get("/v1.0/me/messages/1", &token).await;
    assert_refused(&malformed, 400, "ErrorInvalidIdMalformed", "1");
    let other = format!("{}AAAA", &id[..id.len() - 4]);
    let unknown = sandbox.get(&format!("/v1.0/me/messages/{other}"), &token).await;
    assert_refused(&unknown, 404, "ErrorItemNotFound", "unknown");
}

#[tokio::test]
async fn a_draft_can_be_posted_as_mime() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    // Subject: Hi, To: a@b.example, Message-ID: <own@client.example>
    let mime = "U3ViamVjdDogSGkNClRvOiBhQGIuZXhhbXBsZQ0KTWVzc2FnZS1JRDogPG93bkBjbGllbnQuZXhhbXBsZT4NCg0KcGxhaW4=";
    let request = sandbox.http.post(format!("{}/v1.0/me/messages", sandbox.url));
    let request = request.bearer_auth(&token).header("content-type", "text/plain").body(mime);
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let draft = answer.json();
    assert_eq!((&draft["subject"], &draft["isDraft"]), (&json!("Hi"), &json!(true)));
    assert_eq!(draft["internetMessageId"], "<own@client.example>");
}

#[tokio::test]
async fn a_draft_has_to_be_a_message_of_at_most_four_megabytes() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for (body, code) in [
        (json!([]), "RequestBodyRead"),
        (json!({ "message": {} }), "RequestBodyRead"),
        (json!({ "isDraft": true }), "ErrorInvalidPropertySet"),
        (json!({ "internetMessageHeaders": [{ "name": "To" }] }), "InvalidInternetMessageHeader"),
        (json!({ "attachments": [{ "name": "a", "contentBytes": "" }] }), "RequestBodyRead"),
    ] {
        let answer = sandbox.post("me/messages", &token, &body).await;
        assert_refused(&answer, 400, code, &body.to_string());
    }
    let long = json!({ "subject": "x".repeat(4 * 1024 * 1024) });
    let answer = sandbox.post("me/messages", &token, &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn faults_have_a_route_for_messages_sending_drafts_and_attachments() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    for (route, method, path) in [
        ("messages", Method::GET, format!("me/messages/{id}")),
        ("attachments", Method::GET, format!("me/messages/{id}/attachments")),
        ("send", Method::POST, format!("me/messages/{id}/send")),
    ] {
        sandbox.plant(json!([{ "route": route, "status": 503 }])).await;
        let answer = sandbox.call(method.clone(), &path, &token, &[], None).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{route}");
        let answer = sandbox.call(method, &path, &token, &[], None).await;
        assert!(answer.status.is_success(), "{route}: {}", answer.text);
    }
    let reset: Value = json!([]);
    sandbox.reset().await;
    assert_eq!(json!(sandbox.outbox().await), reset);
}
