//! What the token endpoint refuses, with the codes of Microsoft.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, StatusCode};
use sandbox::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT};

use crate::support::{Answer, TestSandbox, WORK};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: [(&str, &str); 2] = [
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

/// A change to a good request; status, error and number of the refusal.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, u32);

fn assert_refused(answer: &Answer, status: u16, error: &str, number: u32, case: &str) {
    assert_eq!(answer.status.as_u16(), status, "{case}: {}", answer.text);
    let body = answer.json();
    assert_eq!(body["error"], error, "{case}");
    assert_eq!(body["error_codes"][0], number, "{case}: {body}");
    assert_eq!(answer.header("cache-control"), "no-store, no-cache", "{case}");
}

#[tokio::test]
async fn each_mistake_in_a_redemption_has_its_code_and_leaves_the_code_unspent() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code_for(WORK, &CHALLENGE).await;
    let longer = format!("{REDIRECT_URI}/");
    #[rustfmt::skip]
    let table: &[Case] = &[
        (&[("client_id", "")], 400, "invalid_request", 900_144),
        (&[("client_id", "22222222-0000-4000-8000-000000000000")], 400, "unauthorized_client", 700_016),
        (&[("grant_type", "")], 400, "invalid_request", 900_144),
        (&[("grant_type", "device")], 400, "unsupported_grant_type", 70003),
        (&[("grant_type", "client_credentials")], 400, "invalid_request", 9_001_023),
        (&[("client_secret", "")], 401, "invalid_client", 7_000_218),
        (&[("client_secret", "wrong")], 401, "invalid_client", 7_000_215),
        (&[("client_secret", ""), ("client_assertion", "e.e.e")], 400, "invalid_request", 900_144),
        (&[("code", "")], 400, "invalid_request", 900_144),
        (&[("code", "1.AXYZ")], 400, "invalid_grant", 70000),
        (&[("redirect_uri", "")], 400, "invalid_request", 900_144),
        (&[("redirect_uri", &longer)], 400, "invalid_grant", 500_112),
        (&[("redirect_uri", "http://localhost:6000/login/authorized")], 400, "invalid_grant", 500_112),
        (&[("code_verifier", "")], 400, "invalid_grant", 50148),
        (&[("code_verifier", "x")], 400, "invalid_grant", 501_481),
        (&[("scope", " ")], 400, "invalid_scope", 28003),
        (&[("scope", "Mail.Everything")], 400, "invalid_scope", 70011),
        (&[("scope", "User.Read https://outlook.office.com/Mail.Send")], 400, "invalid_scope", 700_022),
        (&[("scope", "https://outlook.office.com/Mail.Send")], 400, "invalid_resource", 500_011),
        (&[("scope", "Mail.ReadWrite")], 400, "invalid_grant", 65001),
    ];
    for (change, status, error, number) in table {
        let change = [&[("code_verifier", VERIFIER)], *change].concat();
        let answer = sandbox.redeem(&code, &change).await;
        assert_refused(&answer, *status, error, *number, &format!("{change:?}"));
    }
    sandbox.redeem(&code, &[("code_verifier", VERIFIER)]).await.ok();
}

#[tokio::test]
async fn a_code_serves_once() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    sandbox.redeem(&code, &[]).await.ok();
    let again = sandbox.redeem(&code, &[]).await;
    assert_refused(&again, 400, "invalid_grant", 54005, "second use");
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let sandbox = TestSandbox::start().await;
    let (first, second) = (sandbox.code(WORK).await, sandbox.code(WORK).await);
    sandbox.clock.advance(Duration::from_secs(590));
    sandbox.redeem(&first, &[]).await.ok();
    sandbox.clock.advance(Duration::from_secs(20));
    assert_refused(&sandbox.redeem(&second, &[]).await, 400, "invalid_grant", 70008, "late");
}

#[tokio::test]
async fn a_code_is_for_the_endpoint_it_was_asked_for_at() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let form = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
    ];
    for (tenant, error, number) in
        [(TENANT, "invalid_grant", 700_005), ("contoso.com", "invalid_request", 90002)]
    {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", sandbox.url);
        let answer = Answer::of(sandbox.http.post(url).form(&form)).await;
        assert_refused(&answer, 400, error, number, tenant);
    }
}

#[tokio::test]
async fn a_verifier_that_nobody_promised_is_refused() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let answer = sandbox.redeem(&code, &[("code_verifier", VERIFIER)]).await;
    assert_refused(&answer, 400, "invalid_grant", 501_481, "no challenge");
}

#[tokio::test]
async fn a_redemption_may_not_ask_for_more_than_the_authorization_did() {
    let sandbox = TestSandbox::start().await;
    sandbox.code(WORK).await;
    let code = sandbox.code_for(WORK, &[("scope", "openid User.Read")]).await;
    let answer = sandbox.redeem(&code, &[("scope", "openid Mail.Send")]).await;
    assert_refused(&answer, 400, "invalid_scope", 70011, "consented, but not asked for");
}

#[tokio::test]
async fn a_refresh_has_its_codes() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let junk = sandbox.refresh("1.AJUNK", &[]).await;
    assert_refused(&junk, 400, "invalid_grant", 70000, "junk");
    let absent = sandbox.token(&[("grant_type", "refresh_token")]).await;
    assert_refused(&absent, 400, "invalid_request", 900_144, "absent");
    let more = sandbox.refresh(refresh, &[("scope", "User.Read Mail.ReadWrite")]).await;
    assert_refused(&more, 400, "invalid_grant", 65001, "more");
    assert_eq!(more.json()["suberror"], "consent_required");
    sandbox.clock.advance(Duration::from_secs(90 * 86400));
    let late = sandbox.refresh(refresh, &[]).await;
    assert_refused(&late, 400, "invalid_grant", 700_082, "late");
    assert_eq!(late.json()["suberror"], "bad_token");
}

#[tokio::test]
async fn a_refresh_token_works_only_where_its_account_may_sign_in() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    let form = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    for (tenant, status) in [("consumers", 400), ("organizations", 200)] {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", sandbox.url);
        let answer = Answer::of(sandbox.http.post(url).form(&form)).await;
        assert_eq!(answer.status.as_u16(), status, "{tenant}");
    }
}

#[tokio::test]
async fn a_reset_takes_every_token_away() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(WORK).await;
    sandbox.reset().await;
    let answer = sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await;
    assert_refused(&answer, 400, "invalid_grant", 70000, "after reset");
}

#[tokio::test]
async fn a_secret_does_not_belong_in_a_browser() {
    let sandbox = TestSandbox::start().await;
    let form = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
    ];
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    let answer = Answer::of(request.header(ORIGIN, "http://localhost:5000")).await;
    assert_refused(&answer, 400, "invalid_request", 9_002_326, "origin");
}

#[tokio::test]
async fn a_client_authenticates_in_one_way() {
    let sandbox = TestSandbox::start().await;
    let form = [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET), ("grant_type", "x")];
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    let both = Answer::of(request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET))).await;
    assert_refused(&both, 400, "invalid_request", 9_002_313, "both");

    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    let wrong = Answer::of(request.basic_auth(CLIENT_ID, Some("wrong"))).await;
    assert_refused(&wrong, 401, "invalid_client", 7_000_215, "wrong in the header");
}

#[tokio::test]
async fn the_request_is_a_posted_form_with_each_parameter_once() {
    let sandbox = TestSandbox::start().await;
    let url = sandbox.token_url();
    let get = Answer::of(sandbox.http.request(Method::GET, &url)).await;
    assert_refused(&get, 405, "invalid_request", 900_561, "GET");
    let json = Answer::of(sandbox.http.post(&url).json(&["x"])).await;
    assert_refused(&json, 400, "invalid_request", 900_144, "JSON");
    let twice = [("client_id", CLIENT_ID), ("client_id", CLIENT_ID)];
    let twice = Answer::of(sandbox.http.post(&url).form(&twice)).await;
    assert_refused(&twice, 400, "invalid_request", 9_002_313, "twice");
}

// Another thread has to notice that the one at work does not come back.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_very_many_names_is_read_at_once() {
    let sandbox = TestSandbox::start().await;
    let mut form: String = (0..60_000).map(|number| format!("{number:x}&")).collect();
    form.push_str("grant_type=x");
    let request = sandbox.http.post(sandbox.token_url()).body(form);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = Answer::of(request.timeout(Duration::from_secs(10))).await;
    assert_refused(&answer, 400, "invalid_request", 900_144, "no client_id");
}

#[tokio::test]
async fn what_is_over_is_told_apart_for_a_while_and_then_forgotten() {
    const HOUR: u64 = 3600;
    let sandbox = TestSandbox::start().await;
    let (spent, unspent) = (sandbox.code(WORK).await, sandbox.code(WORK).await);
    let tokens = sandbox.redeem(&spent, &[]).await.ok();
    let access = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let later = async |hours: u64| {
        sandbox.clock.advance(Duration::from_secs(hours * HOUR));
        sandbox.tokens(WORK).await;
    };
    let number = |answer: Answer| answer.json()["error_codes"][0].as_u64().unwrap();
    let seen = async || {
        (
            number(sandbox.redeem(&spent, &[]).await),
            number(sandbox.redeem(&unspent, &[]).await),
            sandbox.get("/v1.0/me", access).await.json()["error"]["message"].to_string(),
        )
    };
    let expired = "\"The access token has expired.\"".to_owned();
    let unknown =
        "\"The access token cannot be read, or it is meant for somebody else.\"".to_owned();
    later(24).await;
    assert_eq!(seen().await, (54005, 70008, expired));
    later(2).await;
    assert_eq!(seen().await, (70000, 70000, unknown));

    later(90 * 24).await;
    assert_eq!(number(sandbox.refresh(refresh, &[]).await), 700_082);
    later(28 * 24).await;
    assert_eq!(number(sandbox.refresh(refresh, &[]).await), 700_082);
    later(24).await;
    assert_eq!(number(sandbox.refresh(refresh, &[]).await), 70000);
}

#[tokio::test]
async fn an_error_tells_its_ids_and_echoes_the_clients_own() {
    let sandbox = TestSandbox::start().await;
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let request = sandbox.http.post(sandbox.token_url()).form(&[("grant_type", "x")]);
    let answer = Answer::of(request.header("client-request-id", id)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let body = answer.json();
    assert_eq!(body["correlation_id"], id);
    assert_eq!(body["trace_id"], answer.header("x-ms-request-id"));
    let text = body["error_description"].as_str().unwrap();
    assert!(text.starts_with("AADSTS900144: "), "{text}");
    assert!(text.contains(&format!("Correlation ID: {id}")), "{text}");
    assert!(text.ends_with(body["timestamp"].as_str().unwrap()), "{text}");

    let url = format!("{}?client-request-id={id}", sandbox.token_url());
    let in_query = Answer::of(sandbox.http.post(url).form(&[("grant_type", "x")])).await;
    assert_eq!(in_query.json()["correlation_id"], id);

    let request = sandbox.http.post(sandbox.token_url()).form(&[("grant_type", "x")]);
    let junk = Answer::of(request.header("client-request-id", "<junk>")).await;
    assert!(!junk.text.contains("junk"));
}
