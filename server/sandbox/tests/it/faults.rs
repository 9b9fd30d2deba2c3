//! What goes wrong when it is told to.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, mail};

#[tokio::test]
async fn a_graph_fault_has_graphs_shape_and_is_used_up() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let fault = json!({ "route": "sendMail", "times": 2, "status": 429, "retryAfter": "2" });
    sandbox.plant(json!([fault])).await;
    for _ in 0..2 {
        let answer = sandbox.send(&token, &mail()).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "2");
        assert_eq!(answer.json()["error"]["code"], "TooManyRequests");
        assert!(!answer.header("request-id").is_empty());
    }
    assert_eq!(sandbox.send(&token, &mail()).await.status, StatusCode::ACCEPTED);
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_code_alone_brings_the_status_that_microsoft_sends_with_it() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for (code, status) in [
        ("MailboxNotEnabledForRESTAPI", 404),
        ("ErrorAccessDenied", 403),
        ("ApplicationThrottled", 429),
        ("ErrorQuotaExceeded", 400),
    ] {
        sandbox.plant(json!([{ "route": "sendMail", "code": code }])).await;
        let answer = sandbox.send(&token, &mail()).await;
        assert_eq!(answer.status.as_u16(), status, "{code}");
        assert_eq!(answer.json()["error"]["code"], code);
    }
}

#[tokio::test]
async fn a_fault_for_one_account_leaves_others_alone() {
    let sandbox = TestSandbox::start().await;
    let work = sandbox.access_token(WORK).await;
    let personal = sandbox.access_token(PERSONAL).await;
    sandbox.plant(json!([{ "route": "me", "account": PERSONAL, "status": 503 }])).await;
    sandbox.get("/v1.0/me", &work).await.ok();
    let answer = sandbox.get("/v1.0/me", &personal).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_body_replaces_the_answers_and_the_work_is_done() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "body": "<nonsense" }])).await;
    let answer = sandbox.get("/v1.0/me", &token).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "<nonsense"));
    sandbox.plant(json!([{ "route": "me", "status": 502, "body": "Bad Gateway" }])).await;
    let answer = sandbox.get("/v1.0/me", &token).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::BAD_GATEWAY, "Bad Gateway"));
}

#[tokio::test]
async fn a_cut_connection_has_no_answer_whether_or_not_the_mail_was_sent() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for (close, sent) in [("before", 0), ("after", 1)] {
        sandbox.plant(json!([{ "route": "sendMail", "close": close }])).await;
        let url = format!("{}/v1.0/me/sendMail", sandbox.url);
        let request = sandbox.http.post(url).bearer_auth(&token).json(&mail());
        let error = request.send().await.unwrap_err();
        assert!(error.is_request() && error.status().is_none(), "{error:?}");
        assert_eq!(sandbox.outbox().await.len(), sent, "{close}");
    }
}

#[tokio::test]
async fn a_refusal_can_come_after_the_mail_was_sent() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "sendMail", "status": 504, "close": "after" }])).await;
    let answer = sandbox.send(&token, &mail()).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.header("connection"), "close");
    assert_eq!(sandbox.outbox().await.len(), 1);
    sandbox.plant(json!([{ "route": "sendMail", "status": 504 }])).await;
    sandbox.send(&token, &mail()).await;
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_delay_alone_only_delays() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "delayMs": 300 }])).await;
    let request = sandbox.get("/v1.0/me", &token);
    let soon = tokio::time::timeout(Duration::from_millis(290), request).await;
    assert!(soon.is_err(), "answered at once");
    sandbox.plant(json!([{ "route": "me", "delayMs": 1 }])).await;
    sandbox.get("/v1.0/me", &token).await.ok();
}

#[tokio::test]
async fn a_star_is_any_route() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "*", "account": WORK, "status": 500 }])).await;
    let url = format!("{}/common/discovery/v2.0/keys", sandbox.url);
    Answer::of(sandbox.http.get(url)).await.ok();
    let photo = sandbox.get("/v1.0/me/photo/$value", &token).await;
    assert_eq!(photo.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_answer_can_end_in_its_middle_although_all_is_done() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "close": "during" }])).await;
    let request = sandbox.http.get(format!("{}/v1.0/me", sandbox.url)).bearer_auth(&token);
    let mut answer = request.send().await.unwrap();
    let length: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut got = 0;
    let error = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => got += chunk.len(),
            Ok(None) => panic!("a whole answer of {got} bytes"),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(got, length / 2);
    sandbox.plant(json!([{ "route": "token", "close": "during" }])).await;
    let code = sandbox.code(WORK).await;
    let form = [
        ("client_id", sandbox::CLIENT_ID),
        ("client_secret", sandbox::CLIENT_SECRET),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", sandbox::REDIRECT_URI),
    ];
    let answer = sandbox.http.post(sandbox.token_url()).form(&form).send().await.unwrap();
    answer.text().await.unwrap_err();
    assert_eq!(sandbox.redeem(&code, &[]).await.json()["error_codes"][0], 54005);
}

#[tokio::test]
async fn an_answer_without_a_body_has_no_middle_and_does_not_come_although_all_is_done() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "sendMail", "close": "during" }])).await;
    let request = sandbox.http.post(format!("{}/v1.0/me/sendMail", sandbox.url));
    request.bearer_auth(&token).json(&mail()).send().await.unwrap_err();
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn retry_after_comes_in_both_forms() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "status": 503, "retryAfterDate": 120 }])).await;
    let answer = sandbox.get("/v1.0/me", &token).await;
    let [now, then] =
        ["date", "retry-after"].map(|name| httpdate::parse_http_date(answer.header(name)).unwrap());
    // The two are written one after the other, and have no parts of a second.
    let wait = then.duration_since(now).unwrap().as_secs();
    assert!((119..=120).contains(&wait), "{wait}");
}

#[tokio::test]
async fn an_answer_can_have_another_type_than_its_route() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let fault = json!({ "route": "me", "status": 502, "contentType": "text/html", "body": "<h1>" });
    sandbox.plant(json!([fault])).await;
    let answer = sandbox.get("/v1.0/me", &token).await;
    assert_eq!((answer.header("content-type"), answer.text.as_str()), ("text/html", "<h1>"));
}

#[tokio::test]
async fn a_lasting_fault_lasts_until_a_reset() {
    let sandbox = TestSandbox::start().await;
    sandbox.plant(json!([{ "route": "keys", "status": 500, "times": "always" }])).await;
    let url = format!("{}/common/discovery/v2.0/keys", sandbox.url);
    for _ in 0..3 {
        let answer = Answer::of(sandbox.http.get(&url)).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    sandbox.reset().await;
    Answer::of(sandbox.http.get(&url)).await.ok();
}
