//! A session that is to end ends for good, and no other does (security.md, C3, S1, S3, S4, S5).

use bff::Clock;
use serde_json::{Value, json};

use super::{NEARLY_ENDED, WORK, an_hour, connected, is_mail_page};
use crate::{
    provider::Provider,
    server::{ON_SANDBOX, Server, key, sandbox},
};

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
    assert_eq!(
        (page.status.as_u16(), page.heading().as_str()),
        (200, "You're back from Microsoft")
    );
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
