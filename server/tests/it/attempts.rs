//! Attempts to sign in, when many answers or many cookies come at once, and where they lead
//! (security.md, F2, T3, V4).

use futures::future::join_all;
use reqwest::Method;

use crate::{browser::Browser, server::Server};

const WORK: &str = "work@sandbox.example";

#[tokio::test(flavor = "multi_thread")]
async fn of_many_answers_at_once_to_one_attempt_one_exchanges_its_code() {
    let server = Server::on_sandbox().await;
    for round in 1..=5 {
        let mut browser = server.browser();
        let authorize = browser.press_connect().await;
        let back = browser.at_sandbox(authorize, WORK, "Accept").await;
        let answers = (0..20).map(|_| {
            let (mut tab, back): (Browser, String) = (browser.clone(), back.clone());
            tokio::spawn(async move { tab.get(&back).await.status.as_u16() })
        });
        let statuses = join_all(answers).await.into_iter().map(Result::unwrap);
        assert_eq!(statuses.filter(|it| *it == 200).count(), 1);
        let requests = server.requests().await;
        let exchanges =
            requests.iter().filter(|it| it["form"]["grant_type"] == "authorization_code");
        assert_eq!(exchanges.count(), round);
    }
}

#[tokio::test]
async fn cookies_that_only_look_like_attempts_keep_nobody_from_signing_in() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    for number in 0..170 {
        let name = format!("graph-connect-login-stranger{number:03}");
        browser.cookies.insert(name, "tossed".to_owned());
    }
    // Strangers' cookies that the browser keeps, whatever it is told.
    let strangers = browser.cookies.clone();
    for _ in 0..10 {
        browser.cookies.extend(strangers.clone());
        let page =
            browser.request(Method::GET, "/login", &[("sec-fetch-site", "none")], None).await;
        assert_eq!(page.status, 303);
        let bytes: usize =
            page.headers.iter().map(|(name, it)| name.as_str().len() + it.len()).sum();
        assert!(bytes < 4_096, "{bytes} bytes of headers, which a proxy takes by default");
    }
    browser.cookies.extend(strangers);
    assert_eq!(browser.connect(WORK).await.status, 200);
}

#[tokio::test]
async fn no_return_path_begins_another_sign_in() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect(WORK).await;
    for path in ["/login", "/login?prompt=select_account", "/%6Cogin?prompt=select_account"] {
        let query = url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
        let answer = browser.get(&format!("/login?return_to={query}")).await;
        assert_eq!((answer.status.as_u16(), answer.location().as_str()), (303, "/"), "{path}");
    }
}
