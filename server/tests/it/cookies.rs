//! Cookies: flags, sizes, and what happens to a session whose pieces were touched (security.md, C1
//! to C3).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff::Clock;

use crate::{browser::Browser, provider::Provider, server::Server};

/// Random text of `length` characters, which no compression makes smaller.
fn noise(length: usize) -> String {
    let bytes: Vec<u8> = (0..=length / 32).flat_map(|_| bff::random::<32>().unwrap()).collect();
    URL_SAFE_NO_PAD.encode(bytes)[..length].to_owned()
}

async fn signed_in(provider: &Provider, server: &Server, tokens: usize) -> (Browser, u16) {
    {
        let mut answers = provider.answers.lock().unwrap();
        (answers.access_token, answers.refresh_token) =
            (noise(tokens * 3 / 5), noise(tokens * 2 / 5));
    }
    let mut browser = server.browser();
    let page = provider.sign_in(&mut browser, "code").await;
    (browser, page.status.as_u16())
}

async fn is_connected(browser: &Browser) -> bool {
    browser.clone().call("session", serde_json::json!({})).await != "NotConnected"
}

fn pieces(browser: &Browser) -> Vec<String> {
    let names = browser.cookies.keys().filter(|name| name.starts_with("graph-connect-session"));
    names.cloned().collect()
}

#[tokio::test]
async fn every_cookie_stays_under_4096_bytes_and_too_much_ends_on_a_page() {
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    let mut outcomes = Vec::new();
    for tokens in (500..=10_000).step_by(500) {
        let (browser, status) = signed_in(&provider, &server, tokens).await;
        for (name, value) in &browser.cookies {
            assert!(name.len() + value.len() < 4096, "{name}: {} bytes", value.len());
        }
        assert_eq!(is_connected(&browser).await, status == 200, "{tokens} bytes of tokens");
        outcomes.push(status);
    }
    let fit = outcomes.iter().filter(|status| **status == 200).count();
    // All that fit come before all that do not, and Microsoft's usual 4 kB fit with room to spare.
    assert!(fit * 500 >= 5_000, "{outcomes:?}");
    assert!(outcomes[fit..].iter().all(|status| *status == 500), "{outcomes:?}");
    assert!(fit < outcomes.len(), "the budget was never passed");

    let (_, status) = signed_in(&provider, &server, 10_000).await;
    assert_eq!(status, 500);
    let page = provider.sign_in(&mut server.browser(), "code").await;
    assert_eq!(page.heading(), "We couldn't keep you signed in");
}

#[tokio::test]
async fn an_ordinary_work_account_is_one_cookie() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    assert_eq!(pieces(&browser), ["graph-connect-session-0"]);
}

#[tokio::test]
async fn a_session_whose_pieces_were_touched_is_no_session() {
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    let (one, _) = signed_in(&provider, &server, 5_000).await;
    let (other, _) = signed_in(&provider, &server, 5_000).await;
    // A newer generation of the first session, in the same browser.
    let mut newer = one.clone();
    newer.cookies.retain(|name, _| !name.contains("session"));
    provider.sign_in(&mut newer, "code").await;
    assert_eq!(pieces(&one).len(), 2, "the test needs two pieces");
    assert!(is_connected(&one).await && is_connected(&other).await && is_connected(&newer).await);

    for name in pieces(&one) {
        let mut browser = one.clone();
        let value = browser.cookies[&name].clone();
        let mut put = |value: String| {
            browser.cookies.insert(name.clone(), value);
            browser.clone()
        };
        let mut flipped = value.clone().into_bytes();
        let middle = flipped.len() / 2;
        flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
        for (what, touched) in [
            ("swapped with another session's", put(other.cookies[&name].clone())),
            ("swapped with another generation's", put(newer.cookies[&name].clone())),
            ("truncated", put(value[..value.len() - 1].to_owned())),
            ("flipped", put(String::from_utf8(flipped).unwrap())),
            ("repeated", put(format!("{value}{value}"))),
            ("empty", put(String::new())),
            (
                "the other piece",
                put(one.cookies[pieces(&one).iter().find(|it| **it != name).unwrap()].clone()),
            ),
        ] {
            assert!(!is_connected(&touched).await, "{name} {what}");
        }
        browser.cookies.remove(&name);
        assert!(!is_connected(&browser).await, "{name} dropped");
    }
}

#[tokio::test]
async fn the_mark_of_last_use_belongs_to_its_session() {
    let server = Server::on_sandbox().await;
    let (mut one, mut other) = (server.browser(), server.browser());
    one.connect("work@sandbox.example").await;
    other.connect("work@sandbox.example").await;
    one.cookies
        .insert("graph-connect-seen".to_owned(), other.cookies["graph-connect-seen"].clone());
    assert!(!is_connected(&one).await);
    one.cookies.remove("graph-connect-seen");
    assert!(!is_connected(&one).await);
}

#[tokio::test]
async fn cookies_have_the_flags_of_their_kind() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.get("/login").await;
    let attempt = browser.set_cookies.clone();
    browser.connect("work@sandbox.example").await;
    let session = browser.set_cookies.clone();
    assert!(attempt[0].starts_with("graph-connect-login-") && attempt[0].contains("SameSite=Lax"));
    assert!(session.iter().any(|line| line.starts_with("graph-connect-session-0=")));
    for line in attempt.iter().chain(&session) {
        assert!(line.contains("HttpOnly") && line.contains("Path=/"), "{line}");
        assert!(!line.contains("Domain") && !line.contains("Secure"), "{line}");
        let kept = !line.contains("Max-Age=0");
        if kept && (line.contains("-session-") || line.contains("-seen")) {
            assert!(line.contains("SameSite=Strict"), "{line}");
        }
    }
}

#[tokio::test]
async fn only_a_cookie_of_exactly_our_name_is_a_session() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let session = browser.cookies.remove("graph-connect-session-0").unwrap();
    assert!(!is_connected(&browser).await);
    // What a sibling host can set for the whole domain and a lenient reader takes for ours.
    for name in [
        "graph-connect%2Dsession-0",
        "\u{2000}graph-connect-session-0",
        "\u{85}graph-connect-session-0",
    ] {
        let mut tossed = browser.clone();
        tossed.cookies.insert(name.to_owned(), session.clone());
        assert!(!is_connected(&tossed).await, "{name:?}");
    }
    let mut twice = browser.clone();
    twice.cookies.insert("graph-connect-session-0".to_owned(), session.clone());
    assert!(is_connected(&twice).await);
    twice.cookies.insert(" graph-connect-session-0".to_owned(), session);
    assert!(!is_connected(&twice).await, "nobody can tell which of two is ours");
}
