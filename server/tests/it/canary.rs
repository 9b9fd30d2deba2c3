//! No secret reaches a browser or the log (security.md, T1): a whole run with planted values, and a
//! search for them in everything that came out, in every form they could have.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use bff::Clock;
use serde_json::json;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::{
    provider::Provider,
    server::{Server, key},
};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

/// The ways a secret can be written down: as it is, and inside base64 at each of three offsets.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), hex(secret)];
    for offset in 0..3 {
        let shifted = [vec![b'x'; offset], secret.as_bytes().to_vec()].concat();
        for encoded in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            // Without the characters that depend on what stands before and after.
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    forms
}

fn hex(secret: &str) -> String {
    secret.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn no_secret_reaches_the_browser_or_the_log() {
    let filter = EnvFilter::new("trace,hyper=info,hyper_util=info,reqwest=info,h2=info");
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Log).init();

    let provider = Provider::start().await;
    {
        let mut answers = provider.answers.lock().unwrap();
        answers.access_token =
            "eyJhbGciOiJub25lIn0.CANARYaccessTokenValue1234.c2lnbmF0dXJl".to_owned();
        answers.refresh_token = "1.CANARYrefreshTokenValue1234".to_owned();
    }
    let ahead = Arc::new(AtomicU64::new(0));
    let clock = {
        let (ahead, system) = (Arc::clone(&ahead), Clock::system());
        Clock::new(move || system.now() + ahead.load(Ordering::Relaxed))
    };
    let server = Server::start(&provider.url, &provider.settings(), clock).await;
    let mut browser = server.browser();

    // A sign-in, every page, a message, a refused message, a refused sign-in, the end.
    browser.get("/").await;
    let page = provider.sign_in(&mut browser, "CANARYauthorizationCode1234").await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser.get("/").await;
    browser.call("session", json!({})).await;
    let form = browser.form("a@b.example", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 303);
    browser.get("/send").await;
    let form = browser.form("nobody", "s", "m").await;
    assert_eq!(browser.press_send(&form).await.status, 422);
    let verifier = {
        let answers = provider.answers.lock().unwrap();
        answers.token_request.iter().find(|it| it.0 == "code_verifier").unwrap().1.clone()
    };
    let id_token = provider.answers.lock().unwrap().id_token.clone();
    // A refresh that works, and one that does not.
    provider.answers.lock().unwrap().refresh_token = "1.CANARYsecondRefreshToken1234".to_owned();
    ahead.store(3400, Ordering::Relaxed);
    assert_eq!(browser.get("/send").await.heading(), "Hi, Test Person!");
    provider.answers.lock().unwrap().refuse_refresh = true;
    ahead.store(7200, Ordering::Relaxed);
    assert_eq!(browser.get("/send").await.heading(), "Send email with Microsoft Graph");
    provider.answers.lock().unwrap().foreign_key = true;
    browser.post("/logout", &[]).await;
    let refused = provider.sign_in(&mut browser, "CANARYauthorizationCode1234").await;
    assert_eq!(refused.status, 502);
    browser.get("/login/authorized?code=CANARYauthorizationCode1234&state=none").await;

    let session_key = key(1);
    let secrets = [
        ("access token", "CANARYaccessTokenValue1234"),
        ("refresh token", "CANARYrefreshTokenValue1234"),
        ("refresh token after it", "CANARYsecondRefreshToken1234"),
        ("code", "CANARYauthorizationCode1234"),
        ("client secret", "CANARYsecret~Value"),
        ("code verifier", &verifier),
        ("id_token", id_token.split('.').nth(2).unwrap()),
        ("session key", &session_key),
    ];
    let received = browser.received.lock().unwrap().clone();
    let logged = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    assert!(
        received.contains("Test Person")
            && ["signed_in", "session_refreshed", "session_refused", "sign_in_failed"]
                .iter()
                .all(|event| logged.contains(event)),
        "the run was recorded"
    );
    for (what, secret) in secrets {
        for form in forms(secret) {
            assert!(!received.contains(&form), "the {what} reached the browser as {form}");
            assert!(!logged.contains(&form), "the {what} reached the log as {form}");
        }
    }
}
