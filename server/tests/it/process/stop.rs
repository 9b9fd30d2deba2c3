//! How the program stops, and what holds after a restart (security.md, L2).

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{FOREVER, Program};
use crate::{
    browser::Browser,
    server::{ON_SANDBOX, Server, sandbox},
};

#[tokio::test]
async fn told_to_stop_it_answers_what_is_in_flight_and_exits_with_0() {
    let program = Program::start(&[]).await;
    let server = &program.server;
    let accounts = ["work@sandbox.example", "personal@sandbox.example", "markup@sandbox.example"];
    let mut tabs: Vec<(Browser, Vec<(&str, String)>)> = Vec::new();
    for account in accounts {
        let mut browser = server.browser();
        browser.connect(account).await;
        for _ in 0..4 {
            let form = browser.form("a@b.example", "s", "m").await;
            tabs.push((browser.clone(), form));
        }
    }
    let all = tabs.len();
    server.fault(json!([{ "route": "sendMail", "times": all, "delayMs": 1000 }])).await;
    let presses = join_all(tabs.iter_mut().map(|(tab, form)| tab.press_send(form)));
    let stop = async {
        server.has_arrived("sendMail", all).await;
        program.terminate();
    };
    let (pages, ()) = tokio::join!(presses, stop);
    assert!(pages.iter().all(|page| page.status == 303), "every press was answered");
    assert_eq!(server.outbox().await.len(), all, "every mail was sent");
    let address = program.address.clone();
    let (status, log) = program.end().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn told_to_stop_it_answers_who_had_asked_before_also_where_it_had_not_looked_yet() {
    // While it serves, and before it does.
    for serves in [true, false] {
        let program = Program::start(&[]).await;
        if serves {
            assert_eq!(program.server.browser().get("/healthz").await.status, 200);
        }
        let mut asked = Vec::new();
        for _ in 0..100 {
            let mut stream = TcpStream::connect(&program.address).await.unwrap();
            let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(request).await.unwrap();
            asked.push(stream);
        }
        program.terminate();
        for stream in &mut asked {
            let mut answer = String::new();
            let end = timeout(FOREVER, stream.read_to_string(&mut answer)).await.expect("an end");
            assert!(
                end.is_ok() && answer.starts_with("HTTP/1.1 200 "),
                "{serves} {end:?} {answer}"
            );
        }
        assert_eq!(program.end().await.0.code(), Some(0));
    }
}

#[tokio::test]
async fn told_to_stop_it_is_not_ready_but_serves_on_for_the_drain_delay() {
    let program = Program::start(&[("DRAIN_DELAY", "2")]).await;
    let mut browser = program.server.browser();
    for path in ["/livez", "/readyz"] {
        let page = browser.get(path).await;
        assert_eq!((page.status.as_u16(), page.header("connection").as_str()), (200, ""), "{path}");
    }
    let began = Instant::now();
    program.terminate();
    let not_ready = async {
        loop {
            let page = browser.get("/readyz").await;
            if page.status == 503 {
                return page;
            }
        }
    };
    let page = timeout(FOREVER, not_ready).await.expect("it says that it ends");
    assert_eq!(page.body, "draining");
    for path in ["/livez", "/healthz", "/"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("connection"), "close", "{path}");
    }
    let (status, log) = program.end().await;
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("answered") && !log.contains("/livez"), "probes leave no line: {log}");
}

#[tokio::test]
async fn a_mail_whose_sender_is_gone_is_still_sent_before_the_end() {
    let program = Program::start(&[]).await;
    let server = &program.server;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    server.fault(json!([{ "route": "sendMail", "delayMs": 1000 }])).await;
    tokio::select! {
        _ = browser.press_send(&form) => panic!("answered before the browser went away"),
        () = server.has_arrived("sendMail", 1) => {}
    }
    program.terminate();
    let microsoft = server.microsoft.clone();
    assert_eq!(program.end().await.0.code(), Some(0));
    let outbox: Value =
        reqwest::get(format!("{microsoft}/sandbox/outbox")).await.unwrap().json().await.unwrap();
    assert_eq!(outbox.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_that_was_sent_before_a_restart_is_not_sent_again() {
    let (url, time) = sandbox(sandbox::Settings::default()).await;
    let state = TempDir::new().unwrap();
    let own = [("STATE_DIR", state.path().to_str().unwrap())];
    let settings = [ON_SANDBOX.as_slice(), &own].concat();
    let server = Server::start(&url, &settings, time.clock()).await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);

    let restarted = Server::start(&url, &settings, time.clock()).await;
    let page = browser.at(&restarted).press_send(&form).await;
    assert_eq!(page.status, 502);
    assert!(page.body.contains("we no longer know how that ended"), "{}", page.body);
    assert_eq!(restarted.outbox().await.len(), 1);
}
