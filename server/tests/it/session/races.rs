//! Requests of one session at the same time (security.md, S7).

use futures::future::join_all;
use serde_json::json;

use super::{LIFETIME, NEARLY_ENDED, an_hour, connected, is_mail_page, writes_session};
use crate::server::{ON_SANDBOX, Server};

#[tokio::test]
async fn a_request_that_lost_the_race_clears_no_cookie() {
    let (one, time, browser) = connected(an_hour()).await;
    let two = Server::start(&one.microsoft, &ON_SANDBOX, time.clock()).await;
    time.advance(NEARLY_ENDED);
    let (mut winner, mut loser) = (browser.at(&one), browser.at(&two));
    assert!(is_mail_page(&winner.get("/send").await));
    one.fault(json!([{ "route": "token", "code": "invalid_grant" }])).await;
    assert!(loser.get("/send").await.body.contains("Connect to Microsoft Graph"));
    assert!(!writes_session(&loser));
    assert!(is_mail_page(&winner.at(&two).get("/send").await), "what the winner got is good");
}

#[tokio::test]
async fn a_late_answer_puts_nothing_over_a_newer_session() {
    let (server, time, browser) = connected(an_hour()).await;
    time.advance(NEARLY_ENDED);
    // The token endpoint is slow; meanwhile the person disconnects in another tab.
    server.fault(json!([{ "route": "token", "delayMs": 3000 }])).await;
    let (mut slow, mut other) = (browser.clone(), browser.clone());
    let (page, _) = tokio::join!(slow.get("/send"), async {
        server.has_refreshed().await;
        other.post("/logout", &[]).await
    });
    assert_eq!(page.status, 200);
    assert!(!writes_session(&slow), "{:?}", slow.set_cookies);
}

#[tokio::test]
async fn a_late_answer_puts_no_older_generation_over_a_newer_one() {
    let (server, time, mut browser) = connected(an_hour()).await;
    let form = browser.form("a@b.example", "s", "m").await;
    time.advance(NEARLY_ENDED);
    server.fault(json!([{ "route": "sendMail", "delayMs": 3000 }])).await;
    let (mut slow, mut other) = (browser.clone(), browser.clone());
    let (page, ()) = tokio::join!(slow.press_send(&form), async {
        server.has_refreshed().await;
        // While that mail is on its way, the session is refreshed once more.
        assert!(is_mail_page(&other.get("/send").await));
        time.advance(NEARLY_ENDED);
        assert!(is_mail_page(&other.get("/send").await));
        assert_eq!(server.refreshes().await, 2);
    });
    assert_eq!(page.status, 303);
    assert!(!writes_session(&slow), "{:?}", slow.set_cookies);
}

#[tokio::test]
async fn a_token_that_ends_while_a_mail_waits_does_not_end_the_session() {
    let (server, time, mut browser) = connected(an_hour()).await;
    let mut tabs = Vec::new();
    for _ in 0..5 {
        tabs.push((browser.clone(), browser.form("a@b.example", "s", "m").await));
    }
    time.advance(LIFETIME - 40);
    server
        .fault(json!([
            { "route": "token", "times": 100, "status": 503 },
            { "route": "sendMail", "times": 4, "delayMs": 1000 },
        ]))
        .await;
    let presses = join_all(tabs.iter_mut().map(|(tab, form)| tab.press_send(form)));
    let (pages, ()) = tokio::join!(presses, async {
        server.has_arrived("sendMail", 4).await;
        time.advance(20);
    });
    let sent = pages.iter().filter(|page| page.status == 303).count();
    let kept = pages.iter().filter(|page| page.body.contains("You're still signed in")).count();
    assert_eq!((sent, kept, server.outbox().await.len()), (4, 1, 4));
    assert!(is_mail_page(&browser.get("/send").await));
}

#[tokio::test]
async fn a_token_that_ends_on_its_way_to_graph_does_not_end_the_session() {
    let (server, time, mut browser) = connected(an_hour()).await;
    let form = browser.form("a@b.example", "s", "m").await;
    time.advance(LIFETIME - 40);
    server
        .fault(json!([
            { "route": "token", "times": 100, "status": 503 },
            { "route": "sendMail", "delayMs": 1000, "status": 401 },
        ]))
        .await;
    let mut pressed = browser.clone();
    let (page, ()) = tokio::join!(pressed.press_send(&form), async {
        server.has_arrived("sendMail", 1).await;
        time.advance(20);
    });
    assert_eq!(page.status, 401);
    assert!(is_mail_page(&browser.get("/send").await));
}

#[tokio::test]
async fn calls_for_one_mailbox_wait_for_their_turn() {
    let (server, _, mut browser) = connected(an_hour()).await;
    server.fault(json!([{ "route": "sendMail", "times": 9, "delayMs": 50 }])).await;
    let mut tabs = Vec::new();
    for number in 0..9 {
        tabs.push((browser.clone(), browser.form("a@b.example", &format!("{number}"), "m").await));
    }
    let pages = join_all(tabs.iter_mut().map(|(tab, form)| tab.press_send(form))).await;
    // The sandbox refuses a fifth call at once, as Graph does.
    assert!(pages.iter().all(|page| page.status == 303));
    assert_eq!(server.outbox().await.len(), 9);
}
