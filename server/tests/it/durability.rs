//! What somebody was told holds: after the program was killed, and where its records cannot be
//! written.

use serde_json::json;
use tempfile::TempDir;

use crate::{
    browser::Browser,
    process::Program,
    server::{ON_SANDBOX, Server, sandbox},
};

const WORK: &str = "work@sandbox.example";

/// The program against a sandbox of its own, killed as soon as `told` has its answer and started
/// again with the same state.
async fn killed_after<T>(told: impl AsyncFnOnce(&Server) -> T) -> (Program, T, TempDir) {
    let (microsoft, _) = sandbox(sandbox::Settings::default()).await;
    let state = TempDir::new().unwrap();
    let settings = [("STATE_DIR", state.path().to_str().unwrap())];
    let program = Program::start_at(&microsoft, &settings).await;
    let answer = told(&program.server).await;
    program.kill().await;
    (Program::start_at(&microsoft, &settings).await, answer, state)
}

#[tokio::test]
async fn a_form_is_used_when_its_press_is_answered_also_if_the_program_is_killed() {
    let (restarted, (browser, form), _state) = killed_after(async |server| {
        let mut browser = server.browser();
        browser.connect(WORK).await;
        let form = browser.form("a@b.example", "s", "m").await;
        assert_eq!(browser.press_send(&form).await.status, 303);
        (browser, form)
    })
    .await;
    let page = browser.at(&restarted.server).press_send(&form).await;
    assert_eq!(page.status, 502, "not passed off as not sent");
    assert_eq!(restarted.server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_session_is_ended_when_disconnect_is_answered_also_if_the_program_is_killed() {
    let (restarted, kept, _state) = killed_after(async |server| {
        let mut browser = server.browser();
        browser.connect(WORK).await;
        let kept = browser.clone();
        browser.post("/logout", &[]).await;
        kept
    })
    .await;
    let session = kept.at(&restarted.server).call("session", json!({})).await;
    assert_eq!(session, "NotConnected");
}

#[tokio::test]
async fn an_attempt_is_spent_when_it_is_answered_also_if_the_program_is_killed() {
    let (restarted, (kept, back), _state): (_, (Browser, String), _) =
        killed_after(async |server| {
            let mut browser = server.browser();
            let authorize = browser.press_connect().await;
            let back = browser.at_sandbox(authorize, WORK, "Accept").await;
            let kept = browser.clone();
            assert_eq!(browser.get(&back).await.status, 200);
            (kept, back)
        })
        .await;
    assert_eq!(kept.at(&restarted.server).get(&back).await.status, 400);
    let requests = restarted.server.requests().await;
    let exchanges = requests.iter().filter(|it| it["form"]["grant_type"] == "authorization_code");
    assert_eq!(exchanges.count(), 1, "its code is not sent again");
}

#[tokio::test]
async fn nothing_is_sent_once_the_folder_of_records_is_gone() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = TempDir::new().unwrap();
    let own = [("STATE_DIR", state.path().to_str().unwrap())];
    let server = Server::start(&url, &[ON_SANDBOX.as_slice(), &own].concat(), time.clock()).await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    // The file that holds the first form's mark is open, and would take the second one's.
    std::fs::remove_dir_all(state.path().join("used-forms")).unwrap();
    let form = browser.form("a@b.example", "s", "The message").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("so your message wasn't sent")
            && page.body.contains("The message</textarea>")
    );
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn an_ended_session_stays_ended_where_that_cannot_be_written() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = TempDir::new().unwrap();
    let own = [("STATE_DIR", state.path().to_str().unwrap())];
    let server = Server::start(&url, &[ON_SANDBOX.as_slice(), &own].concat(), time.clock()).await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    let mut kept = browser.clone();
    std::fs::remove_dir_all(state.path().join("ended-sessions")).unwrap();
    browser.post("/logout", &[]).await;
    assert_eq!(kept.call("session", json!({})).await, "NotConnected");
}
