//! Two processes for the same people.

use std::time::Duration;

use futures::future::join_all;

use super::Program;
use crate::{browser::Page, server::sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_refresh_once_each_at_most_and_answer_everybody() {
    // Tokens that are always about to end: what is under five minutes is refreshed.
    let lifetime = Duration::from_secs(240);
    let settings = sandbox::Settings::default().access_tokens_live(lifetime);
    let (microsoft, _) = sandbox(settings).await;
    let one = Program::start_at(&microsoft, &[]).await;
    let two = Program::start_at(&microsoft, &[]).await;
    let mut browser = one.server.browser();
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, "work@sandbox.example", "Accept").await;
    browser.get(&back).await;
    assert_eq!(one.server.refreshes().await, 0);

    let tabs = [vec![browser.at(&one.server); 25], vec![browser.at(&two.server); 25]];
    let mut tabs = tabs.concat();
    let pages = join_all(tabs.iter_mut().map(|tab| tab.get("/send"))).await;
    let is_mail_page = |page: &&Page| page.status == 200 && page.heading() == "Hi, Wanda Work!";
    assert_eq!(pages.iter().filter(is_mail_page).count(), 50);
    let refreshes = one.server.refreshes().await;
    assert!((1..=2).contains(&refreshes), "{refreshes} refreshes");
}
