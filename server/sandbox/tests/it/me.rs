//! Graph's person, photo, and everything that Graph checks before it works.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, PERSONAL, TestSandbox, WORK, assert_refused};

#[tokio::test]
async fn a_work_account_has_a_mail_address_and_a_personal_one_has_none() {
    let sandbox = TestSandbox::start().await;
    for (address, id, mail) in [
        (WORK, "33333333-3333-4333-8333-333333333301", json!(WORK)),
        (PERSONAL, "4444444444444402", Value::Null),
    ] {
        let token = sandbox.access_token(address).await;
        let me = sandbox.get("/v1.0/me", &token).await.ok();
        assert_eq!(me["id"], id);
        assert_eq!(me["mail"], mail);
        assert_eq!(me["userPrincipalName"], address);
        assert_eq!(me["businessPhones"], json!([]));
        let context = format!("{}/v1.0/$metadata#users/$entity", sandbox.url);
        assert_eq!(me["@odata.context"], context);
        assert_eq!(me.as_object().unwrap().len(), 12);
    }
}

#[tokio::test]
async fn the_markup_account_has_a_name_that_breaks_careless_pages() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token("markup@sandbox.example").await;
    let me = sandbox.get("/v1.0/me", &token).await.ok();
    let name = me["displayName"].as_str().unwrap();
    assert!(name.contains("<script>") && name.contains('&') && !name.is_ascii(), "{name}");
}

#[tokio::test]
async fn select_returns_what_it_names_and_nothing_else() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let me = sandbox.get("/v1.0/me?$select=displayName,mail", &token).await.ok();
    let expected = json!({
        "@odata.context": format!("{}/v1.0/$metadata#users(displayName,mail)/$entity", sandbox.url),
        "displayName": "Wanda Work",
        "mail": WORK,
    });
    assert_eq!(me, expected);
    let me = sandbox.get("/v1.0/me?$select=UserType,proxyAddresses", &token).await.ok();
    assert_eq!(
        (&me["userType"], &me["proxyAddresses"]),
        (&json!("Member"), &json!([format!("SMTP:{WORK}")]))
    );
    for query in ["$select=displayName,shoeSize", "$filter=x"] {
        let answer = sandbox.get(&format!("/v1.0/me?{query}"), &token).await;
        assert_refused(&answer, 400, "BadRequest", query);
    }
}

#[tokio::test]
async fn a_person_can_be_named_by_id_or_address_but_without_more_rights_only_oneself() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for own in [WORK, "33333333-3333-4333-8333-333333333301", "WORK%40sandbox.example"] {
        let me = sandbox.get(&format!("/v1.0/users/{own}/"), &token).await.ok();
        assert_eq!(me["userPrincipalName"], WORK);
    }
    for other in ["admin@sandbox.example", "nobody@sandbox.example"] {
        let answer = sandbox.get(&format!("/v1.0/users/{other}"), &token).await;
        assert_refused(&answer, 403, "Authorization_RequestDenied", other);
    }
}

#[tokio::test]
async fn a_request_needs_a_token_that_the_sandbox_issued_and_that_is_not_too_old() {
    let sandbox = TestSandbox::start().await;
    let url = format!("{}/v1.0/me", sandbox.url);
    for authorization in ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer junk"] {
        let request = sandbox.http.get(&url).header("authorization", authorization);
        let answer = Answer::of(request).await;
        assert_refused(&answer, 401, "InvalidAuthenticationToken", authorization);
        assert!(answer.header("www-authenticate").starts_with("Bearer "));
    }
    let answer = Answer::of(sandbox.http.get(&url)).await;
    assert_refused(&answer, 401, "InvalidAuthenticationToken", "no header");

    let tokens = sandbox.tokens(WORK).await;
    let id_token = sandbox.get("/v1.0/me", tokens["id_token"].as_str().unwrap()).await;
    assert_refused(&id_token, 401, "InvalidAuthenticationToken", "id_token");
    let access = tokens["access_token"].as_str().unwrap();
    let lifetime = tokens["expires_in"].as_u64().unwrap();
    sandbox.clock.advance(Duration::from_secs(lifetime - 10));
    sandbox.get("/v1.0/me", access).await.ok();
    sandbox.clock.advance(Duration::from_secs(10));
    let late = sandbox.get("/v1.0/me", access).await;
    assert_refused(&late, 401, "InvalidAuthenticationToken", "expired");
}

#[tokio::test]
async fn each_route_needs_its_own_scope() {
    let sandbox = TestSandbox::start().await;
    sandbox.code(PERSONAL).await;
    for (scope, path, method, code) in [
        ("Mail.Send", "/v1.0/me", Method::GET, "Authorization_RequestDenied"),
        ("Mail.Send", "/v1.0/me/photo/$value", Method::GET, "Authorization_RequestDenied"),
        ("User.Read", "/v1.0/me/sendMail", Method::POST, "ErrorAccessDenied"),
        ("openid", "/v1.0/me/sendMail", Method::POST, "ErrorAccessDenied"),
    ] {
        let auth = sandbox.code_for(PERSONAL, &[("scope", scope)]).await;
        let body = sandbox.redeem(&auth, &[]).await.ok();
        let url = format!("{}{path}", sandbox.url);
        let token = body["access_token"].as_str().unwrap();
        let answer = Answer::of(sandbox.http.request(method, url).bearer_auth(token)).await;
        assert_refused(&answer, 403, code, path);
    }
}

#[tokio::test]
async fn a_path_or_a_method_that_nobody_knows_is_refused_after_the_token() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    for path in ["/v1.0", "/v1.0/", "/v1.0/me/nonsense", "/v1.0/drive/root"] {
        assert_refused(&sandbox.get(path, &token).await, 400, "BadRequest", path);
    }
    let without = Answer::of(sandbox.http.get(format!("{}/v1.0/drive", sandbox.url))).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    for (method, path, allow) in
        [(Method::POST, "/v1.0/me", "GET"), (Method::GET, "/v1.0/me/sendMail", "POST")]
    {
        let request = sandbox.http.request(method, format!("{}{path}", sandbox.url));
        let answer = Answer::of(request.bearer_auth(&token)).await;
        assert_refused(&answer, 405, "Request_BadRequest", path);
        assert_eq!(answer.header("allow"), allow);
    }
}

#[tokio::test]
async fn every_answer_carries_its_ids_and_an_error_repeats_them() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token(WORK).await;
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    for (path, status) in [("/v1.0/me", 200), ("/v1.0/me/photos/1x1/$value", 404)] {
        let request = sandbox.http.get(format!("{}{path}", sandbox.url)).bearer_auth(&token);
        let answer = Answer::of(request.header("client-request-id", id)).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("client-request-id"), id);
        assert!(answer.header("x-ms-ags-diagnostic").starts_with("{\"ServerInfo\""));
        assert!(answer.header("cache-control").contains("private"));
        assert!(!answer.header("date").is_empty());
        if status == 404 {
            let inner = &answer.json()["error"]["innerError"];
            assert_eq!(inner["request-id"], answer.header("request-id"));
            assert_eq!(inner["client-request-id"], id);
            assert_eq!(inner["date"].as_str().unwrap().len(), "2020-09-11T11:21:34".len());
        }
    }
    let without = sandbox.get("/v1.0/me", &token).await;
    assert_eq!(without.header("client-request-id"), without.header("request-id"));
}
