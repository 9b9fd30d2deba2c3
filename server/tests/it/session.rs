//! A session nobody is thrown out of by accident, and that ends for good when it is to end
//! (security.md, C3, S1, S3, S5, S7).

use std::time::Duration;

use bff::Clock;
use futures::future::join_all;
use sandbox::Settings;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Page},
    provider::Provider,
    server::{ON_SANDBOX, Server, Time, key, patience, sandbox},
};

const WORK: &str = "work@sandbox.example";

/// Until the access token of a fresh sign-in has less than five minutes left, and until it has
/// ended.
const LIFETIME: u64 = 3600;
const NEARLY_ENDED: u64 = LIFETIME - 200;
const ENDED: u64 = LIFETIME + 1;

/// A sandbox whose access tokens live for just an hour.
fn an_hour() -> Settings {
    Settings::default().access_tokens_live(Duration::from_secs(LIFETIME))
}

async fn connected(settings: Settings) -> (Server, Time, Browser) {
    connected_with(settings, &[]).await
}

async fn connected_with(settings: Settings, own: &[(&str, &str)]) -> (Server, Time, Browser) {
    let (url, time) = sandbox(settings).await;
    let server = Server::start(&url, &[&ON_SANDBOX, own].concat(), time.clock()).await;
    let mut browser = server.browser();
    assert_eq!(browser.connect(WORK).await.status, 200);
    (server, time, browser)
}

fn is_mail_page(page: &Page) -> bool {
    page.status == 200 && page.heading() == "Hi, Wanda Work!"
}

fn writes_session(browser: &Browser) -> bool {
    browser.set_cookies.iter().any(|line| line.starts_with("graph-connect-session"))
}

/// Loads the mail page in each browser at once.
async fn load_all(browsers: &mut [Browser]) -> Vec<Page> {
    join_all(browsers.iter_mut().map(|browser| browser.get("/send"))).await
}

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

#[tokio::test]
async fn keys_change_in_four_steps_and_nobody_is_signed_out() {
    let (url, time) = sandbox(an_hour()).await;
    let state = tempfile::tempdir().unwrap();
    let (old, new) = (key(1), key(2));
    let start = async |keys: &str| {
        let own = [("SESSION_KEYS", keys), ("STATE_DIR", state.path().to_str().unwrap())];
        Server::start(&url, &[&ON_SANDBOX, own.as_slice()].concat(), time.clock()).await
    };
    let server = start(&old).await;
    let mut before = server.browser();
    before.connect(WORK).await;
    let kept = before.clone();

    let server = start(&format!("{old},{new}")).await;
    let mut during = server.browser();
    during.connect(WORK).await;
    assert!(is_mail_page(&before.at(&server).get("/send").await), "added behind");

    let server = start(&format!("{new},{old}")).await;
    let (mut before, mut during) = (before.at(&server), during.at(&server));
    let mut after = server.browser();
    after.connect(WORK).await;
    assert!(is_mail_page(&before.get("/send").await), "put first");
    assert!(is_mail_page(&during.get("/send").await), "put first");

    // Waiting: sessions in use are refreshed, and sealed with the new key.
    time.advance(NEARLY_ENDED);
    assert!(is_mail_page(&before.get("/send").await) && is_mail_page(&during.get("/send").await));

    let server = start(&new).await;
    for browser in [before, during, after] {
        assert!(is_mail_page(&browser.at(&server).get("/send").await), "old one dropped");
    }
    let page = kept.at(&server).get("/send").await;
    assert!(page.body.contains("Connect to Microsoft Graph"), "sealed with the old key");
}

#[tokio::test]
async fn a_kept_copy_of_an_ended_session_is_refused_also_after_a_restart() {
    let (url, time) = sandbox(an_hour()).await;
    let state = tempfile::tempdir().unwrap();
    let own = [("STATE_DIR", state.path().to_str().unwrap())];
    let settings = [ON_SANDBOX.as_slice(), &own].concat();
    let server = Server::start(&url, &settings, time.clock()).await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    let mut kept = browser.clone();
    browser.post("/logout", &[]).await;
    assert_eq!(kept.call("session", json!({})).await, "NotConnected");
    let restarted = Server::start(&url, &settings, time.clock()).await;
    assert_eq!(kept.at(&restarted).call("session", json!({})).await, "NotConnected");
}

#[tokio::test]
async fn a_session_that_went_idle_in_one_browser_is_ended_for_a_copy_that_did_not() {
    for way in ["disconnect", "connect again"] {
        let (_server, time, mut browser) = connected(an_hour()).await;
        let mut copy = browser.clone();
        for _ in 0..2 {
            time.advance(5 * 3600);
            assert!(is_mail_page(&copy.get("/send").await), "{way}");
        }
        if way == "disconnect" {
            browser.post("/logout", &[]).await;
        } else {
            let authorize = browser.press_connect().await;
            let back = browser.at_sandbox(authorize, WORK, "Accept").await;
            // As a browser brings it: without the Strict cookies.
            browser.cookies.retain(|name, _| name.starts_with("graph-connect-login"));
            browser.get(&back).await;
        }
        assert_eq!(copy.call("session", json!({})).await, "NotConnected", "{way}");
    }
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_it_takes_the_place_of() {
    let (server, _, mut browser) = connected(an_hour()).await;
    let mut kept = browser.clone();
    let page = browser.get("/login?prompt=select_account").await;
    let authorize = page.location().parse().unwrap();
    let back = browser.at_sandbox(authorize, WORK, "Accept").await;
    // As a browser brings it: without the Strict cookies, so the attempt alone knows the old one.
    let session = browser.cookies.clone();
    browser.cookies.retain(|name, _| name.starts_with("graph-connect-login"));
    assert_eq!(browser.get(&back).await.status, 200);
    assert_ne!(browser.cookies["graph-connect-session-0"], session["graph-connect-session-0"]);
    assert_ne!(browser.call("session", json!({})).await, "NotConnected");
    assert_eq!(kept.call("session", json!({})).await, "NotConnected");
    drop(server);
}

#[tokio::test]
async fn disconnecting_at_microsoft_leads_through_its_sign_out_and_back() {
    let (server, _, mut browser) = connected(an_hour()).await;
    let mut kept = browser.clone();
    let page = browser.post("/logout", &[("where", "microsoft")]).await;
    assert_eq!(
        (page.status.as_u16(), page.heading().as_str()),
        (200, "You're signed out of Graph Connect")
    );
    assert_eq!(page.header("clear-site-data"), "\"cache\", \"storage\"");
    let url = page.body.split_once("url=").unwrap().1.split_once('"').unwrap().0;
    let url = html_escape::decode_html_entities(url);
    let back = format!("{}/login/authorized", server.origin);
    let expected = url::Url::parse_with_params(
        &format!("{}/common/oauth2/v2.0/logout", server.microsoft),
        [("post_logout_redirect_uri", &back)],
    );
    assert_eq!(url, expected.unwrap().as_str());
    assert_eq!(kept.call("session", json!({})).await, "NotConnected", "ended here at once");

    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let answer = client.unwrap().get(url.as_ref()).send().await.unwrap();
    assert_eq!(answer.headers()["location"], back);
    let page = browser.get("/login/authorized").await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (200, "You're signed out"));
    assert!(page.body.contains("content=\"0; url=/\""), "{}", page.body);
    assert!(browser.get("/").await.body.contains("You're signed out of Graph Connect."));
}

#[tokio::test]
async fn the_providers_sign_out_is_told_whom_where_the_id_token_had_a_hint() {
    for (hint, told) in [(json!("O.opaque"), Some("O.opaque")), (Value::Null, None)] {
        let provider = Provider::start().await;
        let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
        provider.answers.lock().unwrap().claims =
            Box::new(move |claims| claims["login_hint"] = hint.clone());
        let mut browser = server.browser();
        assert_eq!(provider.sign_in(&mut browser, "code").await.status, 200);
        let page = browser.post("/logout", &[("where", "microsoft")]).await;
        let url = page.body.split_once("url=").unwrap().1.split_once('"').unwrap().0;
        let url = url::Url::parse(&html_escape::decode_html_entities(url)).unwrap();
        assert_eq!(url.path(), "/logout");
        let hint = url.query_pairs().find(|it| it.0 == "logout_hint").map(|it| it.1.into_owned());
        assert_eq!(hint.as_deref(), told);
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_still_lets_people_disconnect_here() {
    let (server, time, mut browser) = connected(an_hour()).await;
    // The discovery document is asked for once a day.
    let server = Server::start(&server.microsoft, &ON_SANDBOX, time.clock()).await;
    server.fault(json!([{ "route": "discovery", "status": 503 }])).await;
    browser = browser.at(&server);
    assert_eq!(browser.post("/logout", &[("where", "microsoft")]).await.status, 303);
    let page = browser.get("/").await;
    assert!(page.body.contains("still signed in there"), "{}", page.body);
}
