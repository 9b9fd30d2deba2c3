//! Whose tokens Graph takes besides the sandbox's own, where a file says so.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::{Json, Router, routing::get};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::StatusCode;
use sandbox::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Answer, TestSandbox, WORK, mail};

const BUILT_IN: &str = include_str!("../../sandbox.toml");

/// A provider of another make.
struct Provider {
    issuer: String,
    key: EncodingKey,
    published: Arc<Mutex<JwkSet>>,
    fetches: Arc<AtomicUsize>,
}

impl Provider {
    async fn start() -> Self {
        let (key, keys) = new_key();
        let published = Arc::new(Mutex::new(keys));
        let fetches = Arc::new(AtomicUsize::new(0));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let document = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/jwks") });
        let keys = {
            let (published, fetches) = (Arc::clone(&published), Arc::clone(&fetches));
            async move || {
                fetches.fetch_add(1, Ordering::SeqCst);
                Json(published.lock().unwrap().clone())
            }
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || Json(document)))
            .route("/jwks", get(keys));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { issuer, key, published, fetches }
    }

    /// Begins anew, with another key under the old name.
    fn restart(&mut self) {
        let keys;
        (self.key, keys) = new_key();
        *self.published.lock().unwrap() = keys;
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    /// A token with some claims changed; those that are null are left out.
    fn token(&self, change: Value) -> String {
        let mut claims = json!({
            "iss": self.issuer,
            "aud": "graph",
            "sub": WORK,
            "scope": "openid User.Read https://graph.microsoft.com/Mail.Send",
            "exp": jsonwebtoken::get_current_timestamp() + 600,
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("one".to_owned());
        encode(&header, &claims, &self.key).unwrap()
    }

    async fn sandbox(&self, more: &str) -> TestSandbox {
        let entry = format!("[[accepted_issuer]]\nissuer = \"{}\"\n{more}\n", self.issuer);
        TestSandbox::start_with(Settings::default().config(format!("{BUILT_IN}\n{entry}"))).await
    }
}

/// A key and how it is published.
fn new_key() -> (EncodingKey, JwkSet) {
    let pair = rcgen::KeyPair::generate().unwrap();
    let key = EncodingKey::from_ec_der(pair.serialized_der());
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some("one".to_owned());
    (key, JwkSet { keys: vec![jwk] })
}

fn refused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    assert_eq!(answer.json()["error"]["code"], "InvalidAuthenticationToken");
}

#[tokio::test]
async fn no_other_issuer_counts_unless_a_file_names_it() {
    let provider = Provider::start().await;
    let sandbox = TestSandbox::start().await;
    refused(&sandbox.get("/v1.0/me", &provider.token(json!({}))).await);
}

#[tokio::test]
async fn a_named_issuers_token_opens_the_mailbox_of_the_account_it_names() {
    let provider = Provider::start().await;
    let sandbox = provider.sandbox("audience = \"graph\"").await;
    let token = provider.token(json!({}));
    assert_eq!(sandbox.get("/v1.0/me", &token).await.ok()["mail"], WORK);
    assert_eq!(sandbox.send(&token, &mail()).await.status, StatusCode::ACCEPTED);
    let narrow = provider.token(json!({ "scope": "User.Read" }));
    assert_eq!(sandbox.send(&narrow, &mail()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_of_another_audience_issuer_key_or_time_is_refused() {
    let (provider, other) = (Provider::start().await, Provider::start().await);
    let sandbox = provider.sandbox("audience = \"graph\"").await;
    for change in [
        json!({ "aud": "another" }),
        json!({ "aud": null }),
        json!({ "iss": other.issuer }),
        json!({ "exp": 1 }),
        json!({ "exp": null }),
        json!({ "sub": "stranger@example.com" }),
    ] {
        refused(&sandbox.get("/v1.0/me", &provider.token(change)).await);
    }
    refused(&sandbox.get("/v1.0/me", &other.token(json!({ "iss": provider.issuer }))).await);
    let good = provider.token(json!({}));
    sandbox.get("/v1.0/me", &good).await.ok();
    sandbox.clock.advance(Duration::from_secs(3600));
    refused(&sandbox.get("/v1.0/me", &good).await);
}

#[tokio::test]
async fn a_file_says_who_it_is_and_what_for_where_a_token_does_not() {
    let provider = Provider::start().await;
    let more = format!("account = \"{WORK}\"\npermissions = [\"User.Read\"]");
    let sandbox = provider.sandbox(&more).await;
    let token = provider.token(json!({ "sub": "johndoe", "scope": "dummy", "aud": null }));
    assert_eq!(sandbox.get("/v1.0/me", &token).await.ok()["mail"], WORK);
    assert_eq!(sandbox.send(&token, &mail()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_provider_that_began_anew_with_another_key_is_believed() {
    let mut provider = Provider::start().await;
    let sandbox = provider.sandbox("").await;
    let old = provider.token(json!({}));
    for _ in 0..3 {
        sandbox.get("/v1.0/me", &provider.token(json!({}))).await.ok();
        provider.restart();
    }
    sandbox.get("/v1.0/me", &provider.token(json!({}))).await.ok();
    refused(&sandbox.get("/v1.0/me", &old).await);
}

#[tokio::test]
async fn tokens_of_no_key_make_the_sandbox_fetch_once_in_ten_seconds() {
    let (provider, other) = (Provider::start().await, Provider::start().await);
    let sandbox = provider.sandbox("").await;
    let good = provider.token(json!({}));
    sandbox.get("/v1.0/me", &good).await.ok();
    assert_eq!(provider.fetches(), 1);
    let forged = other.token(json!({ "iss": provider.issuer }));
    for _ in 0..5 {
        refused(&sandbox.get("/v1.0/me", &forged).await);
        sandbox.get("/v1.0/me", &good).await.ok();
    }
    assert_eq!(provider.fetches(), 2);
    sandbox.clock.advance(Duration::from_secs(10));
    refused(&sandbox.get("/v1.0/me", &forged).await);
    assert_eq!(provider.fetches(), 3);
}

#[tokio::test]
async fn a_reset_forgets_keys_and_challenges() {
    let provider = Provider::start().await;
    let sandbox = provider.sandbox("").await;
    let token = provider.token(json!({}));
    sandbox.plant(json!([{ "route": "me", "claims": {} }])).await;
    for _ in 0..2 {
        refused(&sandbox.get("/v1.0/me", &token).await);
    }
    assert_eq!(provider.fetches(), 1);
    sandbox.reset().await;
    sandbox.get("/v1.0/me", &token).await.ok();
    assert_eq!(provider.fetches(), 2);
}
