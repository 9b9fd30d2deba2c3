//! Connecting: the authorization request, the attempt it belongs to, and where it leads.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bff::Clock;
use reqwest::Method;
use serde_json::json;

use crate::{provider::Provider, server::Server};

const WORK: &str = "work@sandbox.example";

#[tokio::test]
async fn connecting_asks_for_a_code_with_pkce_state_and_nonce() {
    let server = Server::on_sandbox().await;
    let request = server.browser().press_connect().await;
    let all: Vec<(String, String)> = request.query_pairs().into_owned().collect();
    let of = |name: &str| {
        let values: Vec<&str> =
            all.iter().filter(|it| it.0 == name).map(|it| it.1.as_str()).collect();
        assert_eq!(values.len(), 1, "{name} once");
        values[0].to_owned()
    };
    assert_eq!(of("response_type"), "code");
    assert_eq!(of("response_mode"), "query");
    assert_eq!(of("client_id"), sandbox::CLIENT_ID);
    assert_eq!(of("redirect_uri"), format!("{}/login/authorized", server.origin));
    assert_eq!(of("scope"), "openid profile offline_access User.Read Mail.Send");
    assert_eq!(of("code_challenge_method"), "S256");
    assert_eq!(of("code_challenge").len(), 43);
    // 128 bits are 22 characters of base64url.
    assert!(of("state").len() >= 22 && of("nonce").len() >= 22);
    let again = server.browser().press_connect().await;
    for name in ["state", "nonce", "code_challenge"] {
        let other = again.query_pairs().find(|it| it.0 == name).unwrap().1.into_owned();
        assert_ne!(of(name), other, "{name} is new each time");
    }
}

#[tokio::test]
async fn a_finished_sign_in_moves_on_to_the_mail_page() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let landing = browser.connect(WORK).await;
    assert_eq!(landing.status, 200);
    assert!(
        landing.body.contains("http-equiv=\"refresh\" content=\"0; url=/send\""),
        "{}",
        landing.body
    );
    assert_eq!(landing.header("referrer-policy"), "no-referrer");
    assert_eq!(landing.header("cache-control"), "no-store");
    assert!(!landing.body.contains("<script") && !landing.body.contains("src="), "loads nothing");
    assert_eq!(browser.get("/send").await.heading(), "Hi, Wanda Work!");
}

#[tokio::test]
async fn the_return_path_survives_and_cannot_leave_the_site() {
    let server = Server::on_sandbox().await;
    for (asked, led) in [
        ("/", "/"),
        ("/send", "/send"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
    ] {
        let mut browser = server.browser();
        let query = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>();
        let begun = browser.get(&format!("/login?return_to={query}")).await;
        let back = browser.at_sandbox(begun.location().parse().unwrap(), WORK, "Accept").await;
        let landing = browser.get(&back).await;
        assert!(
            landing.body.contains(&format!("content=\"0; url={led}\"")),
            "{asked}: {}",
            landing.body
        );
        // With a live session "Connect" leads there without Microsoft.
        assert_eq!(browser.get(&format!("/login?return_to={query}")).await.location(), led);
    }
}

#[tokio::test]
async fn another_site_cannot_begin_a_sign_in() {
    let server = Server::on_sandbox().await;
    for (site, status) in
        [("cross-site", 200), ("same-site", 200), ("same-origin", 303), ("none", 303)]
    {
        let mut browser = server.browser();
        let page = browser.request(Method::GET, "/login", &[("sec-fetch-site", site)], None).await;
        assert_eq!(page.status, status, "{site}");
        assert_eq!(browser.cookies.is_empty(), status == 200, "{site}");
    }
}

#[tokio::test]
async fn a_link_that_webkit_calls_cross_site_is_the_persons_own_if_this_site_is_its_referrer() {
    let server = Server::on_sandbox().await;
    let own = format!("{}/send", server.origin);
    let longer = format!("{}.evil.example/", server.origin);
    for (referrer, status) in
        [(own.as_str(), 303), ("https://evil.example/", 200), (&longer, 200), ("", 200)]
    {
        let headers = [("sec-fetch-site", "cross-site"), ("referer", referrer)];
        let page = server.browser().request(Method::GET, "/login", &headers, None).await;
        assert_eq!(page.status, status, "{referrer:?}");
    }
}

#[tokio::test]
async fn an_answer_counts_once_in_its_own_browser_with_its_own_state() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, WORK, "Accept").await;

    let (start, rest) = back.split_once("state=").unwrap();
    let (state, rest) = rest.split_once('&').unwrap();
    let (id, secret) = state.split_once('.').unwrap();
    let flipped: String = secret.chars().rev().collect();
    let altered = format!("{start}state={id}.{flipped}&{rest}");

    let stranger = server.browser().get(&back).await;
    assert_eq!(
        (stranger.status.as_u16(), stranger.heading().as_str()),
        (400, "This sign-in link has expired")
    );
    let mut other = browser.clone();
    let page = other.get(&altered).await;
    assert_eq!(
        (page.status.as_u16(), page.heading().as_str()),
        (400, "This response doesn't match your sign-in")
    );
    assert_eq!(other.get(&back).await.status, 400, "an attempt is spent by a wrong answer too");
    // An error that nobody asked for is no more believed than a code.
    let error = format!("/login/authorized?error=access_denied&state={state}");
    assert_eq!(server.browser().get(&error).await.heading(), "This sign-in link has expired");

    assert_eq!(browser.get(&back).await.status, 200);
    let again = browser.get(&back).await;
    assert_eq!(
        (again.status.as_u16(), again.heading().as_str()),
        (400, "This sign-in link has expired")
    );
    assert!(browser.get("/send").await.body.contains("Hi, Wanda Work!"), "the session lives on");
}

#[tokio::test]
async fn an_attempt_counts_once_for_a_program_that_keeps_its_cookie_too() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, WORK, "Accept").await;
    let kept = browser.clone();
    assert_eq!(browser.get(&back).await.status, 200);
    let asked = server.arrived("/token").await;
    for _ in 0..3 {
        let page = kept.clone().get(&back).await;
        assert_eq!(
            (page.status.as_u16(), page.heading().as_str()),
            (400, "This sign-in link has expired")
        );
    }
    assert_eq!(server.arrived("/token").await, asked, "the token endpoint is not asked again");
}

#[tokio::test]
async fn an_attempt_ends_after_fifteen_minutes() {
    let time = Arc::new(AtomicU64::new(Clock::system().now()));
    let clock = {
        let time = Arc::clone(&time);
        Clock::new(move || time.load(Ordering::Relaxed))
    };
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), clock).await;
    for (minutes, heading) in [(15, "You're signed in"), (16, "This sign-in link has expired")] {
        let mut browser = server.browser();
        let request = browser.press_connect().await;
        let state = request.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
        provider.expect(&request);
        time.fetch_add(minutes * 60, Ordering::Relaxed);
        let page = browser.get(&format!("/login/authorized?code=c&state={state}")).await;
        time.fetch_sub(minutes * 60, Ordering::Relaxed);
        assert_eq!(page.heading(), heading, "{minutes} minutes");
    }
}

#[tokio::test]
async fn five_attempts_go_on_at_once_and_the_oldest_gives_way() {
    let time = Arc::new(AtomicU64::new(Clock::system().now()));
    let clock = {
        let time = Arc::clone(&time);
        Clock::new(move || time.fetch_add(1, Ordering::Relaxed))
    };
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), clock).await;
    let mut browser = server.browser();
    let mut requests = Vec::new();
    for _ in 0..6 {
        requests.push(browser.press_connect().await);
    }
    assert_eq!(browser.cookies.len(), 5);
    let mut headings = Vec::new();
    for request in requests {
        let state = request.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
        provider.expect(&request);
        headings
            .push(browser.get(&format!("/login/authorized?code=c&state={state}")).await.heading());
    }
    assert_eq!(headings[0], "This sign-in link has expired");
    assert!(headings[1..].iter().all(|it| it == "You're signed in"), "{headings:?}");
}

#[tokio::test]
async fn a_session_ends_with_its_token_with_idleness_and_with_age() {
    for (setting, seconds) in
        [("SESSION_IDLE", "600"), ("SESSION_LIFETIME", "600"), ("SESSION_IDLE", "90000")]
    {
        let time = Arc::new(AtomicU64::new(Clock::system().now()));
        let clock = {
            let time = Arc::clone(&time);
            Clock::new(move || time.load(Ordering::Relaxed))
        };
        let provider = Provider::start().await;
        let mut settings = provider.settings();
        settings.push((setting, seconds));
        let server = Server::start(&provider.url, &settings, clock).await;
        let mut browser = server.browser();
        let limit = match (setting, seconds) {
            // The mark of last use can be a tenth of the limit behind.
            ("SESSION_IDLE", "600") => 600 + 60,
            ("SESSION_LIFETIME", _) => 600,
            _ => 3600 - 30,
        };
        if seconds == "90000" {
            provider.answers.lock().unwrap().refresh_token.clear();
        }
        provider.sign_in(&mut browser, "code").await;
        let status = browser.clone().call("session", json!({})).await;
        assert_eq!(status["Connected"]["ends_in"], limit, "{setting} ends when it says so");
        time.fetch_add(limit - 1, Ordering::Relaxed);
        assert_ne!(browser.clone().call("session", json!({})).await, "NotConnected", "{setting}");
        time.fetch_add(1, Ordering::Relaxed);
        assert_eq!(browser.call("session", json!({})).await, "NotConnected", "{setting}");
    }
}

#[tokio::test]
async fn use_keeps_a_session_from_going_idle() {
    let time = Arc::new(AtomicU64::new(Clock::system().now()));
    let clock = {
        let time = Arc::clone(&time);
        Clock::new(move || time.load(Ordering::Relaxed))
    };
    let provider = Provider::start().await;
    let mut settings = provider.settings();
    settings.push(("SESSION_IDLE", "600"));
    let server = Server::start(&provider.url, &settings, clock).await;
    let mut browser = server.browser();
    provider.sign_in(&mut browser, "code").await;
    for _ in 0..3 {
        time.fetch_add(500, Ordering::Relaxed);
        assert_ne!(browser.call("session", json!({})).await, "NotConnected");
    }
}

#[tokio::test]
async fn disconnect_ends_every_cookie_of_the_session_and_says_so() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    let answer = browser.post("/logout", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.location().as_str()), (303, "/"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    for name in ["graph-connect-session-0", "graph-connect-session-1", "graph-connect-seen"] {
        let line =
            browser.set_cookies.iter().find(|it| it.starts_with(&format!("{name}=;"))).expect(name);
        assert!(line.contains("Max-Age=0"), "{line}");
    }
    assert!(browser.get("/").await.body.contains("You're signed out of Graph Connect."));
    assert!(
        !browser.get("/").await.body.contains("You're signed out of Graph Connect."),
        "said once"
    );
    assert!(browser.get("/send").await.body.contains("Connect to Microsoft Graph"));
}

#[tokio::test]
async fn every_account_is_shown_by_its_name_and_address_as_text() {
    let server = Server::on_sandbox().await;
    for (account, name) in [
        (WORK, "Wanda Work"),
        ("personal@sandbox.example", "Petra Personal"),
        ("nomailbox@sandbox.example", "Noah Nomailbox"),
        ("markup@sandbox.example", "漢字"),
    ] {
        let mut browser = server.browser();
        browser.connect(account).await;
        let page = browser.get("/send").await;
        assert!(page.heading().contains(name), "{account}: {}", page.heading());
        assert!(page.body.contains(account), "{account}");
        assert!(!page.body.contains("<script>alert"), "{account}");
    }
}
