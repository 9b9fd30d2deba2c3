//! What the fields may hold, and what is said about the rest.

use serde_json::json;

use super::{SIGNED_OUT, arguments, connected, connected_with};

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
