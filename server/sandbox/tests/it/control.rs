//! Steering the sandbox: who may, what a reset does, which faults are understood.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, TestSandbox, WORK, mail};

const ROUTES: [(Method, &str); 9] = [
    (Method::GET, "/sandbox/outbox"),
    (Method::GET, "/sandbox/requests"),
    (Method::POST, "/sandbox/clock"),
    (Method::POST, "/sandbox/revoke"),
    (Method::POST, "/sandbox/keys"),
    (Method::DELETE, "/sandbox/faults"),
    (Method::POST, "/sandbox/reset"),
    (Method::POST, "/sandbox/faults"),
    (Method::POST, "/sandbox/page"),
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
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path}");
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
    sandbox.clock.advance(Duration::from_secs(400 * 86400));
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
        (json!({ "route": "me", "claims": {}, "status": 429 }), "429"),
        (json!({ "route": "authorize", "claims": {} }), "authorize"),
        (json!({ "route": "keys", "claims": {} }), "keys"),
        (json!({ "route": "upload", "claims": {} }), "upload"),
        (json!({ "route": "*", "claims": {} }), "'*'"),
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

#[tokio::test]
async fn the_clock_moves_forward_and_comes_back_on_reset() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    let token = tokens["access_token"].as_str().unwrap();
    let clock =
        |body: Value| sandbox.http.post(format!("{}/sandbox/clock", sandbox.url)).json(&body);
    let answer = Answer::of(clock(json!({ "advance": 7200 }))).await;
    let now = answer.ok()["now"].as_str().unwrap().to_owned();
    assert!(now.ends_with('Z') && now.len() == 20, "{now}");
    let late = sandbox.get("/v1.0/me", token).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    for wrong in [json!({}), json!({ "advance": -1 }), json!({ "advance": 315_360_001 })] {
        assert_eq!(Answer::of(clock(wrong)).await.status, StatusCode::BAD_REQUEST);
    }
    sandbox.reset().await;
    let again = Answer::of(clock(json!({ "advance": 0 }))).await.ok();
    assert!(again["now"].as_str().unwrap() < now.as_str());
}

#[tokio::test]
async fn revoked_sign_ins_leave_no_refresh_token_and_no_browser_signed_in() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let code = browser.sign_in(WORK, &[]).await["code"].clone();
    let tokens = sandbox.redeem(&code, &[]).await.ok();
    let other = sandbox.tokens("personal@sandbox.example").await;
    let refresh = |tokens: &Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    let url = format!("{}/sandbox/revoke", sandbox.url);
    let answer = Answer::of(sandbox.http.post(&url).json(&json!({ "account": WORK }))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let refused = sandbox.refresh(&refresh(&tokens), &[]).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    assert_eq!(refused.json()["error_codes"][0], 50173);
    sandbox.get("/v1.0/me", tokens["access_token"].as_str().unwrap()).await.ok();
    sandbox.refresh(&refresh(&other), &[]).await.ok();
    assert_eq!(browser.authorize(&[]).await.heading(), "Pick an account");
    let unknown = Answer::of(sandbox.http.post(&url).json(&json!({ "account": "x" }))).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_key_signs_beside_the_one_before_it() {
    let sandbox = TestSandbox::start().await;
    let kids = async || -> Vec<String> {
        let url = format!("{}/common/discovery/v2.0/keys", sandbox.url);
        let keys = Answer::of(sandbox.http.get(url)).await.ok();
        let keys = keys["keys"].as_array().unwrap();
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let signs = async || -> String {
        let tokens = sandbox.tokens(WORK).await;
        let header = jsonwebtoken::decode_header(tokens["id_token"].as_str().unwrap()).unwrap();
        header.kid.unwrap()
    };
    let first = kids().await;
    assert_eq!(first, [first[0].clone(), signs().await]);
    assert_ne!(first[0], first[1], "a client that takes the first key has to fail");
    let url = format!("{}/sandbox/keys", sandbox.url);
    assert_eq!(Answer::of(sandbox.http.post(&url)).await.status, StatusCode::NO_CONTENT);
    let second = kids().await;
    assert_eq!(second, [first[1].clone(), signs().await]);
    Answer::of(sandbox.http.post(&url)).await;
    assert_eq!(kids().await, [second[1].clone(), signs().await]);
    sandbox.reset().await;
    assert_eq!(kids().await, first, "a reset brings the keys of the start back");
    assert_eq!(first[1], signs().await);
}

#[tokio::test]
async fn faults_that_wait_can_be_forgotten() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "status": 503, "times": "always" }])).await;
    for _ in 0..3 {
        let answer = sandbox.get("/v1.0/me", &token).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    let url = format!("{}/sandbox/faults", sandbox.url);
    assert_eq!(Answer::of(sandbox.http.delete(url)).await.status, StatusCode::NO_CONTENT);
    sandbox.get("/v1.0/me", &token).await.ok();
}

#[tokio::test]
async fn the_program_that_started_a_sandbox_goes_by_its_clock() {
    let sandbox = TestSandbox::start().await;
    let start = sandbox.clock.now();
    let url = format!("{}/sandbox/clock", sandbox.url);
    Answer::of(sandbox.http.post(url).json(&json!({ "advance": 600 }))).await.ok();
    assert_eq!(sandbox.clock.now() - start, 600);
    sandbox.browser().post("/sandbox/page", &[("do", "hour")]).await;
    assert_eq!(sandbox.clock.now() - start, 4200);
    sandbox.reset().await;
    assert_eq!(sandbox.clock.now(), start);
}

/// Source: <https://learn.microsoft.com/graph/errors>, <https://learn.microsoft.com/graph/resolve-auth-errors>.
#[tokio::test]
async fn a_token_that_ended_by_moved_time_is_refused_as_any_expired_one() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.browser().post("/sandbox/page", &[("do", "hour")]).await;
    sandbox.browser().post("/sandbox/page", &[("do", "hour")]).await;
    let late = sandbox.get("/v1.0/me", &token).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(late.json()["error"]["code"], "InvalidAuthenticationToken");
    let challenge = late.header("www-authenticate");
    assert!(challenge.starts_with("Bearer realm=\"\", authorization_uri=\""), "{challenge}");
    assert!(!challenge.contains("claims"), "nothing but a fresh token is needed: {challenge}");
}

/// Source: RFC 9110, section 6.6.1. A client that compares clocks reads it there.
#[tokio::test]
async fn the_date_of_answers_can_be_wrong_by_as_much_as_a_test_wants() {
    let sandbox = TestSandbox::start().await;
    let url = format!("{}/sandbox/clock", sandbox.url);
    let set = async |change: Value| Answer::of(sandbox.http.post(&url).json(&change)).await;
    let date = async || {
        let path = "/common/v2.0/.well-known/openid-configuration";
        let answer = sandbox.browser().get(path).await;
        httpdate::parse_http_date(answer.header("date")).unwrap()
    };
    let right = date().await;
    set(json!({ "dateOffset": 400 })).await.ok();
    let wait = date().await.duration_since(right).unwrap().as_secs();
    assert!((400..460).contains(&wait), "{wait}");
    set(json!({ "dateOffset": -400 })).await.ok();
    let late = right.duration_since(date().await).unwrap().as_secs();
    assert!((340..=400).contains(&late), "{late}");
    let too_far = set(json!({ "dateOffset": i64::MIN })).await;
    assert_eq!(too_far.status, StatusCode::BAD_REQUEST);
    sandbox.reset().await;
    assert!(date().await.duration_since(right).unwrap().as_secs() < 60, "right again");
}
