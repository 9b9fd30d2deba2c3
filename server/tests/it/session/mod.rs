//! A session nobody is thrown out of by accident, and that ends for good when it is to end
//! (security.md, C3, S1, S3, S5, S7).

mod end;
mod races;
mod refresh;

use std::time::Duration;

use futures::future::join_all;
use sandbox::Settings;

use crate::{
    browser::{Browser, Page},
    server::{ON_SANDBOX, Server, Time, sandbox},
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
