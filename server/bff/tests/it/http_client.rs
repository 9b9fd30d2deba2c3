//! Where requests may go, and what they bring back (security.md, T7).

use std::time::Duration;

use axum::{Router, http::Method, response::Redirect, routing::get};
use bff::{ForwardProxy, HttpClient, TransportError};
use reqwest::Request;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    time::timeout,
};
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

fn client(hosts: &[&Url], proxy: &ForwardProxy) -> HttpClient {
    HttpClient::new(hosts, proxy, "test").unwrap()
}

async fn get_from(client: &HttpClient, url: &str) -> Result<u16, TransportError> {
    let request = Request::new(Method::GET, Url::parse(url).unwrap());
    client.send(request, TIME_OUT).await.map(|response| response.status.as_u16())
}

#[tokio::test]
async fn only_listed_hosts_are_called_and_only_where_nobody_reads_along() {
    let (host, other) = (host().await, host().await);
    let clear = Url::parse("http://graph.example").unwrap();
    let client = client(&[&host, &clear], &ForwardProxy::default());
    assert_eq!(get_from(&client, host.as_str()).await.ok(), Some(200));
    for url in
        [other.as_str(), "https://evil.example/", clear.as_str(), "http://127.0.0.1.evil.example/"]
    {
        let answer = get_from(&client, url).await;
        assert!(matches!(answer, Err(TransportError::NotAllowed)), "{url}: {answer:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let host = host().await;
    let client = client(&[&host], &ForwardProxy::default());
    assert_eq!(get_from(&client, &format!("{host}away")).await.ok(), Some(303));
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_given_up() {
    let host = host().await;
    let client = client(&[&host], &ForwardProxy::default());
    let never = get_from(&client, &format!("{host}never")).await;
    assert!(matches!(never, Err(TransportError::TimedOut)), "{never:?}");
    let huge = get_from(&client, &format!("{host}huge")).await;
    assert!(matches!(huge, Err(TransportError::TooLarge)), "{huge:?}");
}

/// A forward proxy that takes one request and tells its first line.
async fn proxy() -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut line = String::new();
        BufReader::new(&mut stream).read_line(&mut line).await.unwrap();
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await.unwrap();
        line
    });
    (url, asked)
}

#[tokio::test]
async fn other_hosts_are_called_through_the_proxy() {
    let (url, asked) = proxy().await;
    let graph = Url::parse("https://graph.example").unwrap();
    let client = client(&[&graph], &ForwardProxy { url: Some(url), except: String::new() });
    assert!(get_from(&client, graph.as_str()).await.is_err());
    let line = timeout(TIME_OUT, asked).await.expect("the proxy was asked").unwrap();
    assert_eq!(line.trim_end(), "CONNECT graph.example:443 HTTP/1.1");
}

#[tokio::test]
async fn this_computer_and_what_no_proxy_names_are_called_directly() {
    let (url, asked) = proxy().await;
    let host = host().await;
    let near = Url::parse("https://near.example").unwrap();
    let proxy = ForwardProxy { url: Some(url), except: "near.example".to_owned() };
    let client = client(&[&host, &near], &proxy);
    assert_eq!(get_from(&client, host.as_str()).await.ok(), Some(200));
    assert!(get_from(&client, near.as_str()).await.is_err(), "there is no such host");
    assert!(!asked.is_finished(), "nothing was sent to the proxy");
    asked.abort();
}
