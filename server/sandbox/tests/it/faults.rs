//! What goes wrong when it is told to.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, between, mail};

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
async fn a_token_fault_has_the_token_endpoints_shape_and_knows_whose_token_it_is() {
    let sandbox = TestSandbox::start().await;
    let work = sandbox.tokens(WORK).await;
    let personal = sandbox.tokens(PERSONAL).await;
    let refresh = |tokens: &Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    for (fault, status, error, number, suberror) in [
        (json!({ "code": "AADSTS7000222" }), 401, "invalid_client", 7_000_222, Value::Null),
        (json!({ "code": "AADSTS65001" }), 400, "invalid_grant", 65001, json!("consent_required")),
        (json!({ "code": "AADSTS700082" }), 400, "invalid_grant", 700_082, json!("bad_token")),
        (json!({ "code": "AADSTS700084" }), 400, "invalid_grant", 700_084, json!("bad_token")),
        (json!({ "code": "AADSTS50173" }), 400, "invalid_grant", 50173, json!("bad_token")),
        (json!({ "code": "AADSTS70043" }), 400, "invalid_grant", 70043, json!("token_expired")),
        (json!({ "code": "AADSTS50089" }), 400, "invalid_grant", 50089, Value::Null),
        (json!({ "code": "AADSTS50076" }), 400, "invalid_grant", 50076, json!("basic_action")),
        (json!({ "code": "AADSTS53000" }), 400, "invalid_grant", 53000, json!("additional_action")),
        (json!({ "code": "AADSTS53001" }), 400, "invalid_grant", 53001, json!("message_only")),
        (json!({ "code": "AADSTS53002" }), 400, "invalid_grant", 53002, json!("additional_action")),
        (json!({ "code": "AADSTS53003" }), 400, "invalid_grant", 53003, json!("message_only")),
        (json!({ "code": "AADSTS530035" }), 400, "invalid_grant", 530_035, Value::Null),
        (json!({ "status": 503 }), 503, "temporarily_unavailable", 90033, Value::Null),
        (json!({ "status": 429 }), 429, "temporarily_unavailable", 90055, Value::Null),
    ] {
        let mut fault = fault;
        fault["route"] = json!("token");
        fault["account"] = json!(WORK);
        sandbox.plant(json!([fault])).await;
        sandbox.refresh(&refresh(&personal), &[]).await.ok();
        let answer = sandbox.refresh(&refresh(&work), &[]).await;
        let body = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{fault}");
        assert_eq!(body["error"], error, "{fault}");
        assert_eq!(body["error_codes"][0], number, "{fault}");
        assert_eq!(body["suberror"], suberror, "{fault}");
        assert_eq!(body["claims"].is_string(), number == 50076);
        sandbox.refresh(&refresh(&work), &[]).await.ok();
    }
}

#[tokio::test]
async fn an_oauth_error_can_be_named_by_itself() {
    let sandbox = TestSandbox::start().await;
    sandbox.plant(json!([{ "route": "token", "code": "interaction_required" }])).await;
    let answer = sandbox.refresh("x", &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "interaction_required");
}

#[tokio::test]
async fn a_code_is_known_by_its_account_too() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let fault = json!({ "route": "token", "account": WORK, "close": "before" });
    sandbox.plant(json!([fault])).await;
    let form = [("grant_type", "authorization_code"), ("code", &code)];
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    assert!(request.send().await.is_err());
    sandbox.redeem(&code, &[]).await.ok();
}

#[tokio::test]
async fn discovery_and_keys_can_fail_and_talk_nonsense() {
    let sandbox = TestSandbox::start().await;
    for (route, path) in [
        ("discovery", "/common/v2.0/.well-known/openid-configuration"),
        ("keys", "/common/discovery/v2.0/keys"),
    ] {
        let url = format!("{}{path}", sandbox.url);
        let get = || Answer::of(sandbox.http.get(&url));
        let faults = json!([{ "route": route, "body": "{" }, { "route": route, "status": 500 }]);
        sandbox.plant(faults).await;
        let nonsense = get().await;
        assert_eq!((nonsense.status.as_u16(), nonsense.text.as_str()), (200, "{"));
        assert_eq!(get().await.status, StatusCode::INTERNAL_SERVER_ERROR);
        get().await.ok();
    }
}

#[tokio::test]
async fn authorize_can_send_an_error_back_before_any_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let faults = json!([
        { "route": "authorize", "code": "temporarily_unavailable" },
        { "route": "authorize", "code": "AADSTS65004" },
    ]);
    sandbox.plant(faults).await;
    let first = browser.authorize(&[]).await.callback();
    assert_eq!(first["error"], "temporarily_unavailable");
    assert_eq!(first["state"], "some state");
    let second = browser.authorize(&[]).await.callback();
    assert_eq!(second["error"], "access_denied");
    assert!(second["error_description"].starts_with("AADSTS65004: "));
    assert_eq!(browser.authorize(&[]).await.heading(), "Pick an account");
}

#[tokio::test]
async fn what_microsoft_tells_the_person_alone_is_a_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    for number in [700_016, 50105, 50020, 90015, 53003] {
        let code = format!("AADSTS{number}");
        sandbox.plant(json!([{ "route": "authorize", "code": code }])).await;
        let page = browser.authorize(&[]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{code}");
        assert!(page.text.contains(&format!("{code}: ")), "{}", page.text);
    }
}

#[tokio::test]
async fn authorize_can_fail_for_one_account_once_it_is_chosen() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let fault = json!({ "route": "authorize", "account": PERSONAL, "code": "AADSTS65004" });
    sandbox.plant(json!([fault])).await;
    browser.sign_in(WORK, &[]).await;
    let picker = browser.authorize(&[("prompt", "select_account")]).await;
    let callback = browser.choose(&picker, PERSONAL).await.callback();
    assert_eq!(callback["error"], "access_denied");
}

#[tokio::test]
async fn authorize_can_end_on_a_page() {
    let sandbox = TestSandbox::start().await;
    let browser = sandbox.browser();
    let faults = json!([
        { "route": "authorize", "status": 503 },
        { "route": "authorize", "status": 200, "code": "AADSTS53003" },
        { "route": "authorize", "body": "<p>Out of order" },
    ]);
    sandbox.plant(faults).await;
    let down = browser.authorize(&[]).await;
    assert_eq!(down.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(down.text.contains("AADSTS90033"));
    let blocked = browser.authorize(&[]).await;
    assert!(blocked.status == StatusCode::OK && blocked.text.contains("AADSTS53003"));
    assert_eq!(browser.authorize(&[]).await.text, "<p>Out of order");
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
async fn a_claims_challenge_says_what_the_token_lacks() {
    let sandbox = TestSandbox::start().await;
    let (first, second) = (sandbox.access_token(WORK).await, sandbox.access_token(WORK).await);
    let faults = json!([{ "route": "me", "claims": step_up() }, { "route": "me", "claims": {} }]);
    sandbox.plant(faults).await;
    let refused = sandbox.get("/v1.0/me", &first).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json()["error"]["code"], "InvalidAuthenticationToken");
    assert_eq!(challenge(&refused), step_up());
    let refused = sandbox.get("/v1.0/me", &second).await;
    assert!(challenge(&refused)["access_token"]["nbf"]["value"].is_string());
}

#[tokio::test]
async fn the_same_token_is_challenged_again_and_a_newer_one_is_not() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    let token = tokens["access_token"].as_str().unwrap();
    sandbox.plant(json!([{ "route": "me", "claims": {} }])).await;
    let first = sandbox.get("/v1.0/me", token).await;
    for path in ["/v1.0/me", "/v1.0/me/photo", "/v1.0/me"] {
        let again = sandbox.get(path, token).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(challenge(&again), challenge(&first), "{path}");
    }
    let newer = sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.ok();
    sandbox.get("/v1.0/me", newer["access_token"].as_str().unwrap()).await.ok();
    assert_eq!(sandbox.get("/v1.0/me", token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_challenge_can_be_a_403_and_have_another_code() {
    let sandbox = TestSandbox::start().await;
    for (more, status, code) in [
        (json!({ "status": 403 }), 403, "ErrorAccessDenied"),
        (json!({ "status": 403, "code": "AccessDenied" }), 403, "AccessDenied"),
        (json!({ "code": "TokenLacksClaims" }), 401, "TokenLacksClaims"),
    ] {
        let token = sandbox.access_token(WORK).await;
        let mut fault = more;
        fault["route"] = json!("me");
        fault["claims"] = step_up();
        sandbox.plant(json!([fault])).await;
        for time in ["first", "second"] {
            let answer = sandbox.get("/v1.0/me", &token).await;
            assert_eq!(answer.status.as_u16(), status, "{fault}, the {time} time");
            assert_eq!(answer.json()["error"]["code"], code, "{fault}, the {time} time");
            assert_eq!(challenge(&answer), step_up(), "{fault}, the {time} time");
        }
    }
}

#[tokio::test]
async fn the_token_endpoint_can_ask_for_claims_with_every_error() {
    let sandbox = TestSandbox::start().await;
    for (more, status, error, number) in [
        (json!({}), 400, "invalid_grant", json!(50076)),
        (json!({ "status": 401 }), 401, "invalid_grant", json!(50076)),
        (json!({ "code": "AADSTS50079" }), 400, "invalid_grant", json!(50079)),
        (json!({ "code": "AADSTS53003" }), 400, "invalid_grant", json!(53003)),
        (json!({ "code": "interaction_required" }), 400, "interaction_required", Value::Null),
    ] {
        let mut fault = more;
        fault["route"] = json!("token");
        fault["claims"] = step_up();
        sandbox.plant(json!([fault])).await;
        let answer = sandbox.refresh("x", &[]).await;
        assert_eq!(answer.status.as_u16(), status, "{fault}");
        let body = answer.json();
        assert_eq!((&body["error"], &body["error_codes"][0]), (&json!(error), &number), "{fault}");
        assert_eq!(body["claims"], step_up().to_string(), "{fault}");
    }
}

fn step_up() -> Value {
    json!({ "access_token": { "acrs": { "essential": true, "value": "c1" } } })
}

/// What Graph says a token lacks.
fn challenge(answer: &Answer) -> Value {
    let header = answer.header("www-authenticate");
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let encoded = between(header, " claims=\"", "\"");
    serde_json::from_slice(&STANDARD.decode(encoded).unwrap()).unwrap()
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
