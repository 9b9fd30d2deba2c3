//! Each way that Graph or the session fails has its words, without JavaScript and through the
//! server function.

use serde_json::{Value, json};

use super::{SIGNED_OUT, WORK, arguments, connected, connected_with};
use crate::server::{Server, patience};

const REFUSED: &str = "Something went wrong, couldn't send an email.";
const UNKNOWN: &str = "We don't know if your message was sent";
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
