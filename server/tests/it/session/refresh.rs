//! Tokens are refreshed once, and a failure throws nobody out (security.md, S7).

use serde_json::{Value, json};

use super::{
    ENDED, LIFETIME, NEARLY_ENDED, WORK, an_hour, connected, connected_with, is_mail_page,
    load_all, writes_session,
};
use crate::server::patience;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_loads_at_the_moment_of_expiry_are_one_refresh() {
    let (server, time, browser) = connected(an_hour().punish_refresh_reuse()).await;
    time.advance(NEARLY_ENDED);
    let mut browsers = vec![browser; 50];
    let pages = load_all(&mut browsers).await;
    assert_eq!(pages.iter().filter(|page| is_mail_page(page)).count(), 50);
    assert_eq!(server.refreshes().await, 1);
    assert!(browsers.iter().all(writes_session), "each got the newer generation");

    // After the minute of grace an older generation would be refreshed again, and punished.
    time.advance(120);
    let pages = load_all(&mut browsers).await;
    assert_eq!(pages.iter().filter(|page| is_mail_page(page)).count(), 50);
    assert_eq!(server.refreshes().await, 1);
}

#[tokio::test]
async fn the_previous_cookie_is_served_for_a_minute() {
    let (server, time, browser) = connected(an_hour().punish_refresh_reuse()).await;
    time.advance(NEARLY_ENDED);
    assert!(is_mail_page(&browser.clone().get("/send").await));
    time.advance(40);
    let mut late = browser.clone();
    assert!(is_mail_page(&late.get("/send").await));
    assert!(writes_session(&late));
    assert_eq!(server.refreshes().await, 1);
}

#[tokio::test]
async fn a_token_that_lives_is_not_refreshed() {
    let (server, time, mut browser) = connected(an_hour()).await;
    time.advance(LIFETIME - 400);
    assert!(is_mail_page(&browser.get("/send").await));
    assert_eq!(server.refreshes().await, 0);
}

/// Each way the token endpoint fails for a while, and what the page says.
fn passing() -> Vec<(Value, &'static str)> {
    let token = |fault: Value| {
        let mut fault = fault;
        fault["route"] = json!("token");
        json!([fault])
    };
    vec![
        (token(json!({ "status": 503 })), "isn't working right now"),
        (token(json!({ "status": 500 })), "isn't working right now"),
        (token(json!({ "close": "before" })), "isn't working right now"),
        (token(json!({ "delayMs": 1500 })), "didn't answer in time"),
        (token(json!({ "status": 429, "retryAfter": "7" })), "Wait 7 seconds"),
        (token(json!({ "body": "<html>" })), "isn't working right now"),
        (token(json!({ "code": "invalid_client" })), "Only the site owner"),
    ]
}

#[tokio::test]
async fn a_failure_that_passes_keeps_the_session_and_says_what_to_do() {
    for (fault, words) in passing() {
        let (server, time, mut browser) = connected_with(an_hour(), patience(&fault)).await;
        let form = browser.form("a@b.example", "The subject", "The message").await;
        time.advance(ENDED);
        server.fault(fault.clone()).await;
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, 503, "{fault}");
        assert!(page.body.contains(words), "{fault}: {}", page.body);
        let stays = page.body.contains("You're still signed in");
        assert!(stays || words == "Only the site owner", "{fault}");
        assert!(page.body.contains("The message</textarea>"), "{fault}: nothing typed is lost");
        assert!(!writes_session(&browser), "{fault}: no cookie is cleared");
        assert_eq!(browser.press_send(&form).await.status, 303, "{fault}");
        assert_eq!(server.outbox().await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn the_mail_page_shows_itself_while_the_token_cannot_be_refreshed() {
    let (server, time, mut browser) = connected(an_hour()).await;
    time.advance(ENDED);
    server.fault(json!([{ "route": "token", "status": 503 }])).await;
    let page = browser.get("/send").await;
    assert!(is_mail_page(&page));
    assert!(page.body.contains("You're still signed in, so you can write"), "{}", page.body);
    assert!(!browser.get("/send").await.body.contains("You're still signed in"), "it is back");
}

#[tokio::test]
async fn a_token_that_still_lives_is_used_while_it_cannot_be_refreshed() {
    for (fault, _) in passing() {
        let (server, time, mut browser) = connected(an_hour()).await;
        let form = browser.form("a@b.example", "s", "m").await;
        time.advance(NEARLY_ENDED);
        server.fault(fault.clone()).await;
        assert_eq!(browser.press_send(&form).await.status, 303, "{fault}");
    }
}

#[tokio::test]
async fn a_refusal_leads_through_connecting_again_and_back_to_what_was_typed() {
    for code in ["invalid_grant", "interaction_required", "AADSTS50173"] {
        let (server, time, mut browser) = connected(an_hour()).await;
        let form = browser.form("a@b.example", "The subject", "The message").await;
        time.advance(ENDED);
        server.fault(json!([{ "route": "token", "code": code }])).await;
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, 401, "{code}");
        assert!(page.body.contains("You've been signed out."), "{code}");
        assert!(page.body.contains("The message</textarea>"), "{code}: nothing typed is lost");
        assert!(browser.get("/send").await.body.contains("Connect to Microsoft Graph"), "{code}");
        assert_eq!(browser.call("session", json!({})).await, "NotConnected", "{code}");

        assert_eq!(browser.connect(WORK).await.status, 200, "{code}");
        assert_eq!(browser.press_send(&form).await.status, 303, "{code}: the same form");
        assert_eq!(server.outbox().await.len(), 1, "{code}");
    }
}
