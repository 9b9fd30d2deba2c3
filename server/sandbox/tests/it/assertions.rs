//! Client assertions: what proves who a client is instead of a secret.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>;
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>. The numbers that are in
//! no documentation have their sources in `identity/token/assertion.rs`.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::KeyPair;
use sandbox::{CLIENT_ID, Settings, TENANT};
use serde_json::{Value, json};

use crate::credential::Credential;
use crate::support::{Answer, TestSandbox, WORK};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const BUILT_IN: &str = include_str!("../../sandbox.toml");

/// The sandbox as it is built in, with more in its first registration.
async fn start(more: &str) -> TestSandbox {
    let entry = "certificates = []\n";
    assert!(BUILT_IN.contains(entry));
    let file = BUILT_IN.replacen(entry, &format!("{more}\n"), 1);
    let file = file.replacen("\nfederated_credentials = []\n", "\n", 1);
    TestSandbox::start_with(Settings::default().config(file)).await
}

async fn with_certificates(certificates: &[&Credential]) -> TestSandbox {
    let list: Vec<String> =
        certificates.iter().map(|it| format!("\"\"\"\n{}\"\"\"", it.pem)).collect();
    start(&format!("certificates = [{}]", list.join(", "))).await
}

/// The claims of a good assertion, with some changed; those that are null are left out.
fn claims(sandbox: &TestSandbox, change: &Value) -> Value {
    let now = sandbox.clock.now();
    let mut claims = json!({
        "aud": sandbox.token_url(),
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "jti": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "nbf": now,
        "iat": now,
        "exp": now + 600,
    });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn redeem(sandbox: &TestSandbox, assertion: &str, change: &[(&str, &str)]) -> Answer {
    let code = sandbox.code(WORK).await;
    let form =
        [("client_secret", ""), ("client_assertion", assertion), ("client_assertion_type", TYPE)];
    sandbox.redeem(&code, &[&form, change].concat()).await
}

fn assert_refused(answer: &Answer, error: &str, number: u32, case: &str) {
    let status = if error == "invalid_client" { 401 } else { 400 };
    assert_eq!(answer.status.as_u16(), status, "{case}: {}", answer.text);
    let body = answer.json();
    assert_eq!(
        (&body["error"], &body["error_codes"][0]),
        (&json!(error), &json!(number)),
        "{case}"
    );
}

#[tokio::test]
async fn a_certificate_proves_who_the_client_is_at_every_token_request() {
    let own = Credential::new();
    let sandbox = with_certificates(&[&own]).await;
    let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({})));
    let tokens = redeem(&sandbox, &assertion, &[]).await.ok();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("client_secret", ""),
        ("client_assertion", assertion.as_str()),
        ("client_assertion_type", TYPE),
    ];
    sandbox.refresh(refresh, &form).await.ok();
}

/// PS256 with `x5t#S256` is what Microsoft documents, RS256 with `x5t` what it documented before. MSAL Go
/// pads standard base64, MSAL for Python pads base64url.
#[tokio::test]
async fn a_certificate_is_named_by_either_hash_in_either_base64_padded_or_not() {
    let own = Credential::new();
    let sandbox = with_certificates(&[&own]).await;
    let claims = claims(&sandbox, &json!({}));
    for algorithm in [Algorithm::PS256, Algorithm::RS256] {
        for written in [
            |bytes: &[u8]| STANDARD.encode(bytes),
            |bytes: &[u8]| URL_SAFE.encode(bytes),
            |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes),
        ] {
            let mut header = Header::new(algorithm);
            header.x5t_s256 = Some(written(&own.sha256()));
            redeem(&sandbox, &own.sign(&header, &claims), &[]).await.ok();
            let mut header = Header::new(algorithm);
            header.x5t = Some(written(&own.sha1()));
            redeem(&sandbox, &own.sign(&header, &claims), &[]).await.ok();
        }
    }
}

#[tokio::test]
async fn several_certificates_are_good_at_once_and_an_ended_one_is_not() {
    let (first, second, ended) = (Credential::new(), Credential::new(), Credential::valid_for(-1));
    let sandbox = with_certificates(&[&first, &ended, &second]).await;
    for own in [&first, &second] {
        let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({})));
        redeem(&sandbox, &assertion, &[]).await.ok();
    }
    let late = ended.sign(&ended.header(), &claims(&sandbox, &json!({})));
    let answer = redeem(&sandbox, &late, &[]).await;
    assert_refused(&answer, "invalid_client", 1_000_502, "ended");
}

#[tokio::test]
async fn each_mistake_in_an_assertion_has_its_code_in_microsofts_order() {
    let (own, other) = (Credential::new(), Credential::new());
    let sandbox = with_certificates(&[&own]).await;
    let now = sandbox.clock.now();
    let sign = |change: Value| own.sign(&own.header(), &claims(&sandbox, &change));
    let of_other_key = other.sign(&own.header(), &claims(&sandbox, &json!({ "aud": "x" })));
    let unknown = other.sign(&other.header(), &claims(&sandbox, &json!({})));
    let unnamed = own.sign(&Header::new(Algorithm::PS256), &claims(&sandbox, &json!({})));
    let mut header = own.header();
    header.alg = Algorithm::RS512;
    let other_algorithm = own.sign(&header, &claims(&sandbox, &json!({})));
    for (assertion, error, number, case) in [
        ("nonsense".to_owned(), "invalid_request", 50027, "not a JWT"),
        (sign(json!({ "sub": null })), "invalid_request", 50027, "a claim is missing"),
        (sign(json!({ "aud": [sandbox.token_url()] })), "invalid_request", 50027, "a list"),
        (other_algorithm, "invalid_request", 50027, "another algorithm"),
        (unknown, "invalid_client", 700_027, "an unknown certificate"),
        (unnamed, "invalid_client", 700_027, "no certificate named"),
        (of_other_key, "invalid_client", 700_027, "the signature before the audience"),
        (sign(json!({ "aud": "x", "iss": "y" })), "invalid_client", 700_023, "aud before iss"),
        (sign(json!({ "iss": "y", "exp": 1 })), "invalid_client", 700_021, "iss before time"),
        (sign(json!({ "sub": "y" })), "invalid_client", 700_021, "sub"),
        (sign(json!({ "exp": now - 301 })), "invalid_client", 700_024, "ended"),
        (sign(json!({ "nbf": now + 301 })), "invalid_client", 700_024, "not yet begun"),
    ] {
        assert_refused(&redeem(&sandbox, &assertion, &[]).await, error, number, case);
    }
    let good = sign(json!({}));
    let no_type = redeem(&sandbox, &good, &[("client_assertion_type", "")]).await;
    assert_refused(&no_type, "invalid_request", 900_144, "no type");
    let other_type = redeem(&sandbox, &good, &[("client_assertion_type", "jwt")]).await;
    assert_refused(&other_type, "invalid_request", 9_002_313, "another type");
    let both = redeem(&sandbox, &good, &[("client_secret", "sandbox-secret")]).await;
    assert_refused(&both, "invalid_request", 9_002_313, "a secret too");
}

#[tokio::test]
async fn the_audience_is_the_token_endpoint_of_the_tenant_or_of_the_name_in_the_path() {
    let own = Credential::new();
    let sandbox = with_certificates(&[&own]).await;
    for tenant in ["common", TENANT] {
        let audience = format!("{}/{tenant}/oauth2/v2.0/token", sandbox.url);
        let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({ "aud": audience })));
        redeem(&sandbox, &assertion, &[]).await.ok();
    }
    for audience in [format!("{}/consumers/oauth2/v2.0/token", sandbox.url), sandbox.url.clone()] {
        let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({ "aud": audience })));
        let answer = redeem(&sandbox, &assertion, &[]).await;
        assert_refused(&answer, "invalid_client", 700_023, &audience);
    }
}

#[tokio::test]
async fn an_assertion_may_come_again_until_it_ends_by_the_sandboxs_clock() {
    let own = Credential::new();
    let sandbox = with_certificates(&[&own]).await;
    let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({})));
    for _ in 0..2 {
        redeem(&sandbox, &assertion, &[]).await.ok();
    }
    let fraction = json!({ "exp": sandbox.clock.now() as f64 + 600.5 });
    let fraction = own.sign(&own.header(), &claims(&sandbox, &fraction));
    redeem(&sandbox, &fraction, &[]).await.ok();
    sandbox.clock.advance(Duration::from_secs(901));
    let answer = redeem(&sandbox, &assertion, &[]).await;
    assert_refused(&answer, "invalid_client", 700_024, "15 minutes later");
}

#[tokio::test]
async fn a_token_of_a_trusted_provider_is_an_assertion_if_issuer_subject_and_audience_fit() {
    let pair = KeyPair::generate().unwrap();
    let key = EncodingKey::from_ec_der(pair.serialized_der());
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some("one".to_owned());
    let keys = serde_json::to_string(&JwkSet { keys: vec![jwk] }).unwrap();
    let subject = "system:serviceaccount:mail:app";
    let sandbox = start(&format!(
        "federated_credentials = [{{ issuer = \"https://cluster.example/\", subject = \"{subject}\", jwks = '{keys}' }}]"
    ))
    .await;
    let sign = |change: Value, key: &EncodingKey| {
        let good = json!({
            "iss": "https://cluster.example/",
            "sub": subject,
            "aud": "api://AzureADTokenExchange",
        });
        let mut all = claims(&sandbox, &good);
        for (name, value) in change.as_object().unwrap() {
            all[name] = value.clone();
        }
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("one".to_owned());
        encode(&header, &all, key).unwrap()
    };
    redeem(&sandbox, &sign(json!({}), &key), &[]).await.ok();

    let foreign = EncodingKey::from_ec_der(KeyPair::generate().unwrap().serialized_der());
    for (change, key, error, number) in [
        (json!({ "iss": "https://cluster.example" }), &key, "invalid_client", 700_211),
        (json!({ "sub": "system:serviceaccount:mail:other" }), &key, "invalid_client", 700_213),
        (json!({ "sub": subject.to_uppercase() }), &key, "invalid_client", 7_002_138),
        (json!({ "aud": "api://other" }), &key, "invalid_client", 700_212),
        (json!({}), &foreign, "invalid_request", 50027),
        (json!({ "exp": 1 }), &key, "invalid_client", 700_024),
    ] {
        let answer = redeem(&sandbox, &sign(change.clone(), key), &[]).await;
        assert_refused(&answer, error, number, &change.to_string());
    }
}

#[tokio::test]
async fn a_file_with_a_certificate_that_is_none_is_refused() {
    let wrong = Settings::default().config(BUILT_IN.replacen(
        "certificates = []",
        "certificates = [\"x\"]",
        1,
    ));
    let error = sandbox::Sandbox::bind_with("127.0.0.1:0".parse().unwrap(), wrong).await;
    assert!(error.is_err());
}

#[tokio::test]
async fn the_list_of_requests_shows_the_header_of_an_assertion_and_hides_the_rest() {
    let own = Credential::new();
    let sandbox = with_certificates(&[&own]).await;
    let assertion = own.sign(&own.header(), &claims(&sandbox, &json!({})));
    redeem(&sandbox, &assertion, &[]).await.ok();
    let requests = sandbox.requests().await;
    let shown = requests.last().unwrap()["form"]["client_assertion"].as_str().unwrap().to_owned();
    assert!(shown.contains("\"alg\":\"PS256\"") && shown.contains("x5t#S256"), "{shown}");
    let (header, hash) = shown.rsplit_once("***").unwrap();
    assert!(header.ends_with('}') && hash.len() == 8, "{shown}");
    let signature = assertion.rsplit('.').next().unwrap();
    assert!(!shown.contains(signature) && !shown.contains(CLIENT_ID), "{shown}");
}
