//! Signs a person in and shows their name: all that an axum app needs to use this crate. Run
//! `cargo run -p sandbox` beside it, or set the variables below for an app registration.

use std::{env, path::Path, sync::Arc};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, response::Html, response::Redirect, routing};
use bff::{AuthorizationResponse, Bff, Clock, ForwardProxy, HttpClient, LocalState, Prompt};
use bff::{PublicUrl, SessionKey, Settings, Visitor, is_own_press, random};
use secrecy::ExposeSecret;
use url::Url;

type App = State<Bff<String>>;
type You = Visitor<String>;
type Result<T> = std::result::Result<T, (StatusCode, String)>;
type Page = Result<Html<String>>;

fn failed(error: impl ToString) -> (StatusCode, String) {
    (StatusCode::BAD_GATEWAY, error.to_string())
}

#[expect(clippy::disallowed_methods, reason = "a program's settings")]
fn var(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let login = Url::parse(&var("LOGIN_URL", "http://127.0.0.1:5001"))?;
    let id = var("CLIENT_ID", "11111111-1111-4111-8111-111111111111");
    let secret = var("CLIENT_SECRET", "sandbox-secret");
    let listener = tokio::net::TcpListener::bind(var("ADDRESS", "127.0.0.1:5000")).await?;
    let here = format!("http://localhost:{}", listener.local_addr()?.port());
    let http = HttpClient::new(&[&login], &ForwardProxy::default(), "whoami")?;
    let key = SessionKey::from_bytes(random()?);
    let mut settings = Settings::new(&id, &secret, login, PublicUrl::parse(&here)?, key);
    settings.scopes.push("User.Read".to_owned());
    let clock = Clock::system();
    let state = LocalState::open(Path::new(&var("STATE_DIR", ".state")), clock.now())?;
    let bff = Bff::new(settings, Arc::new(http), Arc::new(state), clock, Default::default())?;

    let routes = Router::new()
        .route("/", routing::get(home))
        .route("/login", routing::get(sign_in))
        .route("/login/authorized", routing::get(signed_in))
        .route("/logout", routing::post(sign_out))
        .with_state(bff.clone());
    println!("Open {here}");
    Ok(axum::serve(listener, bff.protect(routes)).await?)
}

async fn home(you: You) -> Html<String> {
    Html(you.session().map_or("<a href=/login>Sign in</a>".to_owned(), |it| {
        format!("You are {}. <form method=post action=/logout><button>Sign out", it.profile)
    }))
}

async fn sign_in(State(bff): App, you: You, headers: HeaderMap) -> Result<Redirect> {
    if !is_own_press(&headers, &bff.settings().public_url) {
        return Ok(Redirect::to("/"));
    }
    let to = bff.begin_sign_in(&you, &bff.return_to("/"), Prompt::Default).await.map_err(failed)?;
    Ok(Redirect::to(to.as_str()))
}

async fn signed_in(State(bff): App, you: You, answer: Query<AuthorizationResponse>) -> Page {
    let redeemed = bff.redeem(&you, answer.0).await.map_err(failed)?;
    let me = var("GRAPH_URL", "http://127.0.0.1:5001") + "/v1.0/me";
    let me = reqwest::Client::new().get(me).bearer_auth(redeemed.access_token().expose_secret());
    let me: serde_json::Value = me.send().await.map_err(failed)?.json().await.map_err(failed)?;
    let name = me["displayName"].to_string().replace('<', "&lt;");
    let to = bff.begin_session(&you, redeemed, name).await.map_err(failed)?;
    Ok(Html(format!("<meta http-equiv=refresh content='0; url={}'>", to.as_str())))
}

async fn sign_out(State(bff): App, you: You) -> Redirect {
    bff.end_session(&you).await;
    Redirect::to("/")
}
