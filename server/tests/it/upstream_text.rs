//! What other services write: none of it begins a line of the log, and no token in it is logged
//! (security.md, T1, V1).

use serde_json::json;

use crate::{process::Program, provider::Provider};

/// The log of the program after what `run` does with it.
async fn log(
    microsoft: &str,
    settings: &[(&str, &str)],
    run: impl AsyncFnOnce(&Program),
) -> String {
    let program = Program::start_at(microsoft, settings).await;
    run(&program).await;
    program.terminate();
    program.end().await.1
}

#[tokio::test]
async fn what_microsoft_writes_stays_within_its_line_of_the_log() {
    let program = Program::start(&[]).await;
    let server = &program.server;
    let mut browser = server.browser();
    let forged = "a\nFORGED \u{1b}[31m";
    let token = json!({ "error": forged, "error_description": forged }).to_string();
    server.fault(json!([{ "route": "token", "status": 400, "body": token }])).await;
    let authorize = browser.press_connect().await;
    let back = browser.at_sandbox(authorize, "work@sandbox.example", "Accept").await;
    assert_eq!(browser.get(&back).await.status, 400);

    assert_eq!(browser.connect("work@sandbox.example").await.status, 200);
    let graph = json!({ "error": { "code": forged, "message": forged } }).to_string();
    server.fault(json!([{ "route": "sendMail", "status": 400, "body": graph }])).await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 422);
    program.terminate();
    let (_, log) = program.end().await;
    assert!(log.matches("FORGED").count() >= 2, "both were logged: {log}");
    assert!(log.lines().all(|line| !line.starts_with("FORGED")), "{log}");
    assert!(!log.contains('\u{1b}'), "nothing steers a terminal: {log:?}");
}

#[tokio::test]
async fn the_body_of_a_token_answer_is_not_logged_whatever_is_wrong_with_it() {
    let tokens =
        r#""access_token":"CANARYaccess","refresh_token":"CANARYrefresh","id_token":"CANARYid""#;
    for (status, body) in [
        (200, format!(r#"{{{tokens},"token_type":"Bearer","expires_in":3600}}"#)),
        (200, format!(r#"{{{tokens},"token_type":"Bearer"}}"#)),
        (200, format!(r#"{{{tokens}"#)),
        (200, format!(r#"{{{tokens},"token_type":5,"expires_in":"x"}}"#)),
        (400, format!(r#"{{{tokens}}}"#)),
        (400, format!(r#"{{{tokens},"error":"invalid_grant"}}"#)),
        (503, format!(r#"{{{tokens}}}"#)),
    ] {
        let provider = Provider::start().await;
        provider.answers.lock().unwrap().token_answer = Some((status, body.clone()));
        let mut settings = provider.settings();
        settings.push(("RUST_LOG", "trace,hyper=info,reqwest=info"));
        let log = log(&provider.url, &settings, async |program| {
            let page = provider.sign_in(&mut program.server.browser(), "code").await;
            assert!(page.status.as_u16() >= 400, "{body}");
            assert!(!page.body.contains("CANARY"), "{}", page.body);
        })
        .await;
        assert!(log.contains("sign_in_failed"), "{log}");
        assert!(!log.contains("CANARY"), "{body}: {log}");
    }
}
