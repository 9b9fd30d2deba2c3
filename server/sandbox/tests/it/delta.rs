//! Delta queries.
//!
//! Sources: <https://learn.microsoft.com/graph/api/message-delta>,
//! <https://learn.microsoft.com/graph/api/mailfolder-delta>.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused};

const DRAFTS: &str = "/v1.0/me/mailFolders/drafts/messages";

async fn follow(sandbox: &TestSandbox, token: &str, list: &Value, link: &str) -> Value {
    let url = list[link].as_str().unwrap_or_else(|| panic!("no {link} in {list}"));
    Answer::of(sandbox.http.get(url).bearer_auth(token)).await.ok()
}

fn subjects(list: &Value) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().filter_map(|one| one["subject"].as_str()).collect()
}

#[tokio::test]
async fn a_delta_token_brings_what_changed_since_and_survives_changes() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let one = sandbox.draft(&token, &json!({ "subject": "one" })).await;
    let two = sandbox.draft(&token, &json!({ "subject": "two" })).await;
    let first = sandbox.get(&format!("{DRAFTS}/delta"), &token).await.ok();
    assert_eq!(subjects(&first), ["one", "two"]);
    let second = follow(&sandbox, &token, &first, "@odata.deltaLink").await;
    assert_eq!(second["value"], json!([]));

    sandbox.draft(&token, &json!({ "subject": "three" })).await;
    let change = json!({ "subject": "ONE" });
    let path = format!("me/messages/{one}");
    sandbox.call(Method::PATCH, &path, &token, &[], Some(&change)).await.ok();
    let path = format!("me/messages/{two}");
    let deleted = sandbox.call(Method::DELETE, &path, &token, &[], None).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    for link in [&first, &second] {
        let third = follow(&sandbox, &token, link, "@odata.deltaLink").await;
        assert_eq!(subjects(&third), ["three", "ONE"]);
        let gone = third["value"].as_array().unwrap().last().unwrap();
        assert_eq!((&gone["id"], &gone["@removed"]["reason"]), (&json!(two), &json!("deleted")));
    }
}

#[tokio::test]
async fn a_round_has_pages_and_keeps_the_options_of_its_first_request() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for subject in ["a", "b", "c"] {
        sandbox.draft(&token, &json!({ "subject": subject })).await;
    }
    let prefer = [("prefer", "odata.maxpagesize=2")];
    let path = "me/mailFolders/drafts/messages/microsoft.graph.delta()?$select=subject";
    let first = sandbox.call(Method::GET, path, &token, &prefer, None).await;
    assert_eq!(first.header("preference-applied"), "odata.maxpagesize=2");
    let first = first.ok();
    assert_eq!(subjects(&first), ["a", "b"]);
    let second = follow(&sandbox, &token, &first, "@odata.nextLink").await;
    assert_eq!(subjects(&second), ["c"]);
    assert!(second["value"][0].get("body").is_none());
    sandbox.draft(&token, &json!({ "subject": "d" })).await;
    let third = follow(&sandbox, &token, &second, "@odata.deltaLink").await;
    assert_eq!(subjects(&third), ["d"]);
    assert!(third["value"][0].get("body").is_none());
}

#[tokio::test]
async fn a_delta_query_takes_few_options_and_only_of_one_folder() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    for good in [
        "$filter=receivedDateTime ge 2020-01-01",
        "changeType=created",
        "$orderby=receivedDateTime desc",
    ] {
        sandbox.get(&format!("{DRAFTS}/delta?{good}"), &token).await.ok();
    }
    for (path, code) in [
        ("/v1.0/me/messages/delta".to_owned(), "BadRequest"),
        (format!("{DRAFTS}/delta?$filter=isRead eq true"), "ErrorInvalidUrlQueryFilter"),
        (format!("{DRAFTS}/delta?$orderby=subject"), "ErrorInvalidUrlQuery"),
        (format!("{DRAFTS}/delta?$search=\"a\""), "BadRequest"),
        (format!("{DRAFTS}/delta?changeType=moved"), "BadRequest"),
        (format!("{DRAFTS}/delta?$deltatoken=junk!"), "BadRequest"),
    ] {
        assert_refused(&sandbox.get(&path, &token).await, 400, code, &path);
    }
}

#[tokio::test]
async fn a_token_of_a_mailbox_that_is_gone_has_to_begin_again() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let first = sandbox.get(&format!("{DRAFTS}/delta"), &token).await.ok();
    let link = first["@odata.deltaLink"].as_str().unwrap();
    sandbox.reset().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let answer = Answer::of(sandbox.http.get(link).bearer_auth(&token)).await;
    assert_refused(&answer, 410, "SyncStateNotFound", "after a reset");
}

#[tokio::test]
async fn folders_have_a_delta_of_their_own() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let first = sandbox.get("/v1.0/me/mailFolders/delta", &token).await.ok();
    assert_eq!(first["value"].as_array().unwrap().len(), 8);
    let made =
        sandbox.post("me/mailFolders", &token, &json!({ "displayName": "New" })).await.json();
    let second = follow(&sandbox, &token, &first, "@odata.deltaLink").await;
    assert_eq!(second["value"].as_array().unwrap().len(), 1);
    assert_eq!(second["value"][0]["id"], made["id"]);
    let path = format!("me/mailFolders/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        sandbox.call(Method::DELETE, &path, &token, &[], None).await;
    }
    let third = follow(&sandbox, &token, &second, "@odata.deltaLink").await;
    assert_eq!(third["value"][0]["@removed"]["reason"], "deleted");
}
