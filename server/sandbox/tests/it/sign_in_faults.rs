//! What goes wrong at the identity platform when it is told to.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK};

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
