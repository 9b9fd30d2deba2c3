//! Sending: what goes out, once, and what each failure says (without JavaScript and through the
//! server function).

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    server::{Server, patience},
};

const WORK: &str = "work@sandbox.example";

async fn connected() -> (Server, Browser) {
    connected_with(&[]).await
}

async fn connected_with(settings: &[(&str, &str)]) -> (Server, Browser) {
    let server = Server::on_sandbox_with(settings).await;
    let mut browser = server.browser();
    assert_eq!(browser.connect(WORK).await.status, 200);
    (server, browser)
}

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
async fn one_form_sends_once_however_often_it_is_pressed() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "m").await;
    let (mut first, mut second) = (browser.clone(), browser.clone());
    let (one, two) = tokio::join!(first.press_send(&form), second.press_send(&form));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    assert_eq!(browser.press_send(&form).await.status, 303, "after Back");
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_used_form_with_another_text_is_not_passed_off_as_sent() {
    let (server, mut browser) = connected().await;
    let mut form = browser.form("a@b.example", "s", "first").await;
    browser.press_send(&form).await;
    form[4].1 = "second".to_owned();
    let answer = browser.press_send(&form).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("This one was not sent."));
    form[0].1 = answer.field("key");
    assert_eq!(browser.press_send(&form).await.status, 303);
    assert_eq!(server.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_browser_that_goes_away_while_sending_does_not_stop_the_mail() {
    let (server, mut browser) = connected().await;
    server.fault(json!([{ "route": "sendMail", "delayMs": 1000 }])).await;
    let form = browser.form("a@b.example", "s", "m").await;
    let mut leaving = browser.clone();
    tokio::select! {
        _ = leaving.press_send(&form) => panic!("answered before the browser went away"),
        () = async { while server.arrived("sendMail").await == 0 {} } => {}
    }
    assert_eq!(
        browser.press_send(&form).await.status,
        303,
        "the same press again hears the result"
    );
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn where_the_use_of_a_form_cannot_be_kept_nothing_is_sent_until_it_can() {
    let state = tempfile::tempdir().unwrap();
    let (server, mut browser) =
        connected_with(&[("STATE_DIR", state.path().to_str().unwrap())]).await;
    let form = browser.form("a@b.example", "s", "The message").await;
    let (folder, elsewhere) = (state.path().join("used-forms"), state.path().join("elsewhere"));
    std::fs::rename(&folder, &elsewhere).unwrap();
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 503);
    assert!(page.body.contains("cannot keep its records just now, so nothing was sent"));
    assert!(page.body.contains("The message</textarea>"), "nothing typed is lost");
    assert!(server.outbox().await.is_empty());

    std::fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(browser.press_send(&form).await.status, 303, "the same form");
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_mail_begun_with_another_account_is_not_sent_by_itself() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "m").await;
    let mut other = server.browser();
    other.connect("personal@sandbox.example").await;
    let answer = other.press_send(&form).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("personal@sandbox.example") && server.outbox().await.is_empty());
    let again: Vec<_> = form
        .iter()
        .map(|(name, value)| {
            (*name, if *name == "account" { answer.field("account") } else { value.clone() })
        })
        .collect();
    assert_eq!(other.press_send(&again).await.status, 303);
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_anything_goes_out() {
    let (server, mut browser) = connected().await;
    let many = (0..501).map(|it| format!("a{it}@b.example")).collect::<Vec<_>>().join(",");
    for (to, subject, message, word, field) in [
        ("", "s", "m", "Nobody is named.", "to"),
        ("ok@b.example, nobody", "s", "m", "“nobody” is not an email address.", "to"),
        (many.as_str(), "s", "m", "at most 500 recipients", "to"),
        ("a@b.example", &"s".repeat(256), "m", "at most 255 characters", "subject"),
        ("a@b.example", "s", &"m".repeat(500_001), "at most 500000 bytes", "message"),
    ] {
        let form = browser.form(to, subject, message).await;
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, 422, "{word}");
        assert!(page.body.contains(word), "{word}: {}", page.body);
        let tag =
            page.body.split_once(&format!("id=\"{field}\"")).unwrap().1.split_once('>').unwrap().0;
        assert!(tag.contains("aria-invalid=\"true\""), "{tag}");
        assert!(
            page.body.contains(subject) && page.body.contains(message),
            "{word}: nothing typed is lost"
        );
    }
    assert_eq!(server.outbox().await.len(), 0);
}

/// Each way Graph fails: the fault, the status of the page, its words, how many mails went out.
fn failures() -> Vec<(Value, u16, &'static str, usize)> {
    let refuse = |status: u16| json!([{ "route": "sendMail", "status": status }]);
    vec![
        (refuse(401), 401, "Microsoft no longer accepts this session", 0),
        (refuse(403), 403, "not allowed to send this mail", 0),
        (
            json!([{ "route": "sendMail", "status": 404, "code": "MailboxNotEnabledForRESTAPI" }]),
            404,
            "has no mailbox",
            0,
        ),
        (refuse(413), 413, "larger than Microsoft Graph takes", 0),
        (
            json!([{ "route": "sendMail", "status": 429, "retryAfter": "7" }]),
            429,
            "Wait 7 seconds",
            0,
        ),
        (refuse(429), 429, "Wait a minute", 0),
        (refuse(400), 422, "did not take the mail", 0),
        (refuse(500), 502, "may have been sent", 0),
        (refuse(503), 502, "may have been sent", 0),
        (
            json!([{ "route": "sendMail", "status": 504, "close": "after" }]),
            504,
            "may have been sent",
            1,
        ),
        (json!([{ "route": "sendMail", "close": "before" }]), 502, "may have been sent", 0),
        (json!([{ "route": "sendMail", "close": "after" }]), 502, "may have been sent", 1),
        (json!([{ "route": "sendMail", "delayMs": 1500 }]), 504, "did not answer in time", 0),
    ]
}

#[tokio::test]
async fn every_failure_of_graph_has_its_words_and_keeps_what_was_typed() {
    for (fault, status, words, sent) in failures() {
        let (server, mut browser) = connected_with(patience(&fault)).await;
        server.fault(fault.clone()).await;
        let form = browser.form("a@b.example", "The <subject>", "The & message").await;
        let mut reload = browser.clone();
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, status, "{fault}");
        assert!(page.body.contains("Something went wrong, couldn't send an email."), "{fault}");
        assert!(page.body.contains(words), "{fault}: {}", page.body);
        for kept in
            ["a@b.example</textarea>", "The &lt;subject&gt;", "The &amp; message</textarea>"]
        {
            assert!(page.body.contains(kept), "{fault} lost {kept}");
        }
        assert_eq!(server.outbox().await.len(), sent, "{fault}");
        // The same press again, as a reload makes it, sends nothing and says the same; a session
        // that was refused has ended.
        let again = reload.press_send(&form).await;
        let words = if status == 401 { "Your session has ended" } else { words };
        assert_eq!((again.status.as_u16(), again.body.contains(words)), (status, true), "{fault}");
        assert_eq!(server.outbox().await.len(), sent, "{fault}");
    }
}

#[tokio::test]
async fn the_server_function_answers_as_the_form_does() {
    for (fault, _, words, _) in failures() {
        let (server, mut browser) = connected_with(patience(&fault)).await;
        server.fault(fault.clone()).await;
        let form = browser.form("a@b.example", "s", "m").await;
        let form: Value = form
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let answer = browser.call("send_mail", json!({ "form": form })).await;
        let problem = &answer["NotSent"];
        let text = format!("{} {}", problem["reason"], problem["advice"]);
        assert!(text.contains(words), "{fault}: {answer}");
        assert!(problem["next_key"].is_string(), "{fault}: the next press is another try");
    }
}

#[tokio::test]
async fn an_account_without_a_mailbox_is_told_so() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("nomailbox@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("has no mailbox that Microsoft Graph can send from"));
}

#[tokio::test]
async fn a_press_after_the_session_ended_keeps_every_field() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "The subject", "The message").await;
    let mut gone = server.browser();
    let page = gone.press_send(&form).await;
    assert_eq!(page.status, 401);
    assert!(
        page.body.contains("Your session has ended") && page.body.contains("target=\"_blank\"")
    );
    assert!(page.body.contains("The subject") && page.body.contains("The message</textarea>"));
    gone.connect(WORK).await;
    assert_eq!(
        gone.press_send(&form).await.status,
        303,
        "the same form sends after connecting again"
    );
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_session_that_microsoft_refuses_ends_so_that_connect_leads_to_microsoft() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "m").await;
    server.fault(json!([{ "route": "sendMail", "status": 401 }])).await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("target=\"_blank\""), "a way to connect: {}", page.body);
    assert!(browser.press_connect().await.path().ends_with("/authorize"));
}

#[tokio::test]
async fn more_than_a_request_may_have_is_told_on_a_page() {
    let (_, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", &"m".repeat(3 << 20)).await;
    let page = browser.press_send(&form).await;
    assert_eq!(
        (page.status.as_u16(), page.heading().as_str()),
        (413, "That's too much to send at once")
    );
}

#[tokio::test]
async fn a_server_function_refuses_more_than_a_request_may_have() {
    let (_, mut browser) = connected().await;
    let own = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let body = Some("m".repeat(3 << 20));
    let page = browser.request(Method::POST, "/api/send_mail", &own, body).await;
    assert_eq!(page.status, 413);
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
    let outgoing = std::sync::Arc::new(server::outgoing::Outgoing::new(&[&url]).unwrap());
    let second = std::time::Duration::from_secs(1);
    let graph = server::graph::Graph::new(url, outgoing, second, second);
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
