//! What the program writes to its log (security.md, L1).

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::Program;
use crate::server::Server;

#[tokio::test]
async fn that_addresses_are_not_counted_is_said_once() {
    let program = Program::start(&[("LOG_FORMAT", "json")]).await;
    for _ in 0..3 {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "192.0.2.1")];
        let page = program.server.browser().request(Method::GET, "/login", &headers, None).await;
        assert_eq!(page.status, 303);
    }
    program.terminate();
    let (_, log) = program.end().await;
    assert_eq!(log.matches("\"address_limit_off\"").count(), 1, "{log}");
}

#[tokio::test]
async fn each_line_of_a_json_log_has_its_time_and_the_name_of_its_request() {
    let program = Program::start(&[("LOG_FORMAT", "json"), ("SENDS_PER_MINUTE", "1")]).await;
    let mut browser = program.server.browser();
    let page = browser.connect("work@sandbox.example").await;
    let id = page.header("x-request-id");
    assert!(uuid::Uuid::parse_str(&id).is_ok(), "{id}");
    for status in [303, 429] {
        let form = browser.form("a@b.example", "s", "m").await;
        assert_eq!(browser.press_send(&form).await.status, status);
    }
    let failed = browser.get("/login/authorized?code=SECRETcode&state=none").await;
    assert!(failed.body.contains(&failed.header("x-request-id")), "an error page has its name");
    browser.request(Method::POST, "/logout", &[("sec-fetch-site", "cross-site")], None).await;
    let mut tampered = browser.clone();
    tampered.cookies.insert("graph-connect-session-0".to_owned(), "1.nonsense".to_owned());
    tampered.get("/").await;
    browser.post("/logout", &[]).await;
    program.terminate();
    let (_, log) = program.end().await;
    assert!(!log.contains("SECRETcode"), "no query is logged");

    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "UTC: {line}");
    }
    let of = |event: &str| lines.iter().find(|it| it["event"] == event).expect(event);
    for event in [
        "signed_in",
        "sign_in_failed",
        "signed_out",
        "mail_accepted",
        "rate_limited",
        "cross_origin_refused",
        "cookie_refused",
        "answered",
    ] {
        let id = of(event)["span"]["id"].as_str().expect(event);
        assert!(uuid::Uuid::parse_str(id).is_ok(), "{event} has the name of its request");
    }
    assert_eq!(of("signed_in")["span"]["id"], id);
    let person = of("signed_in")["person"].as_str().unwrap();
    assert!(person.len() == 16 && !log.contains("work@sandbox.example"), "hashed");
    for event in ["mail_accepted", "rate_limited", "signed_out"] {
        assert_eq!(of(event)["person"], person, "{event}");
    }
}

#[tokio::test]
async fn what_others_write_stays_within_its_line_of_the_log() {
    let program = Program::start(&[]).await;
    let mut browser = program.server.browser();
    let authorize = browser.press_connect().await;
    let state = authorize.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
    let path = format!("/login/authorized?error=a%0D%0AFORGED&state={state}");
    assert_eq!(browser.get(&path).await.status, 400);
    browser.get("/%0AFORGED").await;
    program.terminate();
    let (_, log) = program.end().await;
    assert!(log.contains("FORGED"), "it was logged: {log}");
    assert!(log.lines().all(|line| !line.starts_with("FORGED")), "{log}");
}

#[tokio::test]
async fn the_name_of_a_request_goes_to_graph() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("work@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    let id = browser.press_send(&form).await.header("x-request-id");
    let requests = server.requests().await;
    let sent = requests.iter().rfind(|it| it["path"].as_str().unwrap().ends_with("sendMail"));
    assert_eq!(sent.unwrap()["headers"]["client-request-id"], id);
}

#[tokio::test]
async fn a_panic_in_a_handler_is_a_page_with_the_name_of_its_request() {
    let routes = axum::Router::new()
        .route("/panics", axum::routing::get(async || -> StatusCode { panic!("SECRETwords") }))
        .route("/lives", axum::routing::get(async || StatusCode::OK));
    let server = Server::with_routes(routes).await;
    let mut browser = server.browser();
    let page = browser.get("/panics").await;
    assert_eq!(page.status, 500);
    assert_eq!(page.heading(), "Something went wrong");
    assert!(page.body.contains(&page.header("x-request-id")), "{}", page.body);
    assert!(!page.body.contains("SECRETwords"));
    assert_eq!(page.header("x-content-type-options"), "nosniff", "with every header");
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(browser.request(Method::GET, "/lives", &own, None).await.status, 200);
}
