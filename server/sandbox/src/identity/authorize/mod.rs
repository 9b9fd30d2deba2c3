//! The authorize endpoint and the forms of its pages. Each handler reads the request, hands it to
//! [`signin::SignInFlow`] and sets the cookie.
//!
//! 1. `GET authorize` reads the request. Where the redirect URI cannot be trusted, a page says what is
//!    wrong; else every mistake goes back to the client.
//! 2. The picker asks who signs in, unless the browser knows and no `prompt` insists.
//! 3. The consent page asks whether the app may, unless it was asked before.
//! 4. A code goes to the client.

pub mod admin;
pub mod answer;
pub mod pending;
pub mod request;
pub mod signin;

use axum::Form;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::pending::SignIn;
use crate::identity::authorize::request::{AuthorizeRequest, Refused};
use crate::identity::authorize::signin::SignInFlow;
use crate::identity::sessions;
use crate::identity::trace::Trace;
use crate::pages;
use crate::platform::App;

/// `GET` and `POST /{tenant}/oauth2/v2.0/authorize` (OpenID Connect Core 1.0, section 3.1.2.1)
pub async fn authorize(
    State(app): State<App>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    trace: Trace,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent = if body.is_empty() { query.unwrap_or_default().into() } else { body };
    match AuthorizeRequest::parse(&app.directory, &app.base, &tenant, &sent) {
        Ok(request) => {
            let session = app.world().sessions.of(&headers, app.clock.now());
            SignInFlow { app: &app, trace: &trace }.begin(request, session).await
        }
        Err(Refused::AtClient(destination, refusal)) => {
            let code = refusal.code;
            destination.refuse(&app.random, code, code.error(), trace.describe(&refusal))
        }
        Err(Refused::OnPage(refusal)) => on_page(&trace, &refusal),
    }
}

/// The picker's form.
#[derive(Debug, Deserialize)]
pub struct Choice {
    transaction: Uuid,
    /// An address, or absent for "Cancel".
    account: Option<String>,
}

/// `POST /sandbox/sign-in/account`
pub async fn choose(State(app): State<App>, trace: Trace, Form(choice): Form<Choice>) -> Response {
    let Some(SignIn { request, .. }) = take(&app, choice.transaction) else {
        return pages::failure::gone();
    };
    let flow = SignInFlow { app: &app, trace: &trace };
    let Some(address) = choice.account else {
        return flow.cancel(&request);
    };
    let Some(account) = app.directory.by_address(&address) else {
        let refusal = Refusal::about(Aadsts::AccountNotInTenant, format!("'{address}'."));
        return flow.ask_who(request, Some(&refusal));
    };
    if !request.accepts(account) {
        let refusal = Refusal::about(Aadsts::AccountNotInTenant, format!("'{}'.", account.address));
        return flow.ask_who(request, Some(&refusal));
    }
    let (value, session) = flow.open_session(account);
    let mut answer = flow.signed_in(request, session).await;
    if let Some(cookie) = sessions::set_cookie(&value) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// The form of the consent page, and of the page that asks for an administrator.
#[derive(Debug, Deserialize)]
pub struct Decision {
    transaction: Uuid,
    answer: ConsentButton,
    /// Checked where an administrator consents for the whole tenant.
    everyone: Option<String>,
}

/// The button that was pressed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ConsentButton {
    Accept,
    Decline,
    Cancel,
    /// "Return to the application without granting consent".
    Return,
}

/// `POST /sandbox/sign-in/consent`
pub async fn decide(
    State(app): State<App>,
    trace: Trace,
    Form(decision): Form<Decision>,
) -> Response {
    let Some(SignIn { request, session: Some(session) }) = take(&app, decision.transaction) else {
        return pages::failure::gone();
    };
    let flow = SignInFlow { app: &app, trace: &trace };
    match decision.answer {
        ConsentButton::Accept => {
            let (client, scopes) = (request.registration, request.scopes.set());
            let everyone = decision.everyone.is_some();
            if !app.world().consents.accept(client, session.account, &scopes, everyone) {
                return flow.refuse(&request, "access_denied", Aadsts::AdminNeeded);
            }
            flow.finish(&request, session)
        }
        ConsentButton::Decline => flow.refuse(&request, "access_denied", Aadsts::ConsentDeclined),
        ConsentButton::Cancel => flow.cancel(&request),
        ConsentButton::Return => flow.refuse(&request, "access_denied", Aadsts::AdminNeeded),
    }
}

fn take(app: &App, id: Uuid) -> Option<SignIn> {
    let now = app.clock.now();
    app.world().sign_ins.take(id, now)
}

fn on_page(trace: &Trace, refusal: &Refusal) -> Response {
    tracing::info!(number = refusal.code.number(), "sign-in refused on a page");
    pages::failure::page(StatusCode::BAD_REQUEST, &trace.describe(refusal))
}
