//! Where the sandbox listens, and how it ends.

use sandbox::{BindError, Sandbox};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::support::TestSandbox;

#[tokio::test]
async fn the_sandbox_listens_only_where_localhost_is() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "10.0.0.1:5001", "127.0.0.2:0"] {
        let error = Sandbox::bind(address.parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, BindError::NotLocalhost(_)), "{address}: {error}");
        assert!(error.to_string().contains(address), "{error}");
    }
}

#[tokio::test]
async fn a_taken_address_is_named_in_the_error() {
    let first = Sandbox::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = first.url().trim_start_matches("http://");
    let error = Sandbox::bind(address.parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, BindError::Address { .. }));
    assert!(error.to_string().contains(address), "{error}");
}

#[tokio::test]
async fn the_end_lets_a_request_under_way_finish_and_takes_no_more() {
    let sandbox = Sandbox::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = sandbox.url().to_owned();
    let host = url.trim_start_matches("http://").to_owned();
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(sandbox.serve_with_shutdown(async {
        ended.await.ok();
    }));
    // Under way for as long as its body is not whole.
    let mut slow = TcpStream::connect(&host).await.unwrap();
    let head = format!(
        "POST /common/oauth2/v2.0/token HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let arrived = async || {
        let answer = reqwest::get(format!("{url}/sandbox/requests")).await.unwrap();
        answer.json::<Vec<Value>>().await.unwrap().len()
    };
    while arrived().await == 0 {}
    end.send(()).unwrap();
    while TcpStream::connect(&host).await.is_ok() {}
    slow.write_all(b"}").await.unwrap();
    let mut status = [0; 12];
    slow.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 400");
    server.await.unwrap();
}

#[tokio::test]
async fn a_client_that_is_refused_may_finish_what_it_says() {
    let sandbox = TestSandbox::start().await;
    let host = sandbox.url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(host).await.unwrap();
    // As most clients do: everything is written before anything is read.
    let body = vec![b' '; 32 << 20];
    let head = format!(
        "POST /v1.0/me/sendMail HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer nobody's\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body).await.unwrap();
    let mut status = [0; 12];
    connection.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 401");
}

#[tokio::test]
async fn two_sandboxes_share_nothing() {
    let (one, other) = (TestSandbox::start().await, TestSandbox::start().await);
    let token = one.access_token(crate::support::WORK).await;
    assert_eq!(other.get("/v1.0/me", &token).await.status.as_u16(), 401);
}
