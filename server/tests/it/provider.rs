//! A provider of the test's own: it gives whatever tokens a test wants to see refused, measured or
//! searched for. The sandbox, which is strict, would give none of them.

use std::sync::{Arc, Mutex};

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{AppendHeaders, IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const CLIENT_ID: &str = "77777777-7777-4777-8777-777777777777";
pub const TENANT: &str = "22222222-2222-4222-8222-222222222222";

/// What the provider answers next.
pub struct Answers {
    /// The member `issuer` of the discovery document, after the provider's URL.
    pub issuer: String,
    /// Changes the id_token's claims before they are signed.
    pub claims: Box<dyn Fn(&mut Value) + Send>,
    /// The id_token's header.
    pub header: Value,
    /// Signs with a key that is not published.
    pub foreign_key: bool,
    /// The `issuer` of the published key.
    pub key_issuer: Option<String>,
    pub access_token: String,
    /// None where it is empty.
    pub refresh_token: String,
    /// Refuses refresh tokens, and quotes them.
    pub refuse_refresh: bool,
    /// What came to the token endpoint.
    pub token_request: Vec<(String, String)>,
    /// The id_token that was given.
    pub id_token: String,
    /// How often the keys were asked for.
    pub key_requests: u32,
    /// Changes the discovery document.
    pub discovery: Box<dyn Fn(&mut Value) + Send>,
    /// Changes the key set.
    pub keys: Box<dyn Fn(&mut Value) + Send>,
    /// The token endpoint's next answers in place of its own: status and body.
    pub token_answer: Option<(u16, String)>,
    /// The ids in the headers of `sendMail`'s answer.
    pub mail_ids: String,
}

/// The provider, shared between its routes and the test.
#[derive(Clone)]
pub struct Provider {
    pub url: String,
    pub answers: Arc<Mutex<Answers>>,
    nonce: Arc<Mutex<String>>,
    pair: Arc<KeyPair>,
    foreign: Arc<KeyPair>,
}

impl Provider {
    /// Starts on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self {
            url,
            answers: Arc::new(Mutex::new(Answers {
                issuer: "/{tenantid}/v2.0".to_owned(),
                claims: Box::new(|_| {}),
                header: json!({ "alg": "RS256", "kid": "one" }),
                foreign_key: false,
                key_issuer: None,
                access_token: "opaque".to_owned(),
                refresh_token: "refresh".to_owned(),
                refuse_refresh: false,
                token_request: Vec::new(),
                id_token: String::new(),
                key_requests: 0,
                discovery: Box::new(|_| {}),
                keys: Box::new(|_| {}),
                token_answer: None,
                mail_ids: "id".to_owned(),
            })),
            nonce: Arc::default(),
            pair: Arc::new(KeyPair::generate(KeySize::Rsa2048).unwrap()),
            foreign: Arc::new(KeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        let router = Router::new()
            .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/v1.0/me", get(me))
            .route("/v1.0/me/microsoft.graph.sendMail", post(send_mail))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// Settings of a server that uses this provider.
    pub fn settings(&self) -> Vec<(&'static str, &'static str)> {
        vec![("CLIENT_ID", CLIENT_ID), ("CLIENT_SECRET", "CANARYsecret~Value")]
    }

    /// Signs in with `browser` and gives the last page. The code is `code`.
    pub async fn sign_in(
        &self,
        browser: &mut crate::browser::Browser,
        code: &str,
    ) -> crate::browser::Page {
        let request = browser.press_connect().await;
        self.expect(&request);
        let state = request.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
        browser.get(&format!("/login/authorized?code={code}&state={state}")).await
    }

    /// Answers the authorization `request` with its nonce.
    pub fn expect(&self, request: &url::Url) {
        let nonce = request.query_pairs().find(|it| it.0 == "nonce").unwrap().1.into_owned();
        *self.nonce.lock().unwrap() = nonce;
    }

    fn id_token(&self) -> String {
        let answers = self.answers.lock().unwrap();
        let now = bff::Clock::system().now();
        let mut claims = json!({
            "aud": CLIENT_ID,
            "iss": format!("{}/{TENANT}/v2.0", self.url),
            "iat": now - 300,
            "nbf": now - 300,
            "exp": now + 3600,
            "nonce": *self.nonce.lock().unwrap(),
            "sub": "subject",
            "tid": TENANT,
            "oid": "33333333-3333-4333-8333-333333333333",
        });
        (answers.claims)(&mut claims);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&answers.header), part(&claims));
        let signature = match answers.header["alg"].as_str() {
            Some("RS256") => {
                let pair = if answers.foreign_key { &self.foreign } else { &self.pair };
                let mut signature = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
                signature
            }
            // Signed with the published key as if it were a shared secret.
            Some("HS256") => {
                let modulus = self.pair.public_key().modulus();
                let key =
                    hmac::Key::new(hmac::HMAC_SHA256, modulus.big_endian_without_leading_zero());
                hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
            }
            _ => Vec::new(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let url = &provider.url;
    let answers = provider.answers.lock().unwrap();
    let mut document = json!({
        "issuer": format!("{url}{}", answers.issuer),
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "end_session_endpoint": format!("{url}/logout"),
    });
    (answers.discovery)(&mut document);
    Json(document)
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let mut answers = provider.answers.lock().unwrap();
    answers.key_requests += 1;
    let public = provider.pair.public_key();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let mut key = json!({
        "kty": "RSA",
        "use": "sig",
        "kid": "one",
        "n": number(public.modulus().big_endian_without_leading_zero()),
        "e": number(public.exponent().big_endian_without_leading_zero()),
    });
    if let Some(issuer) = &answers.key_issuer {
        key["issuer"] = json!(issuer);
    }
    (answers.keys)(&mut key);
    Json(json!({ "keys": [{ "kty": "EC", "kid": "other" }, key] }))
}

async fn token(
    State(provider): State<Provider>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let id_token = provider.id_token();
    let mut answers = provider.answers.lock().unwrap();
    if let Some((status, body)) = &answers.token_answer {
        return (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response();
    }
    let refresh_token = fields.iter().find(|it| it.0 == "refresh_token");
    if let Some((_, token)) = refresh_token.filter(|_| answers.refuse_refresh) {
        let refusal = json!({ "error": "invalid_grant", "error_description": token });
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    }
    answers.token_request = fields;
    answers.id_token.clone_from(&id_token);
    let mut answer = json!({
        "token_type": "Bearer",
        "expires_in": 3600,
        "access_token": answers.access_token,
        "id_token": id_token,
    });
    if !answers.refresh_token.is_empty() {
        answer["refresh_token"] = json!(answers.refresh_token);
    }
    Json(answer).into_response()
}

async fn send_mail(State(provider): State<Provider>) -> Response {
    let id = provider.answers.lock().unwrap().mail_ids.clone();
    let ids = ["request-id", "client-request-id"].map(|name| (name, id.clone()));
    (StatusCode::ACCEPTED, AppendHeaders(ids)).into_response()
}

async fn me() -> Json<Value> {
    Json(json!({ "displayName": "Test Person", "mail": "person@example.com" }))
}
