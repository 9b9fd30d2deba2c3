//! `$batch`.
//!
//! Source: <https://learn.microsoft.com/graph/json-batching>.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, assert_refused, mail};

fn get(id: &str, url: &str) -> Value {
    json!({ "id": id, "method": "GET", "url": url })
}

fn post(id: &str, url: &str, body: &Value) -> Value {
    let headers = json!({ "Content-Type": "application/json" });
    json!({ "id": id, "method": "POST", "url": url, "headers": headers, "body": body })
}

async fn batch(sandbox: &TestSandbox, token: &str, requests: Value) -> Answer {
    sandbox.post("$batch", token, &json!({ "requests": requests })).await
}

fn answer<'a>(batch: &'a Value, id: &str) -> &'a Value {
    let answers = batch["responses"].as_array().unwrap();
    answers.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("no {id} in {batch}"))
}

#[tokio::test]
async fn every_request_of_a_batch_has_an_answer_of_its_own() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let requests = json!([
        get("me", "/me?$select=displayName"),
        get("wrong", "me/nonsense"),
        post("draft", "/me/messages", &mail()["message"]),
        post("send", "/me/sendMail", &mail()),
        get("filter", "/me/mailFolders/inbox/messages?$filter=subject eq 'Lunch tomorrow?'"),
        { "id": "photo", "method": "GET", "url": "/me/photos/48x48/$value" },
    ]);
    let answers = batch(&sandbox, &token, requests).await.ok();
    assert_eq!(answers["responses"].as_array().unwrap().len(), 6);
    assert_eq!(answer(&answers, "me")["body"]["displayName"], "Petra Personal");
    assert_eq!(answer(&answers, "wrong")["status"], 400);
    assert_eq!(answer(&answers, "wrong")["body"]["error"]["code"], "BadRequest");
    let draft = answer(&answers, "draft");
    assert_eq!((&draft["status"], &draft["body"]["isDraft"]), (&json!(201), &json!(true)));
    assert!(draft["headers"]["Location"].is_string(), "{draft}");
    let sent = answer(&answers, "send");
    assert_eq!((&sent["status"], sent.get("body")), (&json!(202), None));
    assert_eq!(answer(&answers, "filter")["body"]["value"].as_array().unwrap().len(), 1);
    let photo = answer(&answers, "photo");
    assert_eq!(photo["headers"]["Content-Type"], "image/jpeg");
    assert!(photo["body"].as_str().unwrap().starts_with("/9j/"), "base64");
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn what_depends_on_a_failed_request_fails_with_424() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let mut dependent = get("2", "/me");
    dependent["dependsOn"] = json!(["1"]);
    let mut later = get("3", "/me");
    later["dependsOn"] = json!(["2"]);
    let failing = json!([get("1", "/me/messages/1"), dependent, later, get("4", "/me")]);
    let answers = batch(&sandbox, &token, failing).await.ok();
    for (id, status) in [("1", 400), ("2", 424), ("3", 424), ("4", 200)] {
        assert_eq!(answer(&answers, id)["status"], status, "{id}");
    }
    let fine = json!([get("1", "/me"), dependent]);
    let answers = batch(&sandbox, &token, fine).await.ok();
    assert_eq!(answer(&answers, "2")["status"], 200);
}

#[tokio::test]
async fn a_throttled_request_is_throttled_inside_and_the_batch_is_200() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    sandbox.plant(json!([{ "route": "sendMail", "status": 429, "retryAfter": "7" }])).await;
    let requests = json!([post("1", "/me/sendMail", &mail()), post("2", "/me/sendMail", &mail())]);
    let answers = batch(&sandbox, &token, requests).await.ok();
    let first = answer(&answers, "1");
    assert_eq!((&first["status"], &first["headers"]["Retry-After"]), (&json!(429), &json!("7")));
    assert_eq!(answer(&answers, "2")["status"], 202);
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_batch_with_a_mistake_is_refused_whole() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let many: Vec<Value> = (0..21).map(|number| get(&number.to_string(), "/me")).collect();
    let mut before = get("1", "/me");
    before["dependsOn"] = json!(["2"]);
    for (requests, code) in [
        (json!([]), "BadRequest"),
        (json!(many), "BadRequest"),
        (json!([get("1", "/me"), get("1", "/me")]), "BadRequest"),
        (json!([before, get("2", "/me")]), "BadRequest"),
        (json!([{ "id": "1", "method": "POST", "url": "/me/sendMail" }]), "BadRequest"),
        (json!([post("1", "/$batch", &json!({}))]), "BadRequest"),
        (json!([{ "id": "1", "url": "/me" }]), "ErrorRequiredPropertyMissing"),
    ] {
        let answer = batch(&sandbox, &token, requests.clone()).await;
        assert_refused(&answer, 400, code, &requests.to_string());
    }
    let answer = sandbox.get("/v1.0/$batch", &token).await;
    assert_refused(&answer, 405, "Request_BadRequest", "GET");
    let url = format!("{}/v1.0/$batch", sandbox.url);
    let nobody =
        Answer::of(sandbox.http.post(url).json(&json!({ "requests": [get("1", "/me")] }))).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
