//! What `GET /sandbox/requests` tells about the requests that arrived.

use serde_json::json;

use crate::support::{PERSONAL, TestSandbox, WORK, mail};

#[tokio::test]
async fn requests_stand_in_order_with_their_status_and_whose_they_are() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.get("/v1.0/me?$select=mail", &token).await.ok();
    sandbox.send("nonsense", &mail()).await;
    let requests = sandbox.requests().await;
    let seen: Vec<_> = requests
        .iter()
        .map(|it| json!([it["number"], it["method"], it["path"], it["status"], it["account"]]))
        .collect();
    assert_eq!(
        seen,
        [
            json!([1, "GET", "/common/oauth2/v2.0/authorize", 200, null]),
            json!([2, "POST", "/common/oauth2/v2.0/token", 200, WORK]),
            json!([3, "GET", "/v1.0/me", 200, WORK]),
            json!([4, "POST", "/v1.0/me/sendMail", 401, null]),
        ]
    );
    assert_eq!(requests[1]["form"]["grant_type"], "authorization_code");
    assert_eq!(requests[2]["query"]["$select"], "mail");
    sandbox.reset().await;
    assert!(sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn no_request_shows_a_secret_but_the_same_one_is_recognised() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(PERSONAL).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let access = tokens["access_token"].as_str().unwrap();
    sandbox.get("/v1.0/me", access).await.ok();
    for _ in 0..2 {
        sandbox.refresh(refresh, &[("code_verifier", "a verifier")]).await.ok();
    }
    let requests = sandbox.requests().await;
    let text = serde_json::to_string(&requests).unwrap();
    for secret in [refresh, access, sandbox::CLIENT_SECRET, "a verifier"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let bearer = requests[2]["headers"]["authorization"].as_str().unwrap();
    assert!(bearer.starts_with("Bearer ***"), "{bearer}");
    assert_eq!(requests[3]["form"]["refresh_token"], requests[4]["form"]["refresh_token"]);
    assert_ne!(requests[3]["form"]["refresh_token"], requests[3]["form"]["client_secret"]);
}

#[tokio::test]
async fn a_request_that_is_never_answered_has_no_status() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    sandbox.plant(json!([{ "route": "me", "close": "before" }])).await;
    let url = format!("{}/v1.0/me", sandbox.url);
    sandbox.http.get(url).bearer_auth(token).send().await.unwrap_err();
    let requests = sandbox.requests().await;
    assert_eq!(requests.last().unwrap()["status"], json!(null));
}

#[tokio::test]
async fn every_secret_of_forms_queries_and_headers_is_masked() {
    let sandbox = TestSandbox::start().await;
    for name in [
        "access_token",
        "assertion",
        "authtoken",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "device_code",
        "id_token_hint",
        "password",
        "refresh_token",
        "transaction",
    ] {
        let request = sandbox.http.post(sandbox.token_url()).query(&[(name, "in the query")]);
        request.form(&[(name, "in the form")]).send().await.unwrap();
        let requests = sandbox.requests().await;
        for part in ["query", "form"] {
            let shown = requests.last().unwrap()[part][name].as_str().unwrap();
            assert!(shown.starts_with("***") && shown.len() == 11, "{name} in the {part}: {shown}");
        }
    }
    for (name, value, shown) in [
        ("authorization", "Basic a secret", "Basic ***"),
        ("proxy-authorization", "Basic a secret", "Basic ***"),
        ("proxy-authorization", "secret", "***"),
        ("cookie", "session=a secret", "***"),
    ] {
        sandbox.http.get(sandbox.token_url()).header(name, value).send().await.unwrap();
        let requests = sandbox.requests().await;
        let seen = requests.last().unwrap()["headers"][name].as_str().unwrap();
        assert!(seen.starts_with(shown) && !seen.contains("secret"), "{name}: {seen}");
    }
}

#[tokio::test]
async fn what_is_long_is_cut_and_says_so() {
    let sandbox = TestSandbox::start().await;
    let long = "ü".repeat(4000);
    sandbox.http.post(sandbox.token_url()).form(&[("state", &long)]).send().await.unwrap();
    let requests = sandbox.requests().await;
    let shown = requests[0]["form"]["state"].as_str().unwrap();
    assert_eq!(shown, format!("{}… (cut: it has 8000 bytes)", "ü".repeat(2048)));
    assert_eq!(requests[0]["leftOut"], 0);
}

#[tokio::test]
async fn one_request_takes_no_more_than_its_room() {
    let sandbox = TestSandbox::start().await;
    let form: Vec<(String, String)> =
        (0..100).map(|number| (format!("name{number}"), "x".repeat(9999))).collect();
    sandbox.http.post(sandbox.token_url()).form(&form).send().await.unwrap();
    let requests = sandbox.requests().await;
    assert!(serde_json::to_string(&requests).unwrap().len() < 70_000);
    let kept = requests[0]["form"].as_object().unwrap().len() as u64;
    assert_eq!(requests[0]["leftOut"].as_u64().unwrap() + kept, 100);
    assert_eq!(requests[0]["headers"]["content-type"], "application/x-www-form-urlencoded");
}
