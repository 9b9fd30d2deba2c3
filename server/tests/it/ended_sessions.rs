//! Sessions that were ended, or replaced, stay ended (security.md, S1, S3, S7).

use serde_json::json;
use tempfile::TempDir;

use crate::{
    browser::Browser,
    server::{ON_SANDBOX, Server, Time, sandbox},
};

const WORK: &str = "work@sandbox.example";

async fn start(microsoft: &str, time: &Time, state: &TempDir, own: &[(&str, &str)]) -> Server {
    let kept = [("STATE_DIR", state.path().to_str().unwrap())];
    Server::start(microsoft, &[ON_SANDBOX.as_slice(), &kept, own].concat(), time.clock()).await
}

async fn is_connected(browser: &Browser) -> bool {
    browser.clone().call("session", json!({})).await != "NotConnected"
}

#[tokio::test]
async fn an_ended_session_stays_ended_when_the_lifetime_is_raised_later() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = tempfile::tempdir().unwrap();
    let short = [("SESSION_LIFETIME", "3000")];
    let server = start(&url, &time, &state, &short).await;
    let (mut browser, mut other) = (server.browser(), server.browser());
    browser.connect(WORK).await;
    other.connect(WORK).await;
    let kept = browser.clone();
    browser.post("/logout", &[]).await;

    let raised = start(&url, &time, &state, &[("SESSION_LIFETIME", "86400")]).await;
    assert!(!is_connected(&kept.at(&raised)).await);
    assert!(is_connected(&other.at(&raised)).await);
    // Until the end of the session has come, and its record is forgotten.
    time.advance(2 * 3600);
    let again = start(&url, &time, &state, &[("SESSION_LIFETIME", "86400")]).await;
    for server in [&raised, &again] {
        assert!(!is_connected(&kept.at(server)).await, "the copy");
        assert!(!is_connected(&other.at(server)).await, "a session's end is fixed when it begins");
    }
}

#[tokio::test]
async fn an_ended_session_is_remembered_as_long_as_it_would_have_lived() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = tempfile::tempdir().unwrap();
    let server = start(&url, &time, &state, &[]).await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    let kept = browser.clone();
    browser.post("/logout", &[]).await;
    // Less than the idle limit, and more than the hour of a file of the journal.
    time.advance(5 * 3600);
    let mut another = server.browser();
    another.connect(WORK).await;
    another.post("/logout", &[]).await;
    assert!(!is_connected(&kept).await);
    let restarted = start(&url, &time, &state, &[]).await;
    assert!(!is_connected(&kept.at(&restarted)).await);
}

#[tokio::test]
async fn the_session_that_a_callback_finds_is_ended_too() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    // This attempt knows no session: the one it replaces begins after it, in another tab.
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, WORK, "Accept").await;
    browser.connect(WORK).await;
    let kept = browser.clone();
    assert!(is_connected(&kept).await);
    assert_eq!(browser.get(&back).await.status, 200);
    assert!(is_connected(&browser).await && !is_connected(&kept).await);
}

#[tokio::test]
async fn each_refusal_that_nothing_but_a_new_sign_in_answers_ends_the_session() {
    for code in ["invalid_grant", "interaction_required", "login_required", "consent_required"] {
        let (url, time) = sandbox(sandbox::Settings::default()).await;
        let state = tempfile::tempdir().unwrap();
        let server = start(&url, &time, &state, &[]).await;
        let mut browser = server.browser();
        browser.connect(WORK).await;
        time.advance(2 * 3600);
        let body = json!({ "error": code }).to_string();
        server.fault(json!([{ "route": "token", "status": 400, "body": body }])).await;
        let page = browser.get("/send").await;
        assert!(page.body.contains("Connect to Microsoft Graph"), "{code}: {}", page.heading());
    }
}

#[tokio::test]
async fn the_way_back_from_microsoft_says_nothing_of_a_sign_out() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    // As a link on another site leads there: without the Strict cookies.
    for page in
        [browser.get("/login/authorized").await, server.browser().get("/login/authorized").await]
    {
        assert_eq!(
            (page.status.as_u16(), page.heading().as_str()),
            (200, "You're back from Microsoft")
        );
        assert!(!page.body.to_lowercase().contains("signed out"), "{}", page.body);
    }
    assert!(is_connected(&browser).await);
}
