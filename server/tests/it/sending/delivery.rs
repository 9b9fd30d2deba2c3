//! What goes out, in whose name, and who is told.

use reqwest::Method;
use serde_json::Value;

use super::{arguments, connected};

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let (server, mut browser) = connected().await;
    let form = browser
        .form(
            "Ann <a@b.example>; c@d.example",
            " Grüße ",
            "Hi <b>you</b>\r\n\r\n  https://example.com/?a=1",
        )
        .await;
    let answer = browser.press_send(&form).await;
    assert_eq!((answer.status.as_u16(), answer.location().as_str()), (303, "/send"));
    let page = browser.get("/send").await;
    assert!(
        page.body.contains("Successfully sent an email to a@b.example and 1 other!"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Request ID"), "ids to quote");
    assert!(!browser.get("/send").await.body.contains("Successfully"), "said once");

    let outbox = server.outbox().await;
    assert_eq!(outbox.len(), 1);
    let message = &outbox[0]["message"];
    assert_eq!(outbox[0]["saveToSentItems"], true);
    assert_eq!(message["subject"], "Grüße");
    assert_eq!(message["body"]["contentType"], "html");
    assert_eq!(
        message["body"]["content"],
        "<div>Hi &lt;b&gt;you&lt;/b&gt;</div><div><br></div>\
         <div>&nbsp;&nbsp;<a href=\"https://example.com/?a=1\">https://example.com/?a=1</a></div>"
    );
    let to: Vec<&Value> = message["toRecipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["emailAddress"]["address"])
        .collect();
    assert_eq!(to, ["a@b.example", "c@d.example"]);
}

#[tokio::test]
async fn a_message_begun_with_another_account_is_sent_after_a_warning_that_names_who_sends() {
    let (server, mut browser) = connected().await;
    let mut form = browser.form("a@b.example", "s", "m").await;
    assert!(browser.get("/send").await.body.contains("Wanda Work (work@sandbox.example)"));
    let mut other = server.browser();
    other.connect("personal@sandbox.example").await;
    let answer = other.press_send(&form).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("Press Send mail to send it from personal@sandbox.example."));
    assert!(answer.body.contains("Petra Personal (personal@sandbox.example)"), "who sends");
    assert!(!answer.body.contains("Wanda"), "nobody else is named");
    assert!(server.outbox().await.is_empty());

    let told = other.call("send_mail", arguments(&form)).await;
    assert_eq!(told["outcome"], "NotSent");
    assert_eq!(told["sender"]["address"], "personal@sandbox.example");
    assert_eq!(told["sender"]["greeting"], "Hi, Petra Personal!");
    form[1].1 = answer.field("account");
    assert_eq!(told["hidden"]["account"], form[1].1);
    assert_eq!(other.press_send(&form).await.status, 303);
    let page = other.get("/send").await;
    assert!(page.body.contains("Sent from personal@sandbox.example."), "{}", page.body);
    assert_eq!(server.outbox().await[0]["account"], "personal@sandbox.example");
}

#[tokio::test]
async fn a_result_is_told_to_the_person_who_sent_and_to_nobody_else() {
    let (_, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    let again = "/login?prompt=select_account";
    let own = [("sec-fetch-site", "same-origin")];
    let authorize = browser.request(Method::GET, again, &own, None).await.location();
    let account = "personal@sandbox.example";
    let back = browser.at_sandbox(authorize.parse().unwrap(), account, "Accept").await;
    browser.request(Method::GET, &back, &[("sec-fetch-site", "cross-site")], None).await;
    let page = browser.get("/send").await;
    assert_eq!(page.heading(), "Hi, Petra Personal!");
    assert!(!page.body.contains("Successfully sent"), "{}", page.body);
}

#[tokio::test]
async fn a_call_carries_what_graph_asks_for() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(async move |request: axum::extract::Request| {
        _ = tell.send((
            request.method().clone(),
            request.uri().path().to_owned(),
            request.headers().clone(),
        ));
        reqwest::StatusCode::ACCEPTED
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let url: url::Url = url.parse().unwrap();
    let http = bff::HttpClient::new(&[&url], &bff::ForwardProxy::default(), "graph-connect/test");
    let http = std::sync::Arc::new(http.unwrap());
    let second = std::time::Duration::from_secs(1);
    let graph = server::graph::Graph::new(url, http, second, second);
    let to = server::mail::parse_recipients("a@b.example", 1).unwrap();
    let message = server::graph::Message { to, subject: "s".to_owned(), text: "m".to_owned() };
    let id = server::request_id::RequestId::new();
    graph.send_mail(&"token".into(), &message, id).await.unwrap();
    let (method, path, headers) = told.recv().await.unwrap();
    assert_eq!((method, path.as_str()), (Method::POST, "/v1.0/me/microsoft.graph.sendMail"));
    assert_eq!(headers["authorization"], "Bearer token");
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("graph-connect/"));
    assert_eq!(headers["client-request-id"], id.to_string());
    assert_eq!(headers["return-client-request-id"], "true");
}
