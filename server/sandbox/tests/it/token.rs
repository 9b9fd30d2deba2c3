//! What the token endpoint gives.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use sandbox::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT};
use serde_json::{Value, json};

use crate::support::{ALL_SCOPES, Answer, PERSONAL, TestSandbox, WORK};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Checks an id_token as a client should.
async fn verified(sandbox: &TestSandbox, id_token: &str, tenant: &str) -> Value {
    let url = format!("{}/common/discovery/v2.0/keys", sandbox.url);
    let keys: JwkSet =
        serde_json::from_value(Answer::of(sandbox.http.get(url)).await.ok()).unwrap();
    let key = keys.find(&decode_header(id_token).unwrap().kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[CLIENT_ID]);
    validation.set_issuer(&[format!("{}/{tenant}/v2.0", sandbox.url)]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.validate_nbf = true;
    decode::<Value>(id_token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
}

fn unchecked_part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_sign_in_ends_with_an_id_token_that_verifies_against_the_published_keys() {
    let sandbox = TestSandbox::start().await;
    let change = [
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = sandbox.code_for(WORK, &change).await;
    let body = sandbox.redeem(&code, &[("code_verifier", VERIFIER)]).await.ok();
    let claims = verified(&sandbox, body["id_token"].as_str().unwrap(), TENANT).await;
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["tid"], TENANT);
    assert_eq!(claims["oid"], "33333333-3333-4333-8333-333333333301");
    assert_eq!(claims["name"], "Wanda Work");
    assert_eq!(claims["preferred_username"], WORK);
    assert_eq!(claims["email"], WORK);
    assert_eq!(claims["ver"], "2.0");
    let time = |name: &str| claims[name].as_i64().unwrap();
    assert_eq!((time("exp") - time("iat"), time("nbf")), (3900, time("iat")));
}

#[tokio::test]
async fn a_personal_account_is_of_the_consumers_tenant_and_its_access_token_is_opaque() {
    let sandbox = TestSandbox::start().await;
    let body = sandbox.tokens(PERSONAL).await;
    let tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let claims = verified(&sandbox, body["id_token"].as_str().unwrap(), tenant).await;
    assert_eq!(claims["tid"], tenant);
    assert_eq!(claims["oid"], "00000000-0000-0000-4444-444444444402");
    let access = body["access_token"].as_str().unwrap();
    assert!(!access.contains('.') && access.len() > 1500, "{access}");
}

#[tokio::test]
async fn tokens_have_the_size_of_real_ones() {
    let sandbox = TestSandbox::start().await;
    let body = sandbox.tokens(WORK).await;
    let length = |name: &str| body[name].as_str().unwrap().len();
    assert!((2000..2500).contains(&length("access_token")), "{}", length("access_token"));
    assert_eq!(length("refresh_token"), 1400);
    assert!((800..1500).contains(&length("id_token")));
    assert!((3600..5400).contains(&body["expires_in"].as_u64().unwrap()));
    assert_eq!(body["expires_in"], body["ext_expires_in"]);
    assert_eq!(body["token_type"], "Bearer");
}

#[tokio::test]
async fn a_work_access_token_looks_like_a_jwt_whose_signature_nobody_else_can_check() {
    let sandbox = TestSandbox::start().await;
    let access = sandbox.access_token(WORK).await;
    assert!(unchecked_part(&access, 0)["nonce"].is_string());
    assert_eq!(unchecked_part(&access, 1)["scp"], "User.Read Mail.Send");
    let url = format!("{}/common/discovery/v2.0/keys", sandbox.url);
    let keys: JwkSet =
        serde_json::from_value(Answer::of(sandbox.http.get(url)).await.ok()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    let key = DecodingKey::from_jwk(&keys.keys[0]).unwrap();
    let error = decode::<Value>(&access, &key, &validation).unwrap_err();
    assert_eq!(error.kind(), &jsonwebtoken::errors::ErrorKind::InvalidSignature);
}

#[tokio::test]
async fn each_scope_brings_its_part_of_the_answer_and_no_other() {
    let sandbox = TestSandbox::start().await;
    sandbox.code(WORK).await;
    for (scope, id_token, refresh_token, name, email) in [
        ("User.Read", false, false, false, false),
        ("openid User.Read", true, false, false, false),
        ("openid profile User.Read", true, false, true, false),
        ("openid email User.Read", true, false, false, true),
        ("offline_access User.Read", false, true, false, false),
    ] {
        let code = sandbox.code_for(WORK, &[("scope", scope)]).await;
        let body = sandbox.redeem(&code, &[]).await.ok();
        assert_eq!(body.get("refresh_token").is_some(), refresh_token, "{scope}");
        assert!(body.get("client_info").is_none());
        let Some(token) = body.get("id_token").and_then(Value::as_str) else {
            assert!(!id_token, "{scope}");
            continue;
        };
        assert!(id_token, "{scope}");
        let claims = verified(&sandbox, token, TENANT).await;
        for (claim, expected) in [
            ("name", name),
            ("preferred_username", name),
            ("oid", name),
            ("email", email),
            ("nonce", false),
        ] {
            assert_eq!(claims.get(claim).is_some(), expected, "{scope} {claim}");
        }
    }
}

#[tokio::test]
async fn scopes_come_back_as_they_were_asked_for_but_without_offline_access() {
    let sandbox = TestSandbox::start().await;
    sandbox.code(PERSONAL).await;
    for (asked, given) in [
        (ALL_SCOPES, "openid profile email User.Read Mail.Send"),
        (
            "https://graph.microsoft.com/Mail.Send openid",
            "https://graph.microsoft.com/Mail.Send openid",
        ),
    ] {
        let code = sandbox.code_for(PERSONAL, &[("scope", asked)]).await;
        assert_eq!(sandbox.redeem(&code, &[]).await.ok()["scope"], given);
    }
}

#[tokio::test]
async fn client_info_tells_who_it_is_when_it_is_asked_for() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let body = sandbox.redeem(&code, &[("client_info", "1")]).await.ok();
    let info = URL_SAFE_NO_PAD.decode(body["client_info"].as_str().unwrap()).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert_eq!(info, json!({ "uid": "33333333-3333-4333-8333-333333333301", "utid": TENANT }));
}

#[tokio::test]
async fn a_plain_challenge_is_proved_by_itself() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code_for(WORK, &[("code_challenge", VERIFIER)]).await;
    sandbox.redeem(&code, &[("code_verifier", VERIFIER)]).await.ok();
}

#[tokio::test]
async fn the_client_may_authenticate_in_the_header() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let form =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT_URI)];
    let request = sandbox.http.post(sandbox.token_url()).form(&form);
    Answer::of(request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET))).await.ok();
}

#[tokio::test]
async fn no_cache_keeps_a_token_and_unknown_parameters_do_not_matter() {
    let sandbox = TestSandbox::start().await;
    let code = sandbox.code(WORK).await;
    let answer = sandbox.redeem(&code, &[("x-client-SKU", "MSAL.Python")]).await;
    answer.ok();
    assert_eq!(answer.header("cache-control"), "no-store, no-cache");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert!(!answer.header("x-ms-request-id").is_empty());
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_and_leaves_the_old_ones_valid() {
    let sandbox = TestSandbox::start().await;
    let first = sandbox.tokens(WORK).await;
    let old = first["refresh_token"].as_str().unwrap();
    let second = sandbox.refresh(old, &[]).await.ok();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(second["scope"], first["scope"]);
    sandbox.refresh(old, &[]).await.ok();
    sandbox.get("/v1.0/me", first["access_token"].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn a_refresh_may_ask_for_less() {
    let sandbox = TestSandbox::start().await;
    let tokens = sandbox.tokens(PERSONAL).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let body = sandbox.refresh(refresh, &[("scope", "User.Read")]).await.ok();
    assert_eq!(body["scope"], "User.Read");
    assert!(body.get("id_token").is_none() && body.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_refresh_token_that_is_used_now_and_then_lives_on() {
    let sandbox = TestSandbox::start().await;
    let mut tokens = sandbox.tokens(WORK).await;
    for _ in 0..3 {
        sandbox.clock.advance(Duration::from_secs(60 * 86400));
        tokens = sandbox.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.ok();
    }
}
