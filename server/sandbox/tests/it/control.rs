//! Steering the sandbox: who may, what a reset does, which faults are understood.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, TestSandbox, WORK, mail};

const ROUTES: [(Method, &str); 4] = [
    (Method::GET, "/sandbox/outbox"),
    (Method::POST, "/sandbox/reset"),
    (Method::POST, "/sandbox/faults"),
    (Method::POST, "/sandbox/reset-page"),
];

#[tokio::test]
async fn a_page_of_another_origin_may_not_steer() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    for (method, path) in ROUTES {
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "http://localhost:5000"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = sandbox.http.request(method.clone(), format!("{}{path}", sandbox.url));
            let answer = Answer::of(request.header(name, value).body("[]")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert!(!answer.text.contains("Hello"));
        }
    }
    assert_eq!(sandbox.outbox().await.len(), 1);
}

#[tokio::test]
async fn this_origin_and_programs_may_steer() {
    let sandbox = TestSandbox::start().await;
    for (method, path) in ROUTES {
        let request = sandbox.http.request(method, format!("{}{path}", sandbox.url));
        let request =
            request.header("origin", &sandbox.url).header("sec-fetch-site", "same-origin");
        let answer = Answer::of(request.body("[]")).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{path}");
    }
}

#[tokio::test]
async fn a_name_that_only_points_here_is_not_answered_to() {
    let sandbox = TestSandbox::start().await;
    for path in ["/", "/sandbox/outbox", "/common/v2.0/.well-known/openid-configuration"] {
        let request = sandbox.http.get(format!("{}{path}", sandbox.url));
        let answer = Answer::of(request.header("host", "rebound.example:5001")).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        let request = sandbox.http.get(format!("{}{path}", sandbox.url));
        let answer = Answer::of(request.header("host", "localhost:5001")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_reset_forgets_mail_faults_consents_tokens_and_who_is_signed_in() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    browser.sign_in(WORK, &[]).await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    sandbox.plant(json!([{ "route": "*", "status": 500 }])).await;
    sandbox.reset().await;
    assert!(sandbox.outbox().await.is_empty());
    assert_eq!(sandbox.get("/v1.0/me", &token).await.status, StatusCode::UNAUTHORIZED);
    let picker = browser.authorize(&[]).await;
    assert_eq!(picker.heading(), "Pick an account");
    let consent = browser.choose(&picker, WORK).await;
    assert_eq!(consent.heading(), "Permissions requested");
}

#[tokio::test]
async fn a_reset_sets_the_clock_back() {
    let sandbox = TestSandbox::start().await;
    sandbox.time.advance(std::time::Duration::from_secs(400 * 86400));
    sandbox.reset().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.send(&token, &mail()).await;
    let sent = &sandbox.outbox().await[0];
    let year = |text: &str| text[..4].parse::<i32>().unwrap();
    let answer = sandbox.get("/v1.0/me", &token).await;
    // `Date: Mon, 23 Nov 2026 12:24:44 GMT` is the HTTP server's, which knows only real time.
    let real = answer.header("date")[12..16].parse::<i32>().unwrap();
    assert!(year(sent["received"].as_str().unwrap()) - real <= 1 && real > 2000);
    assert!(year(sent["received"].as_str().unwrap()) == real);
}

#[tokio::test]
async fn a_fault_that_is_not_understood_is_refused_in_words_and_plants_nothing() {
    let sandbox = TestSandbox::start().await;
    let good = json!({ "route": "me", "status": 500 });
    for (bad, word) in [
        (json!({}), "route"),
        (json!({ "route": "nowhere", "status": 500 }), "nowhere"),
        (json!({ "route": "me" }), "needs one of"),
        (json!({ "route": "me", "status": 99 }), "99"),
        (json!({ "route": "me", "status": 100 }), "100"),
        (json!({ "route": "me", "status": "500" }), "500"),
        (json!({ "route": "me", "status": 500, "times": 0 }), "times"),
        (json!({ "route": "me", "status": 500, "account": "x@y.example" }), "x@y.example"),
        (json!({ "route": "token", "code": "AADSTS1" }), "AADSTS1"),
        (json!({ "route": "me", "close": "never" }), "never"),
        (json!({ "route": "me", "retryAfter": "2\n3" }), "retryAfter"),
        (json!({ "route": "me", "retry_after": "2" }), "retry_after"),
        (json!({ "route": "me", "delayMs": 600_001 }), "delayMs"),
    ] {
        let request = sandbox.http.post(format!("{}/sandbox/faults", sandbox.url));
        let answer = Answer::of(request.json(&json!([good, bad]))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        assert!(answer.text.contains(word), "{bad}: {}", answer.text);
    }
    let request = sandbox.http.post(format!("{}/sandbox/faults", sandbox.url));
    let no_list = Answer::of(request.json::<Value>(&good)).await;
    assert_eq!(no_list.status, StatusCode::BAD_REQUEST);
    let token = sandbox.access_token(WORK).await;
    sandbox.get("/v1.0/me", &token).await.ok();
}
