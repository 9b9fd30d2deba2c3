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

fn texts<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn arguments(form: &[(&'static str, String)]) -> Value {
    let fields = form.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    fields.collect::<serde_json::Map<_, _>>().into()
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
    form[5].1 = "second".to_owned();
    let answer = browser.press_send(&form).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("This form already sent a different message."));
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
        () = server.has_arrived("sendMail", 1) => {}
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
    assert!(
        page.body
            .contains("This site can't save its records right now, so your message wasn't sent.")
    );
    assert!(page.body.contains("The message</textarea>"), "nothing typed is lost");
    assert!(server.outbox().await.is_empty());

    std::fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(browser.press_send(&form).await.status, 303, "the same form");
    assert_eq!(server.outbox().await.len(), 1);
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
async fn what_cannot_be_sent_is_told_before_anything_goes_out() {
    let (server, mut browser) = connected().await;
    let many = (0..501).map(|it| format!("a{it}@b.example")).collect::<Vec<_>>().join(",");
    for (to, subject, message, heading, word, field) in [
        ("", "s", "m", "Check the address", "Add at least one recipient.", "to"),
        (
            "ok@b.example, nobody",
            "s",
            "m",
            "Check the address",
            "“nobody” isn't a valid email address.",
            "to",
        ),
        (many.as_str(), "s", "m", "Too many recipients", "up to 500 recipients", "to"),
        (
            "a@b.example",
            &"s".repeat(256),
            "m",
            "Your subject is too long",
            "up to 255 characters",
            "subject",
        ),
        (
            "a@b.example",
            "s",
            &"m".repeat(500_001),
            "Your message is too long",
            "send it in parts",
            "message",
        ),
    ] {
        let form = browser.form(to, subject, message).await;
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, 422, "{word}");
        assert_eq!(page.shown_notice(), heading);
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

#[tokio::test]
async fn an_empty_subject_or_message_is_asked_about_once() {
    for (subject, message, question) in [
        (" ", "m", "Send without a subject?"),
        ("s", "\r\n ", "Send without a message?"),
        ("", "", "Send without a subject and a message?"),
    ] {
        let (server, mut browser) = connected().await;
        let mut form = browser.form("a@b.example", subject, message).await;
        let asked = browser.call("send_mail", arguments(&form)).await;
        assert_eq!(
            (&asked["heading"], &asked["button"]),
            (&json!(question), &json!("Send anyway"))
        );
        let page = browser.press_send(&form).await;
        assert_eq!((page.status.as_u16(), page.shown_notice().as_str()), (422, question));
        assert!(server.outbox().await.is_empty(), "{question}");
        form[2].1 = page.field("confirmed");
        assert_eq!(asked["hidden"]["confirmed"], form[2].1);
        assert_eq!(browser.press_send(&form).await.status, 303, "{question}");
        assert_eq!(server.outbox().await.len(), 1, "{question}");
    }
}

const REFUSED: &str = "Something went wrong, couldn't send an email.";
const UNKNOWN: &str = "We don't know if your message was sent";
const SIGNED_OUT: &str = "You've been signed out.";
const CHECK: &str = "Check your Sent Items before you send it again.";

/// Each way Graph fails: the fault, the status of the page, its notice, its words, how many messages
/// went out.
fn failures() -> Vec<(Value, u16, &'static str, &'static str, usize)> {
    let refuse = |status: u16| json!([{ "route": "sendMail", "status": status }]);
    let refuse_as =
        |status: u16, code: &str| json!([{ "route": "sendMail", "status": status, "code": code }]);
    vec![
        (
            json!([{ "route": "sendMail", "status": 401, "times": 2 }]),
            401,
            SIGNED_OUT,
            "Your draft is still here",
            0,
        ),
        (refuse(403), 403, REFUSED, "isn't allowed to send this message", 0),
        (refuse_as(404, "MailboxNotEnabledForRESTAPI"), 404, REFUSED, "has no mailbox", 0),
        (refuse_as(400, "ErrorQuotaExceeded"), 422, REFUSED, "Your mailbox is full", 0),
        (refuse_as(400, "ErrorInvalidRecipients"), 422, REFUSED, "Check the addresses", 0),
        (refuse(413), 413, REFUSED, "larger than Microsoft accepts", 0),
        (
            json!([{ "route": "sendMail", "status": 429, "retryAfter": "7" }]),
            429,
            REFUSED,
            "Wait 7 seconds",
            0,
        ),
        (refuse(429), 429, REFUSED, "Wait 60 seconds", 0),
        (refuse(400), 422, REFUSED, "didn't accept your message", 0),
        (refuse(408), 504, UNKNOWN, CHECK, 0),
        (refuse(200), 502, UNKNOWN, CHECK, 0),
        (refuse(201), 502, UNKNOWN, CHECK, 0),
        (refuse(204), 502, UNKNOWN, CHECK, 0),
        (refuse(500), 502, UNKNOWN, CHECK, 0),
        (refuse(503), 502, UNKNOWN, CHECK, 0),
        (
            json!([{ "route": "sendMail", "status": 504, "close": "after" }]),
            504,
            UNKNOWN,
            "didn't answer in time",
            1,
        ),
        (json!([{ "route": "sendMail", "close": "before" }]), 502, UNKNOWN, CHECK, 0),
        (json!([{ "route": "sendMail", "close": "after" }]), 502, UNKNOWN, CHECK, 1),
        (
            json!([{ "route": "sendMail", "delayMs": 1500 }]),
            504,
            UNKNOWN,
            "didn't answer in time",
            0,
        ),
    ]
}

#[tokio::test]
async fn every_failure_of_graph_has_its_words_and_keeps_what_was_typed() {
    for (fault, status, notice, words, sent) in failures() {
        let (server, mut browser) = connected_with(patience(&fault)).await;
        server.fault(fault.clone()).await;
        let form = browser.form("a@b.example", "The <subject>", "The & message").await;
        let mut reload = browser.clone();
        let page = browser.press_send(&form).await;
        assert_eq!(page.status, status, "{fault}");
        assert_eq!(page.shown_notice(), notice, "{fault}");
        assert!(page.body.contains(words), "{fault}: {}", page.body);
        for kept in
            ["a@b.example</textarea>", "The &lt;subject&gt;", "The &amp; message</textarea>"]
        {
            assert!(page.body.contains(kept), "{fault} lost {kept}");
        }
        let again = if notice == UNKNOWN { "Send again</button>" } else { "Send mail</button>" };
        assert!(page.body.contains(again), "{fault}: {}", page.body);
        assert_eq!(server.outbox().await.len(), sent, "{fault}");
        // The same press again, as a reload makes it, sends nothing and says the same.
        let page = reload.press_send(&form).await;
        assert_eq!(
            (page.status.as_u16(), page.shown_notice().as_str()),
            (status, notice),
            "{fault}"
        );
        assert_eq!(server.outbox().await.len(), sent, "{fault}");
    }
}

#[tokio::test]
async fn the_server_function_answers_as_the_form_does() {
    for (fault, status, notice, words, _) in failures() {
        let (server, mut browser) = connected_with(patience(&fault)).await;
        server.fault(fault.clone()).await;
        let form = browser.form("a@b.example", "s", "m").await;
        let answer = browser.call("send_mail", arguments(&form)).await;
        let outcome = match notice {
            UNKNOWN => "Unknown",
            SIGNED_OUT => "SignedOut",
            _ => "NotSent",
        };
        assert_eq!((&answer["outcome"], &answer["heading"]), (&json!(outcome), &json!(notice)));
        assert!(answer["text"].as_str().unwrap().contains(words), "{fault}: {answer}");
        assert_ne!(answer["hidden"]["key"], form[0].1, "{fault}: the next press is another try");
        assert_eq!(answer["wait"] == 0, status != 429, "{fault}: {answer}");
        assert_eq!(answer["other_account"], status == 404, "{fault}: {answer}");
    }
}

#[tokio::test]
async fn a_pause_that_graph_asks_for_is_passed_on() {
    let (server, mut browser) = connected().await;
    server.fault(json!([{ "route": "sendMail", "status": 429, "retryAfter": "7" }])).await;
    let form = browser.form("a@b.example", "s", "m").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.header("retry-after"), "7");
    assert!(page.body.contains("data-wait=\"7\""), "{}", page.body);
}

#[tokio::test]
async fn everybody_who_presses_with_one_key_hears_the_same() {
    let (server, mut browser) = connected_with(&[("SENDS_PER_MINUTE", "2")]).await;
    let form = browser.form("a@b.example", "s", "m").await;
    for press in 0..50 {
        assert_eq!(browser.press_send(&form).await.status, 303, "press {press}");
    }
    let mut gone = server.browser();
    let answer = gone.call("send_mail", arguments(&form)).await;
    assert_eq!(answer["outcome"], "Sent", "without a session: {answer}");
    let mut other = server.browser();
    other.connect("personal@sandbox.example").await;
    let answer = other.call("send_mail", arguments(&form)).await;
    assert_eq!(answer["outcome"], "Sent", "with another account: {answer}");
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_session_and_a_rate_are_looked_at_before_the_form() {
    let (server, mut browser) = connected_with(&[("SENDS_PER_MINUTE", "1")]).await;
    let form = browser.form("nobody", "s", "m").await;
    assert_eq!(server.browser().press_send(&form).await.shown_notice(), SIGNED_OUT);
    assert_eq!(browser.press_send(&form).await.shown_notice(), "Check the address");
    assert_eq!(browser.press_send(&form).await.status, 429);
}

#[tokio::test]
async fn an_answer_repeats_no_more_than_a_piece_of_what_is_wrong() {
    let (_, mut browser) = connected().await;
    let long = "x".repeat(100_000);
    let form = browser.form(&long, "s", "m").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains(&long), "nothing typed is lost");
    assert!(page.body.len() < long.len() + 20_000, "{}", page.body.len());
}

#[tokio::test]
async fn an_account_without_a_mailbox_is_told_so() {
    let server = Server::on_sandbox().await;
    let mut browser = server.browser();
    browser.connect("nomailbox@sandbox.example").await;
    let form = browser.form("a@b.example", "s", "m").await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("This account has no mailbox"));
    let link = page.body.split_once("id=\"other-account\"").unwrap().1.split_once('>').unwrap().0;
    assert!(!link.contains("hidden"), "the link is shown: {link}");
}

#[tokio::test]
async fn a_press_after_the_session_ended_keeps_every_field() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "The subject", "The message").await;
    let mut gone = server.browser();
    let page = gone.press_send(&form).await;
    assert_eq!(page.status, 401);
    assert!(page.shown_notice() == SIGNED_OUT && page.body.contains("rel=\"external opener\""));
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
    server.fault(json!([{ "route": "sendMail", "status": 401, "times": 2 }])).await;
    let page = browser.press_send(&form).await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("target=\"_blank\""), "a way to connect: {}", page.body);
    assert!(browser.press_connect().await.path().ends_with("/authorize"));
}

#[tokio::test]
async fn a_token_that_graph_refuses_is_refreshed_once_before_the_session_counts_as_over() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "m").await;
    server.fault(json!([{ "route": "sendMail", "status": 401 }])).await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    assert_eq!((server.outbox().await.len(), server.refreshes().await), (1, 1));
    let written = browser.set_cookies.iter().any(|it| it.starts_with("graph-connect-session-0="));
    assert!(written, "the browser gets the newer session: {:?}", browser.set_cookies);
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303, "and goes on with it");
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
    let mut form = browser.form("a@b.example", "s", "m").await;
    form[5].1 = "m".repeat(3 << 20);
    let page = browser.post_multipart("/api/send_mail", &texts(&form)).await;
    assert_eq!(page.status, 413);
}

#[tokio::test]
async fn what_max_body_allows_is_sent_however_large() {
    let large = [("MAX_BODY", "6000000"), ("MAX_MESSAGE", "5000000")];
    let (server, mut browser) = connected_with(&large).await;
    let mut form = browser.form("a@b.example", "s", &"m".repeat(2_500_000)).await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    form[0].1 = "another-key".to_owned();
    assert_eq!(browser.call("send_mail", arguments(&form)).await["outcome"], "Sent");
    assert_eq!(server.outbox().await.len(), 2);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_and_not_taken_for_an_empty_one() {
    let (server, mut browser) = connected().await;
    let form = browser.form("a@b.example", "s", "The message").await;
    let urlencoded = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        (urlencoded, "key=k&account=a&subject=s&message=m", 400),
        (urlencoded, "to=a@b.example", 400),
        (urlencoded, "", 400),
        ("application/json", "{\"to\":\"a@b.example\"}", 415),
        ("", "to=a@b.example", 415),
    ] {
        let own = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
        let page = browser.request(Method::POST, "/send", &own, Some(body.to_owned())).await;
        assert_eq!(page.status, status, "{kind} {body}");
        assert_eq!(page.heading(), "We couldn't read this form", "{kind} {body}");
        assert!(page.body.contains("Nothing was sent."), "{kind} {body}");
        assert!(!page.body.contains("<form"), "no empty form: {kind} {body}");
    }
    for missing in ["key", "account", "to", "subject", "message"] {
        let rest: Vec<_> = texts(&form).into_iter().filter(|it| it.0 != missing).collect();
        assert_eq!(browser.post_multipart("/api/send_mail", &rest).await.status, 400, "{missing}");
    }
    for (kind, status) in [
        ("application/json", 415),
        ("multipart/form-data", 415),
        ("multipart/form-data; boundary=x", 400),
    ] {
        let own = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
        let body = Some("nonsense".to_owned());
        let page = browser.request(Method::POST, "/api/send_mail", &own, body).await;
        assert_eq!(page.status, status, "{kind}");
        assert!(page.body.contains("Nothing was done."), "{kind}");
        assert_eq!(page.header("cache-control"), "no-store", "{kind}");
    }
    assert!(server.outbox().await.is_empty());
}

#[tokio::test]
async fn the_browser_is_told_to_wait_longer_than_this_server_does() {
    let waits = [("CLIENT_TIMEOUT", "13"), ("LOGIN_TIMEOUT", "7"), ("GRAPH_TIMEOUT", "11")];
    let server = Server::on_sandbox_with(&waits).await;
    let page = server.browser().get("/").await;
    assert!(page.body.contains("data-time-out=\"91000\""), "{}", page.body);
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
