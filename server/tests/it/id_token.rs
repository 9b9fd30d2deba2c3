//! Which id_tokens sign somebody in (security.md, T4 and T5).

use bff::Clock;
use serde_json::{Value, json};

use crate::{
    provider::{Answers, Provider, TENANT},
    server::Server,
};

type Change = fn(&mut Answers);

fn claims(change: fn(&mut Value)) -> impl Fn(&mut Answers) {
    move |answers| answers.claims = Box::new(change)
}

/// Signs in with the provider changed by `change`; the last page's status and heading.
async fn sign_in(change: impl Fn(&mut Answers)) -> (u16, String) {
    let provider = Provider::start().await;
    change(&mut provider.answers.lock().unwrap());
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    let mut browser = server.browser();
    let page = provider.sign_in(&mut browser, "code").await;
    let connected = browser.cookies.keys().any(|name| name.starts_with("graph-connect-session"));
    assert_eq!(connected, page.status == 200, "{}", page.body);
    (page.status.as_u16(), page.heading())
}

#[tokio::test]
async fn an_id_token_that_proves_who_signed_in_makes_a_session() {
    assert_eq!(sign_in(|_| {}).await, (200, "You're signed in".to_owned()));
}

#[tokio::test]
async fn a_person_is_tid_and_oid_and_never_a_name_or_an_address() {
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    let person = async |change: fn(&mut Value)| {
        provider.answers.lock().unwrap().claims = Box::new(change);
        let mut browser = server.browser();
        assert_eq!(provider.sign_in(&mut browser, "code").await.status, 200);
        browser.get("/send").await.field("account")
    };
    let first = person(|_| {}).await;
    let renamed = person(|claims| {
        claims["sub"] = json!("another");
        claims["preferred_username"] = json!("new@example.com");
    });
    assert_eq!(renamed.await, first);
    let other = person(|claims| claims["oid"] = json!("44444444-4444-4444-8444-444444444444"));
    assert_ne!(other.await, first);
}

#[tokio::test]
async fn clocks_may_differ_by_less_than_five_minutes() {
    for change in [
        claims(|it| it["exp"] = json!(it["nbf"].as_u64().unwrap() + 100)),
        claims(|it| it["nbf"] = json!(it["nbf"].as_u64().unwrap() + 500)),
    ] {
        assert_eq!(sign_in(change).await.0, 200);
    }
}

#[tokio::test]
async fn an_id_token_may_be_for_several_clients_of_which_this_is_one() {
    let audience = |others: &'static [&'static str]| {
        move |answers: &mut Answers| {
            answers.claims = Box::new(move |claims| {
                claims["aud"] = json!([others, &[crate::provider::CLIENT_ID]].concat());
            });
        }
    };
    assert_eq!(sign_in(audience(&[])).await.0, 200);
    assert_eq!(sign_in(audience(&["other"])).await.0, 200);
    let others_only = claims(|c| c["aud"] = json!(["other", "another"]));
    assert_eq!(sign_in(others_only).await.0, 502);
}

#[tokio::test]
async fn organizations_take_no_personal_account() {
    const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let provider = Provider::start().await;
    provider.answers.lock().unwrap().claims = Box::new(|claims| {
        claims["iss"] = json!(claims["iss"].as_str().unwrap().replace(TENANT, CONSUMERS));
        claims["tid"] = json!(CONSUMERS);
    });
    for (tenant, status) in [("common", 200), ("organizations", 502)] {
        let settings = [provider.settings().as_slice(), &[("TENANT", tenant)]].concat();
        let server = Server::start(&provider.url, &settings, Clock::system()).await;
        let page = provider.sign_in(&mut server.browser(), "code").await;
        assert_eq!(page.status, status, "{tenant}");
    }
}

#[tokio::test]
async fn every_flaw_of_an_id_token_refuses_the_sign_in() {
    let flaws: &[(&str, Change)] = &[
        ("another audience", |it| claims(|c| c["aud"] = json!("other"))(it)),
        ("another issuer", |it| claims(|c| c["iss"] = json!("https://evil.example/v2.0"))(it)),
        ("the issuer of another tenant", |it| {
            claims(|c| c["tid"] = json!("99999999-9999-4999-8999-999999999999"))(it);
        }),
        ("a tenant that is no GUID", |it| {
            claims(|c| {
                c["iss"] = json!(c["iss"].as_str().unwrap().replace(TENANT, "evil"));
                c["tid"] = json!("evil");
            })(it);
        }),
        ("the template itself as issuer", |it| {
            claims(|c| {
                c["iss"] = json!(c["iss"].as_str().unwrap().replace(TENANT, "{tenantid}"));
                c["tid"] = json!("{tenantid}");
            })(it);
        }),
        ("the template itself as issuer, and no tenant", |it| {
            claims(|c| {
                c["iss"] = json!(c["iss"].as_str().unwrap().replace(TENANT, "{tenantid}"));
                _ = c.as_object_mut().unwrap().remove("tid");
            })(it);
        }),
        ("a tenant in braces", |it| {
            claims(|c| {
                let braced = format!("{{{TENANT}}}");
                c["iss"] = json!(c["iss"].as_str().unwrap().replace(TENANT, &braced));
                c["tid"] = json!(braced);
            })(it);
        }),
        ("a critical extension", |it| {
            it.header = json!({ "alg": "RS256", "kid": "one", "crit": ["b64"], "b64": true });
        }),
        ("expired", |it| claims(|c| c["exp"] = json!(c["nbf"].as_u64().unwrap() - 1))(it)),
        ("not valid yet", |it| claims(|c| c["nbf"] = json!(c["exp"].as_u64().unwrap()))(it)),
        ("another nonce", |it| claims(|c| c["nonce"] = json!("other"))(it)),
        ("no nonce", |it| claims(|c| _ = c.as_object_mut().unwrap().remove("nonce"))(it)),
        ("a key that is not published", |it| it.foreign_key = true),
        ("an unknown key id", |it| it.header = json!({ "alg": "RS256", "kid": "two" })),
        ("no key id", |it| it.header = json!({ "alg": "RS256" })),
        ("a symmetric signature", |it| it.header = json!({ "alg": "HS256", "kid": "one" })),
        ("no signature", |it| it.header = json!({ "alg": "none", "kid": "one" })),
        ("a key of another tenant", |it| {
            it.key_issuer =
                Some("https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0".to_owned());
        }),
    ];
    for (flaw, change) in flaws {
        let (status, heading) = sign_in(change).await;
        assert_eq!(
            (status, heading.as_str()),
            (502, "We couldn't confirm your identity"),
            "{flaw}"
        );
    }
}

#[tokio::test]
async fn a_discovery_document_of_another_authority_is_not_used() {
    for issuer in
        ["/evil/v2.0", "/{tenantid}", "/{tenantid}/v2.0/", ".evil.example/{tenantid}/v2.0"]
    {
        let provider = Provider::start().await;
        provider.answers.lock().unwrap().issuer = issuer.to_owned();
        let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
        let page = server.browser().get("/login").await;
        assert_eq!(page.status, 502, "{issuer}");
        assert!(page.heading().contains("couldn't read"), "{}", page.heading());
    }
}

#[tokio::test]
async fn unknown_key_ids_fetch_the_keys_once_a_minute_at_most() {
    let provider = Provider::start().await;
    provider.answers.lock().unwrap().header = json!({ "alg": "RS256", "kid": "two" });
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    for _ in 0..3 {
        assert_eq!(provider.sign_in(&mut server.browser(), "code").await.status, 502);
    }
    assert_eq!(provider.answers.lock().unwrap().key_requests, 1);
}
