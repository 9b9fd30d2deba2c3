//! What is sent and told of what was typed (security.md, C2, V1, H3).

use app::wire::{VERSION, VERSION_HEADER};
use bff::Clock;
use reqwest::Method;

use crate::{provider::Provider, server::Server};

#[tokio::test]
async fn a_subject_is_one_line_whatever_was_pasted_into_it() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    for (typed, sent) in [
        ("a\r\nBcc: eve@evil.example", "a  Bcc: eve@evil.example"),
        ("a\tb\u{7f}c\u{0}d\u{85}e", "a b c d e"),
        ("\u{1b}[31mred", "[31mred"),
    ] {
        let form = browser.form("a@b.example", typed, "m").await;
        assert_eq!(browser.press_send(&form).await.status, 303, "{typed:?}");
        let outbox = server.outbox().await;
        assert_eq!(outbox.last().unwrap()["message"]["subject"], sent, "{typed:?}");
    }
}

#[tokio::test]
async fn the_receipt_that_the_next_page_shows_fits_a_cookie_with_the_longest_ids() {
    let provider = Provider::start().await;
    let server = Server::start(&provider.url, &provider.settings(), Clock::system()).await;
    provider.answers.lock().unwrap().mail_ids = "i".repeat(7_000);
    let mut browser = server.browser();
    provider.sign_in(&mut browser, "code").await;
    let label = "d".repeat(60);
    let to = format!("{}@{label}.{label}.{label}.example", "l".repeat(64));
    let form = browser.form(&to, "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    let flash = browser.cookies.iter().find(|it| it.0.contains("flash")).unwrap();
    assert!(flash.0.len() + flash.1.len() < 4_096, "{} bytes", flash.1.len());
    assert!(browser.get("/send").await.body.contains("Successfully sent an email to"));
}

#[tokio::test]
async fn a_call_that_cannot_be_read_is_told_so_and_leads_nowhere() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    let referrer = format!("{}/send", server.origin);
    for (path, kind, status) in [
        ("/api/send_mail", "multipart/form-data; boundary=edge", 400),
        ("/api/send_mail", "application/x-www-form-urlencoded", 415),
        ("/api/session", "application/x-postcard", 200),
    ] {
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", kind),
            ("accept", "text/html"),
            ("referer", referrer.as_str()),
            (VERSION_HEADER, VERSION),
        ];
        let page = browser.request(Method::POST, path, &headers, Some("--edge--".to_owned())).await;
        assert_eq!((page.status.as_u16(), page.location().as_str()), (status, ""), "{path} {kind}");
    }
}
