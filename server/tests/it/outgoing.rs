//! Where requests may go, and what they bring back (security.md, T7).

use std::time::Duration;

use axum::{Router, response::Redirect, routing::get};
use reqwest::Method;
use server::outgoing::{NoAnswer, Outgoing};
use tokio::net::TcpListener;
use url::Url;

const TIME_OUT: Duration = Duration::from_secs(1);

async fn host() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let router = Router::new()
        .route("/", get(async || "here"))
        .route("/away", get(async || Redirect::to("/")))
        .route("/huge", get(async || "x".repeat(2 << 20)))
        .route("/never", get(async || std::future::pending::<()>().await));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn get_from(outgoing: &Outgoing, url: &str) -> Result<u16, NoAnswer> {
    let request = Outgoing::request(Method::GET, Url::parse(url).unwrap());
    outgoing.send(request, TIME_OUT).await.map(|answer| answer.status.as_u16())
}

#[tokio::test]
async fn only_listed_hosts_are_called_and_only_where_nobody_reads_along() {
    let (host, other) = (host().await, host().await);
    let clear = Url::parse("http://graph.example").unwrap();
    let outgoing = Outgoing::new(&[&host, &clear]).unwrap();
    assert_eq!(get_from(&outgoing, host.as_str()).await.ok(), Some(200));
    for url in
        [other.as_str(), "https://evil.example/", clear.as_str(), "http://127.0.0.1.evil.example/"]
    {
        let answer = get_from(&outgoing, url).await;
        assert!(matches!(answer, Err(NoAnswer::NotAllowed)), "{url}: {answer:?}");
    }
    outgoing.allow(&other);
    assert_eq!(get_from(&outgoing, other.as_str()).await.ok(), Some(200));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let host = host().await;
    let outgoing = Outgoing::new(&[&host]).unwrap();
    assert_eq!(get_from(&outgoing, &format!("{host}away")).await.ok(), Some(303));
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_given_up() {
    let host = host().await;
    let outgoing = Outgoing::new(&[&host]).unwrap();
    let never = get_from(&outgoing, &format!("{host}never")).await;
    assert!(matches!(never, Err(NoAnswer::TimedOut)), "{never:?}");
    let huge = get_from(&outgoing, &format!("{host}huge")).await;
    assert!(matches!(huge, Err(NoAnswer::TooLarge)), "{huge:?}");
}
