//! What every test needs: a sandbox of its own on a free port, a browser, a client.

mod answer;
mod browser;

use std::collections::HashMap;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode, redirect};
use sandbox::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Sandbox, Settings, SharedClock};
use serde_json::{Value, json};

pub use crate::support::answer::Answer;
pub use crate::support::browser::Browser;

pub const WORK: &str = "work@sandbox.example";
pub const PERSONAL: &str = "personal@sandbox.example";
pub const ALL_SCOPES: &str = "openid profile email offline_access User.Read Mail.Send";

/// A running sandbox, in which time stands still unless a test moves it. It ends with the test's runtime.
pub struct TestSandbox {
    pub url: String,
    pub clock: SharedClock,
    pub http: Client,
}

impl TestSandbox {
    pub async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    pub async fn start_with(settings: Settings) -> Self {
        let address = "127.0.0.1:0".parse().unwrap();
        let settings = settings.time_stands_still();
        let sandbox = Sandbox::bind_with(address, settings).await.unwrap();
        let (url, clock) = (sandbox.url().to_owned(), sandbox.clock());
        tokio::spawn(sandbox.run());
        Self { url, clock, http: client() }
    }

    pub fn browser(&self) -> Browser {
        Browser { url: self.url.clone(), http: client() }
    }

    /// Signs in and consents to everything; the callback's code.
    pub async fn code(&self, address: &str) -> String {
        self.code_for(address, &[]).await
    }

    pub async fn code_for(&self, address: &str, change: &[(&str, &str)]) -> String {
        let callback = self.browser().sign_in(address, change).await;
        callback.get("code").unwrap_or_else(|| panic!("no code in {callback:?}")).clone()
    }

    /// A token request; `change` replaces parameters, and removes those whose value is empty.
    pub async fn token(&self, change: &[(&str, &str)]) -> Answer {
        let mut form = HashMap::from([("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)]);
        for (name, value) in change {
            form.insert(name, value);
        }
        form.retain(|_, value| !value.is_empty());
        Answer::of(self.http.post(self.token_url()).form(&form)).await
    }

    pub fn token_url(&self) -> String {
        format!("{}/common/oauth2/v2.0/token", self.url)
    }

    pub async fn redeem(&self, code: &str, change: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
        ];
        form.extend(change);
        self.token(&form).await
    }

    pub async fn refresh(&self, refresh_token: &str, change: &[(&str, &str)]) -> Answer {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        form.extend(change);
        self.token(&form).await
    }

    /// The whole way to tokens with every scope.
    pub async fn tokens(&self, address: &str) -> Value {
        let code = self.code(address).await;
        self.redeem(&code, &[]).await.ok()
    }

    pub async fn access_token(&self, address: &str) -> String {
        self.tokens(address).await["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.http.get(format!("{}{path}", self.url)).bearer_auth(token)).await
    }

    /// A token for these scopes alone; everything is consented to on the way.
    pub async fn token_for(&self, address: &str, scope: &str) -> String {
        let code = self.code_for(address, &[("scope", scope)]).await;
        let tokens = self.redeem(&code, &[]).await.ok();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// A token for everything about mail. A work account would need an administrator.
    pub async fn mail_token(&self, address: &str) -> String {
        self.token_for(address, "User.Read Mail.Send Mail.ReadWrite").await
    }

    /// The same for a work account, after an administrator has consented.
    pub async fn work_mail_token(&self) -> String {
        let browser = self.browser();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", CLIENT_ID), ("redirect_uri", REDIRECT_URI)])
            .extend_pairs([("scope", "User.Read Mail.Send Mail.ReadWrite Mail.Read People.Read")])
            .finish();
        let page = browser.get(&format!("/organizations/v2.0/adminconsent?{query}")).await;
        let form = [("transaction", page.transaction()), ("answer", "accept")];
        browser.post("/sandbox/sign-in/admin", &form).await;
        self.mail_token(WORK).await
    }

    /// Any request to Graph; the path stands behind `/v1.0/`.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let url = format!("{}/v1.0/{path}", self.url);
        let mut request = self.http.request(method, url).bearer_auth(token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, token, &[], Some(body)).await
    }

    /// Makes a draft; its id.
    pub async fn draft(&self, token: &str, message: &Value) -> String {
        let answer = self.post("me/messages", token, message).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    pub async fn send_draft(&self, token: &str, id: &str) -> Answer {
        self.call(Method::POST, &format!("me/messages/{id}/send"), token, &[], None).await
    }

    /// Sends the smallest mail and waits until it lies in Sent Items; its id there.
    pub async fn sent(&self, token: &str) -> String {
        assert_eq!(self.send(token, &mail()).await.status, StatusCode::ACCEPTED);
        self.clock.advance(Duration::from_secs(1));
        let outbox = self.outbox().await;
        outbox.last().unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub async fn send(&self, token: &str, body: &Value) -> Answer {
        let url = format!("{}/v1.0/me/sendMail", self.url);
        Answer::of(self.http.post(url).bearer_auth(token).json(body)).await
    }

    pub async fn outbox(&self) -> Vec<Value> {
        let answer = Answer::of(self.http.get(format!("{}/sandbox/outbox", self.url))).await;
        answer.json().as_array().unwrap().clone()
    }

    pub async fn requests(&self) -> Vec<Value> {
        let answer = Answer::of(self.http.get(format!("{}/sandbox/requests", self.url))).await;
        answer.json().as_array().unwrap().clone()
    }

    pub async fn plant(&self, faults: Value) {
        let url = format!("{}/sandbox/faults", self.url);
        let answer = Answer::of(self.http.post(url).json(&faults)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }

    pub async fn reset(&self) {
        let answer = Answer::of(self.http.post(format!("{}/sandbox/reset", self.url))).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
}

fn client() -> Client {
    Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap()
}

/// The smallest mail.
pub fn mail() -> Value {
    json!({
        "message": {
            "subject": "Hello",
            "body": { "contentType": "Text", "content": "Hi there" },
            "toRecipients": [{ "emailAddress": { "address": "friend@example.com" } }],
        },
    })
}

pub fn assert_refused(answer: &Answer, status: u16, code: &str, case: &str) {
    assert_eq!(answer.status.as_u16(), status, "{case}: {}", answer.text);
    assert_eq!(answer.json()["error"]["code"], code, "{case}");
}

pub fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    rest.split_once(end).unwrap().0
}
