//! What travels between the browser and the server functions, and its version.

use app::wire::{
    Field, Hidden, Outcome, SendResult, Sender, SessionStatus, VERSION, VERSION_HEADER,
};
use reqwest::Method;

use crate::server::Server;

#[tokio::test]
async fn a_page_of_another_build_is_told_so_and_nothing_is_done() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    assert_eq!(browser.connect("work@sandbox.example").await.status, 200);
    let form = browser.form("a@b.example", "s", "m").await;
    let fields: String = form
        .iter()
        .map(|(name, value)| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .collect();
    for (path, body) in [("/api/session", String::new()), ("/api/send_mail", fields + "--x--\r\n")]
    {
        for version in [None, Some("0"), Some(""), Some(VERSION)] {
            let kind = ("content-type", "multipart/form-data; boundary=x");
            let version_header = version.map(|it| (VERSION_HEADER, it));
            let headers: Vec<_> = [("sec-fetch-site", "same-origin"), kind]
                .into_iter()
                .chain(version_header)
                .collect();
            let answer = browser.request(Method::POST, path, &headers, Some(body.clone())).await;
            let expected = if version == Some(VERSION) { 200 } else { 412 };
            assert_eq!(answer.status, expected, "{path} {version:?}");
        }
    }
    assert_eq!(server.outbox().await.len(), 1, "the one of this build");
}

#[tokio::test]
async fn a_page_says_which_version_it_speaks() {
    let page = Server::on_sandbox().await.browser().get("/").await;
    assert!(page.body.contains(&format!(" data-wire-version=\"{VERSION}\"")), "{}", page.body);
}

/// Where this fails, an open page of the build before would misread what travels now: give
/// [`VERSION`] another number, and these bytes with it.
#[test]
fn what_travels_is_what_its_version_says() {
    let text = str::to_owned;
    let sender = Sender {
        name: text("name"),
        address: text("address"),
        from: text("from"),
        greeting: text("greeting"),
    };
    let result = SendResult {
        outcome: Outcome::SignedOut,
        heading: text("heading"),
        text: text("text"),
        field: Some(Field::Message),
        other_account: true,
        button: text("button"),
        wait: 300,
        hidden: Hidden { key: text("key"), account: text("account"), confirmed: text("confirmed") },
        sender: Some(sender.clone()),
        ids: vec![(text("label"), text("value"))],
    };
    let connected = SessionStatus::Connected { sender, ends_in: 400 };
    let bytes = postcard::to_allocvec(&(result, connected, SessionStatus::NotConnected)).unwrap();
    let version_1 =
        b"\x03\x07heading\x04text\x01\x02\x01\x06button\xac\x02\x03key\x07account\x09confirmed\
        \x01\x04name\x07address\x04from\x08greeting\x01\x05label\x05value\
        \x00\x04name\x07address\x04from\x08greeting\x90\x03\x01";
    let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
    assert_eq!((VERSION, shown(&bytes)), ("1", shown(version_1)));
}
