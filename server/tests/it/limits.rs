//! How large, how slow and how often a client may be, and that each limit says its name
//! (security.md, V3, V4).

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{browser::Browser, server::Server};

const WORK: &str = "work@sandbox.example";

/// Longer than any limit of these tests; a test that gets here has failed.
const FOREVER: Duration = Duration::from_secs(30);

async fn connected(settings: &[(&str, &str)]) -> (Server, Browser) {
    let server = Server::on_sandbox_with(settings).await;
    let mut browser = server.browser();
    assert_eq!(browser.connect(WORK).await.status, 200);
    (server, browser)
}

async fn raw(server: &Server) -> TcpStream {
    TcpStream::connect(server.origin.trim_start_matches("http://")).await.unwrap()
}

/// Everything until the server ends the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end too.
    _ = timeout(FOREVER, stream.read_to_end(&mut answer)).await.expect("the server gives up");
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn each_size_over_its_limit_is_refused_with_its_number() {
    let (server, mut browser) = connected(&[
        ("MAX_HEADER", "8000"),
        ("MAX_BODY", "9000"),
        ("MAX_RECIPIENTS", "2"),
        ("MAX_MESSAGE", "700"),
    ])
    .await;
    let big = "c".repeat(8_000);
    let own = [("sec-fetch-site", "same-origin"), ("x-big", big.as_str())];
    let page = browser.request(Method::GET, "/send", &own, None).await;
    assert_eq!(page.status, 431);
    assert!(page.body.contains("Your browser sent too much data"), "{}", page.body);

    let form = browser.form("a@b.example", "s", &"m".repeat(9_000)).await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 413);
    assert!(page.body.contains("up to 9 kB at once, so nothing was sent."), "{}", page.body);

    let form = browser.form("a@b.example, c@d.example, e@f.example", "s", "m").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("up to 2 recipients"), "{}", page.body);

    let form = browser.form("a@b.example", "s", &"m".repeat(701)).await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("Your message is too long"), "{}", page.body);

    assert_eq!(server.outbox().await.len(), 0);
    let form = browser.form("a@b.example, c@d.example", "s", &"m".repeat(700)).await;
    assert_eq!(browser.press_send(&form).await.status, 303, "at the limits");
}

#[tokio::test]
async fn a_target_counts_as_header_and_a_header_far_over_the_limit_is_refused_too() {
    let server = Server::on_sandbox().await;
    let page = server.browser().get(&format!("/{}", "p".repeat(17_000))).await;
    assert_eq!(page.status, 431);
    let mut stream = raw(&server).await;
    let endless = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "x".repeat(1 << 20));
    _ = stream.write_all(endless.as_bytes()).await;
    assert!(rest(stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_request_that_does_not_arrive_is_not_waited_for() {
    let server = Server::on_sandbox_with(&[("CLIENT_TIMEOUT", "1")]).await;
    let mut slow_header = raw(&server).await;
    slow_header.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let mut silent = raw(&server).await;
    silent.write_all(b"").await.unwrap();
    let mut slow_body = raw(&server).await;
    let head = "POST /send HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nto=a";
    slow_body.write_all(head.as_bytes()).await.unwrap();

    let (header, silent, body) = tokio::join!(rest(slow_header), rest(silent), rest(slow_body));
    assert!(!header.contains("200 OK") && silent.is_empty(), "{header} {silent}");
    assert!(body.starts_with("HTTP/1.1 408"), "{body}");
    assert!(body.contains("within 1 second, so nothing was sent."), "{body}");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_not_kept() {
    let server = Server::on_sandbox_with(&[("CLIENT_TIMEOUT", "1")]).await;
    let mut stream = raw(&server).await;
    let ask = async {
        // Asks again and again and never reads, until the server has ended the connection.
        while stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.is_ok() {}
    };
    timeout(FOREVER, ask).await.expect("the server gives up");
}

/// Asks for a page on this connection, and reads what comes back first.
async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 1024];
    let read = timeout(FOREVER / 3, stream.read(&mut answer)).await.expect("an answer").unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn a_connection_past_the_limit_waits_until_another_ends() {
    let settings = [("MAX_CONNECTIONS", "2"), ("CLIENT_TIMEOUT", "1")];
    let server = Server::on_sandbox_with(&settings).await;
    let began = Instant::now();
    // Each is given up after a second in which it asks for nothing.
    let _silent = (raw(&server).await, raw(&server).await);
    let (mut third, mut fourth) = (raw(&server).await, raw(&server).await);
    let answers = tokio::join!(ask(&mut third), ask(&mut fourth));
    assert!(answers.0.starts_with("HTTP/1.1 200 ") && answers.1.starts_with("HTTP/1.1 200 "));
    assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_connection_past_the_limit_takes_the_place_of_an_idle_one() {
    let server = Server::on_sandbox_with(&[("MAX_CONNECTIONS", "2")]).await;
    let (mut first, mut second) = (raw(&server).await, raw(&server).await);
    for stream in [&mut first, &mut second] {
        assert!(ask(stream).await.starts_with("HTTP/1.1 200 "));
        assert!(ask(stream).await.starts_with("HTTP/1.1 200 "), "kept open while there is room");
    }
    assert!(ask(&mut raw(&server).await).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(rest(first).await + &rest(second).await, "", "both were ended between requests");
}

#[tokio::test]
async fn sending_is_limited_for_a_session() {
    let (server, mut browser) = connected(&[("SENDS_PER_MINUTE", "2")]).await;
    for _ in 0..2 {
        let form = browser.form("a@b.example", "s", "m").await;
        assert_eq!(browser.press_send(&form).await.status, 303);
    }
    let form = browser.form("a@b.example", "s", "The message").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 429);
    assert!(
        page.body.contains("You've sent too many messages in the last minute"),
        "{}",
        page.body
    );
    assert!(page.body.contains("The message</textarea>"), "nothing typed is lost");
    assert_eq!(server.outbox().await.len(), 2);

    let mut other = server.browser();
    other.connect(WORK).await;
    let form = other.form("a@b.example", "s", "m").await;
    assert_eq!(other.press_send(&form).await.status, 303, "another session");
}

#[tokio::test]
async fn sending_is_limited_for_an_address_too() {
    let (_, mut browser) = connected(&[("SENDS_PER_MINUTE", "1")]).await;
    let mut sessions = Vec::new();
    for _ in 0..20 {
        browser.cookies.clear();
        browser.connect(WORK).await;
        sessions.push((browser.clone(), browser.form("a@b.example", "s", "m").await));
    }
    let pages = join_all(sessions.iter_mut().map(|(it, form)| it.press_send(form))).await;
    let refused = pages.iter().filter(|page| page.status == 429).count();
    assert!((1..=10).contains(&refused), "{refused} of 20 are refused");
}

#[tokio::test]
async fn signing_in_is_limited_for_a_session_and_for_an_address() {
    let proxied = [("SIGN_INS_PER_MINUTE", "1"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let server = Server::on_sandbox_with(&proxied).await;
    let begin = async |from: &str| {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", from)];
        server.browser().request(Method::GET, "/login", &headers, None).await
    };
    // At once, since one more is let in every six seconds.
    let pages = join_all((0..20).map(|_| begin("192.0.2.1"))).await;
    let refused: Vec<_> = pages.iter().filter(|page| page.status == 429).collect();
    assert!((5..=10).contains(&refused.len()), "{} of 20 are refused", refused.len());
    let page = refused[0];
    assert_eq!(page.heading(), "You've tried to sign in too many times");
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|it| it <= 60));
    assert_eq!(begin("192.0.2.2").await.status, 303, "another address");
    let claims = (0..10).map(|it| format!("2001:db8:{it}::1, 192.0.2.1")).collect::<Vec<_>>();
    let pages = join_all(claims.iter().map(|it| begin(it))).await;
    let refused = pages.iter().any(|page| page.status == 429);
    assert!(refused, "what a client claims is ignored");

    let mut browser = server.browser();
    let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "192.0.2.3")];
    browser.connect_with(WORK, &headers).await;
    for status in [303, 429] {
        let again = "/login?prompt=select_account";
        let page = browser.request(Method::GET, again, &headers, None).await;
        assert_eq!(page.status, status);
    }
}

#[tokio::test]
async fn where_nobody_can_tell_the_address_it_does_not_count() {
    let server = Server::on_sandbox_with(&[("SIGN_INS_PER_MINUTE", "1")]).await;
    for _ in 0..12 {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "192.0.2.1")];
        let page = server.browser().request(Method::GET, "/login", &headers, None).await;
        assert_eq!(page.status, 303);
    }
}
