//! A form sends at most once, whatever happens to its press.

use serde_json::json;

use super::{arguments, connected, connected_with};

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
