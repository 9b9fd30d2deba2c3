//! Attachments that travel in one request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{PERSONAL, TestSandbox, assert_refused, mail};

fn file(name: &str, content: &[u8]) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": name,
        "contentType": "text/plain",
        "contentBytes": STANDARD.encode(content),
    })
}

#[tokio::test]
async fn an_attachment_is_added_listed_read_and_removed() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &mail()["message"]).await;
    let files = format!("me/messages/{id}/attachments");
    let added = sandbox.post(&files, &token, &file("a.txt", b"hi")).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let added = added.json();
    assert_eq!(added["@odata.type"], "#microsoft.graph.fileAttachment");
    assert_eq!((&added["name"], &added["size"]), (&json!("a.txt"), &json!(2)));
    assert_eq!(
        (&added["contentType"], &added["contentBytes"]),
        (&json!("text/plain"), &json!("aGk="))
    );
    assert_eq!(added["isInline"], false);
    let message = format!("/v1.0/me/messages/{id}");
    assert_eq!(sandbox.get(&message, &token).await.ok()["hasAttachments"], true);

    let listed = sandbox.get(&format!("/v1.0/{files}"), &token).await.ok();
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);
    assert_eq!(listed["value"][0]["id"], added["id"]);
    let one = format!("{files}/{}", added["id"].as_str().unwrap());
    assert_eq!(sandbox.get(&format!("/v1.0/{one}"), &token).await.ok(), added);
    let content = sandbox.get(&format!("/v1.0/{one}/$value"), &token).await;
    assert_eq!((content.header("content-type"), content.text.as_str()), ("text/plain", "hi"));

    let answer = sandbox.call(Method::DELETE, &one, &token, &[], None).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_refused(
        &sandbox.get(&format!("/v1.0/{one}"), &token).await,
        404,
        "ErrorItemNotFound",
        "",
    );
    assert_eq!(sandbox.get(&message, &token).await.ok()["hasAttachments"], false);
}

#[tokio::test]
async fn an_attachment_that_was_read_can_be_posted_again_as_it_is() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let files = |draft: &str| format!("me/messages/{draft}/attachments");
    let first = sandbox.draft(&token, &mail()["message"]).await;
    let added = sandbox.post(&files(&first), &token, &file("a.txt", b"hi")).await.json();
    let one = format!("/v1.0/{}/{}", files(&first), added["id"].as_str().unwrap());
    let read = sandbox.get(&one, &token).await.ok();

    let second = sandbox.draft(&token, &json!({ "attachments": [read] })).await;
    let again = sandbox.post(&files(&second), &token, &read).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.text);
    assert_ne!(again.json()["id"], read["id"]);
    let listed = sandbox.get(&format!("/v1.0/{}", files(&second)), &token).await.ok();
    for copy in listed["value"].as_array().unwrap() {
        assert_eq!((&copy["name"], &copy["contentBytes"]), (&read["name"], &read["contentBytes"]));
    }
}

#[tokio::test]
async fn attachments_are_sent_with_their_draft_and_kept_with_the_sent_copy() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let mut message = mail()["message"].clone();
    message["attachments"] = json!([file("first.txt", b"1")]);
    let id = sandbox.draft(&token, &message).await;
    let files = format!("me/messages/{id}/attachments");
    sandbox.post(&files, &token, &file("second.txt", b"22")).await;
    assert_eq!(sandbox.send_draft(&token, &id).await.status, StatusCode::ACCEPTED);
    let sent = &sandbox.outbox().await[0];
    let told: Vec<(&Value, &Value)> = sent["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (&file["name"], &file["size"]))
        .collect();
    assert_eq!(told, [(&json!("first.txt"), &json!(1)), (&json!("second.txt"), &json!(2))]);
    sandbox.clock.advance(std::time::Duration::from_secs(1));
    let copy = sent["id"].as_str().unwrap();
    let listed = sandbox.get(&format!("/v1.0/me/messages/{copy}/attachments"), &token).await.ok();
    assert_eq!(listed["value"][1]["contentBytes"], STANDARD.encode(b"22"));
    let answer =
        sandbox.post(&format!("me/messages/{copy}/attachments"), &token, &file("c", b"")).await;
    assert_refused(&answer, 400, "ErrorInvalidPropertySet", "a sent message");
}

#[tokio::test]
async fn a_picture_within_the_text_is_no_attachment_to_look_for() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let mut picture = file("a.png", b"png");
    picture["isInline"] = json!(true);
    picture["contentId"] = json!("picture");
    let id = sandbox.draft(&token, &json!({ "attachments": [picture] })).await;
    let message = sandbox.get(&format!("/v1.0/me/messages/{id}"), &token).await.ok();
    assert_eq!(message["hasAttachments"], false);
    let listed = sandbox.get(&format!("/v1.0/me/messages/{id}/attachments"), &token).await.ok();
    let listed = &listed["value"][0];
    assert_eq!((&listed["isInline"], &listed["contentId"]), (&json!(true), &json!("picture")));
}

#[tokio::test]
async fn select_leaves_contents_out_of_a_list() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({ "attachments": [file("a.txt", b"hi")] })).await;
    let url = format!("/v1.0/me/messages/{id}/attachments?$select=name,size");
    let listed = sandbox.get(&url, &token).await.ok();
    let listed = listed["value"][0].as_object().unwrap();
    assert_eq!((&listed["name"], &listed["size"]), (&json!("a.txt"), &json!(2)));
    assert!(listed.contains_key("id") && !listed.contains_key("contentBytes"));
}

#[tokio::test]
async fn what_an_attachment_must_not_be_is_refused() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({})).await;
    let files = format!("me/messages/{id}/attachments");
    let with = |name: &str, value: Value| {
        let mut file = file("a", b"x");
        file[name] = value;
        file
    };
    for (body, code) in [
        (with("@odata.type", Value::Null), "RequestBodyRead"),
        (with("@odata.type", json!("#microsoft.graph.itemAttachment")), "RequestBodyRead"),
        (with("contentBytes", json!("*")), "RequestBodyRead"),
        (with("contentBytes", Value::Null), "ErrorRequiredPropertyMissing"),
        (with("name", json!("")), "ErrorRequiredPropertyMissing"),
        (with("shoeSize", json!(1)), "RequestBodyRead"),
        (json!([]), "RequestBodyRead"),
    ] {
        let answer = sandbox.post(&files, &token, &body).await;
        assert_refused(&answer, 400, code, &body.to_string());
    }
}

#[tokio::test]
async fn a_file_of_three_megabytes_no_longer_fits_one_request() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &json!({})).await;
    let files = format!("me/messages/{id}/attachments");
    for (size, status) in [(3_000_000, 201), (3 * 1024 * 1024, 413)] {
        let answer = sandbox.post(&files, &token, &file("a", &vec![0; size])).await;
        assert_eq!(answer.status.as_u16(), status, "{size}");
    }
}
