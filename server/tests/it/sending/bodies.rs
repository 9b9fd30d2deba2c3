//! How much a request may hold, in which form, and for how long a browser waits.

use app::wire::{VERSION, VERSION_HEADER};
use reqwest::Method;

use super::{arguments, connected, connected_with, texts};
use crate::server::Server;

#[tokio::test]
async fn more_than_a_request_may_have_is_told_on_a_page() {
    let (_, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", &"m".repeat(3 << 20)).await;
    let page = browser.press_send(&form).await;
    assert_eq!(
        (page.status.as_u16(), page.heading().as_str()),
        (413, "That's too much to send at once")
    );
}

#[tokio::test]
async fn a_server_function_refuses_more_than_a_request_may_have() {
    let (_, mut browser) = connected().await;
    let mut form = browser.form("a@b.example", "s", "m").await;
    form[5].1 = "m".repeat(3 << 20);
    let page = browser.post_multipart("/api/send_mail", &texts(&form)).await;
    assert_eq!(page.status, 413);
}

#[tokio::test]
async fn what_max_body_allows_is_sent_however_large() {
    let large = [("MAX_BODY", "6000000"), ("MAX_MESSAGE", "5000000")];
    let (server, mut browser) = connected_with(&large).await;
    let mut form = browser.form("a@b.example", "s", &"m".repeat(2_500_000)).await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    form[0].1 = "another-key".to_owned();
    assert_eq!(browser.call("send_mail", arguments(&form)).await["outcome"], "Sent");
    assert_eq!(server.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_and_not_taken_for_an_empty_one() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "The message").await;
    let urlencoded = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        (urlencoded, "key=k&account=a&subject=s&message=m", 400),
        (urlencoded, "to=a@b.example", 400),
        (urlencoded, "", 400),
        ("application/json", "{\"to\":\"a@b.example\"}", 415),
        ("", "to=a@b.example", 415),
    ] {
        let own = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
        let page = browser.request(Method::POST, "/send", &own, Some(body.to_owned())).await;
        assert_eq!(page.status, status, "{kind} {body}");
        assert_eq!(page.heading(), "We couldn't read this form", "{kind} {body}");
        assert!(page.body.contains("Nothing was sent."), "{kind} {body}");
        assert!(!page.body.contains("<form"), "no empty form: {kind} {body}");
    }
    for missing in ["key", "account", "to", "subject", "message"] {
        let rest: Vec<_> = texts(&form).into_iter().filter(|it| it.0 != missing).collect();
        assert_eq!(browser.post_multipart("/api/send_mail", &rest).await.status, 400, "{missing}");
    }
    for (kind, status) in [
        ("application/json", 415),
        ("multipart/form-data", 415),
        ("multipart/form-data; boundary=x", 400),
    ] {
        let own =
            [("sec-fetch-site", "same-origin"), ("content-type", kind), (VERSION_HEADER, VERSION)];
        let body = Some("nonsense".to_owned());
        let page = browser.request(Method::POST, "/api/send_mail", &own, body).await;
        assert_eq!(page.status, status, "{kind}");
        assert!(page.body.contains("Nothing was done."), "{kind}");
        assert_eq!(page.header("cache-control"), "no-store", "{kind}");
    }
    assert!(server.outbox().await.is_empty());
}

#[tokio::test]
async fn the_browser_is_told_to_wait_longer_than_this_server_does() {
    let waits = [("CLIENT_TIMEOUT", "13"), ("LOGIN_TIMEOUT", "7"), ("GRAPH_TIMEOUT", "11")];
    let server = Server::on_sandbox_with(&waits).await;
    let page = server.browser().get("/").await;
    assert!(page.body.contains("data-time-out=\"91000\""), "{}", page.body);
}
