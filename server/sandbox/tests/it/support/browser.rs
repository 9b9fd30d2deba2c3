//! Somebody who signs in at a browser.

use std::collections::HashMap;

use reqwest::{Client, StatusCode};
use sandbox::{CLIENT_ID, REDIRECT_URI};

use crate::support::{ALL_SCOPES, Answer};

/// Somebody at a browser, with cookies of its own.
pub struct Browser {
    pub url: String,
    pub http: Client,
}

impl Browser {
    /// Opens the authorize endpoint; `change` replaces parameters, and removes those whose value is
    /// empty.
    pub async fn authorize(&self, change: &[(&str, &str)]) -> Answer {
        self.authorize_at("common", change).await
    }

    pub async fn authorize_at(&self, tenant: &str, change: &[(&str, &str)]) -> Answer {
        let mut query = HashMap::from([
            ("client_id", CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", ALL_SCOPES),
            ("state", "some state"),
        ]);
        for (name, value) in change {
            query.insert(name, value);
        }
        query.retain(|_, value| !value.is_empty());
        let url = format!("{}/{tenant}/oauth2/v2.0/authorize", self.url);
        Answer::of(self.http.get(url).query(&query)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.http.get(format!("{}{path}", self.url))).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(format!("{}{path}", self.url)).form(form)).await
    }

    /// Presses an account's button.
    pub async fn choose(&self, page: &Answer, address: &str) -> Answer {
        assert!(page.has_button(address), "{}", page.text);
        let form = [("transaction", page.transaction()), ("account", address)];
        self.post("/sandbox/sign-in/account", &form).await
    }

    /// Presses a button of the consent page.
    pub async fn decide(&self, page: &Answer, answer: &str) -> Answer {
        let form = [("transaction", page.transaction()), ("answer", answer)];
        self.post("/sandbox/sign-in/consent", &form).await
    }

    /// The whole way to the callback, saying yes to everything.
    pub async fn sign_in(&self, address: &str, change: &[(&str, &str)]) -> HashMap<String, String> {
        let picker = self.authorize(change).await;
        let mut page = self.choose(&picker, address).await;
        if page.status == StatusCode::OK {
            page = self.decide(&page, "accept").await;
        }
        page.callback()
    }
}
