//! What follows from what the provider publishes: its keys, its endpoints, its issuer (security.md,
//! T4, T5, T7).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bff::Clock;
use serde_json::{Value, json};

use crate::{
    provider::{Provider, TENANT},
    server::Server,
};

#[tokio::test]
async fn keys_that_the_provider_changes_without_notice_are_fetched_again_after_a_minute() {
    let ahead = Arc::new(AtomicU64::new(0));
    let clock = {
        let (ahead, now) = (Arc::clone(&ahead), Clock::system().now());
        Clock::new(move || now + ahead.load(Ordering::Relaxed))
    };
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), clock).await;
    assert_eq!(provider.sign_in(&mut server.browser(), "code").await.status, 200);
    {
        let mut answers = provider.answers.lock().unwrap();
        answers.header = json!({ "alg": "RS256", "kid": "two" });
        answers.keys = Box::new(|key| key["kid"] = json!("two"));
    }
    assert_eq!(provider.sign_in(&mut server.browser(), "code").await.status, 502, "too early");
    ahead.store(61, Ordering::Relaxed);
    assert_eq!(provider.sign_in(&mut server.browser(), "code").await.status, 200);
    assert_eq!(provider.answers.lock().unwrap().key_requests, 2);
}

#[tokio::test]
async fn a_discovery_document_with_an_endpoint_that_others_can_read_along_at_is_not_used() {
    let members = ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"];
    for member in members {
        for url in ["http://login.example/a", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/"]
        {
            let provider = Provider::start().await;
            provider.answers.lock().unwrap().discovery =
                Box::new(move |it| it[member] = json!(url));
            let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
            let page = server.browser().get("/login").await;
            assert_eq!(page.status, 502, "{member} {url}");
        }
    }
}

#[tokio::test]
async fn a_subject_counts_together_with_its_issuer() {
    const OTHER: &str = "33333333-3333-4333-8333-333333333333";
    let provider = Provider::start().await;
    let mut accounts = Vec::new();
    for tenant in [TENANT, OTHER, TENANT] {
        {
            let mut answers = provider.answers.lock().unwrap();
            answers.issuer = format!("/{tenant}/v2.0");
            let issuer = format!("{}/{tenant}/v2.0", provider.url);
            answers.claims = Box::new(move |claims: &mut Value| {
                claims["iss"] = json!(issuer);
                for name in ["tid", "oid"] {
                    claims.as_object_mut().unwrap().remove(name);
                }
            });
        }
        let settings = [provider.settings().as_slice(), &[("TENANT", tenant)]].concat();
        let server = Server::start(&provider.url, &settings, Clock::system()).await;
        let mut browser = server.browser();
        assert_eq!(provider.sign_in(&mut browser, "code").await.status, 200);
        accounts.push(browser.get("/send").await.field("account"));
    }
    assert_eq!(accounts[0], accounts[2]);
    assert_ne!(accounts[0], accounts[1], "the same subject of two issuers is two people");
}
