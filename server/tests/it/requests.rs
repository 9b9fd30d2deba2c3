//! What a request may look like, how much of it is read at a time, and how much of it is logged
//! (security.md, V1, V3).

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::routing::post;
use futures::future::join_all;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time::timeout,
};

use crate::{process::Program, server::Server};

/// Longer than anything here takes; a test that gets here has failed.
const FOREVER: Duration = Duration::from_secs(60);

/// Sends these bytes and reads until the server ends the connection.
async fn answer(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.origin.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    _ = timeout(FOREVER, stream.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_request_names_one_host() {
    let server = Server::on_sandbox().await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: localhost", 200),
        ("GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example", 400),
        ("GET /livez HTTP/1.0", 200),
        ("GET / HTTP/1.0\r\nHost: localhost\r\nHost: localhost", 400),
    ] {
        let answer = answer(&server, &format!("{head}\r\nConnection: close\r\n\r\n")).await;
        let line = answer.lines().next().unwrap_or_default();
        assert!(line.contains(&format!(" {status} ")), "{head:?}: {line}");
    }
}

#[tokio::test]
async fn a_method_counts_as_header() {
    let server = Server::on_sandbox().await;
    for (length, status) in [(15_000, 405), (17_000, 431)] {
        let method = "M".repeat(length);
        let rest = "Host: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close";
        let answer = answer(&server, &format!("{method} /send HTTP/1.1\r\n{rest}\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{}", &answer[..40]);
    }
}

#[tokio::test]
async fn a_line_of_the_log_is_short_whatever_a_request_looks_like() {
    for format in ["text", "json"] {
        let program = Program::start(&[("LOG_FORMAT", format)]).await;
        let mut browser = program.server.browser();
        let long = "x".repeat(50_000);
        for head in [format!("GET /{long}"), format!("{long} /")] {
            let request = format!(
                "{head} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close"
            );
            let answer = answer(&program.server, &format!("{request}\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{}", &answer[..40]);
        }
        let authorize = browser.press_connect().await;
        let state = authorize.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
        let error = "%07".repeat(5_000);
        let page = browser.get(&format!("/login/authorized?error={error}&state={state}")).await;
        assert_eq!(page.status, 400);
        program.terminate();
        let (_, log) = program.end().await;
        assert!(log.contains("sign_in_failed"), "{log}");
        assert_eq!(log.matches("\"answered\"").count(), 4, "each has its status: {log}");
        for line in log.lines() {
            assert!(line.len() <= 4_096, "{} bytes", line.len());
            assert!(format == "text" || serde_json::from_str::<Value>(line).is_ok(), "{line}");
        }
    }
}

/// A server whose handler waits until it is let go, and tells how many are in it.
async fn waiting() -> (Server, Arc<AtomicUsize>, Arc<Semaphore>) {
    let (inside, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (counter, door) = (Arc::clone(&inside), Arc::clone(&gate));
    let handler = async move || {
        counter.fetch_add(1, Ordering::SeqCst);
        door.acquire().await.unwrap().forget();
        "x".repeat(100_000)
    };
    let routes =
        axum::Router::new().route("/waits", post(handler)).route("/small", post(async || "here"));
    (Server::with_routes(routes).await, inside, gate)
}

#[tokio::test]
async fn large_requests_and_their_answers_are_bounded_for_all_connections_together() {
    let (server, inside, gate) = waiting().await;
    let large = "x".repeat(2_000_000);
    let own = [("sec-fetch-site", "same-origin")];
    let mut browsers = vec![server.browser(); 12];
    let presses = join_all(
        browsers
            .iter_mut()
            .map(|it| it.request(reqwest::Method::POST, "/waits", &own, Some(large.clone()))),
    );
    let steps = async {
        let full = async {
            while inside.load(Ordering::SeqCst) < 8 {
                tokio::task::yield_now().await
            }
        };
        timeout(FOREVER, full).await.expect("eight of 2 MB at a time");
        // Small ones need no room, and by their answers no ninth one has come in.
        for _ in 0..20 {
            let mut other = server.browser();
            let small = Some("x".repeat(60_000));
            let small = other.request(reqwest::Method::POST, "/small", &own, small);
            assert_eq!(timeout(FOREVER, small).await.expect("at once").body, "here");
        }
        assert_eq!(inside.load(Ordering::SeqCst), 8);
        gate.add_permits(12);
    };
    let (pages, ()) = tokio::join!(presses, steps);
    assert!(pages.iter().all(|it| it.status == 200 && it.body.len() == 100_000), "all come in");
}
