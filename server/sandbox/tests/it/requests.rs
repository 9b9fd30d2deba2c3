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
