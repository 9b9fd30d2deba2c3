//! Requests that do not tell how long they are.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{PERSONAL, TestSandbox};

async fn raw(sandbox: &TestSandbox, request: &str) -> String {
    let host = sandbox.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = request.replace("HOST", host);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Source: <https://learn.microsoft.com/graph/api/message-send>, `Content-Length: 0`;
/// <https://github.com/sreeise/graph-rs-sdk/issues/524>.
#[tokio::test]
async fn a_post_tells_its_length_even_if_it_has_no_body() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.mail_token(PERSONAL).await;
    let id = sandbox.draft(&token, &crate::support::mail()["message"]).await;
    let head = format!(
        "POST /v1.0/me/messages/{id}/send HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
    );
    let without = raw(&sandbox, &format!("{head}\r\n")).await;
    assert!(without.starts_with("HTTP/1.1 411 "), "{without}");
    assert!(without.contains("The request must be chunked or have a content length."), "{without}");
    assert!(sandbox.outbox().await.is_empty());
    let chunked =
        raw(&sandbox, &format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).await;
    assert!(chunked.starts_with("HTTP/1.1 202 "), "{chunked}");
    assert_eq!(sandbox.outbox().await.len(), 1);
}
