//! `POST /logout`: ends the session, here or at the provider too.

use app::pages::{Passage, Person};
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Redirect, Response},
};
use bff::Bff;
use serde::Deserialize;

use crate::{flash::Flash, render::Pages, visit::Visit};

/// What the person chose.
#[derive(Default, Deserialize)]
pub struct LogoutForm {
    #[serde(default, rename = "where")]
    reach: Reach,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reach {
    #[default]
    Here,
    Microsoft,
}

/// Ends the session for good, live or gone idle, and every cookie of it.
pub async fn end(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Response {
    let reach = form.map_or(Reach::Here, |Form(form)| form.reach);
    let session = bff.end_session(&visit.visitor).await;
    if let Some(session) = &session {
        let at_microsoft = reach == Reach::Microsoft;
        tracing::info!(event = "signed_out", person = session.person_id.hashed(), at_microsoft);
    }
    let provider = match reach {
        Reach::Here => None,
        Reach::Microsoft => bff.end_session_url(session.as_ref()).await.ok().flatten(),
    };
    let here_only = reach == Reach::Microsoft && provider.is_none();
    let flash = if here_only { Flash::DisconnectedHereOnly } else { Flash::Disconnected };
    flash.leave(visit.visitor.jar(), bff.keys());
    let mut answer = match provider {
        Some(url) => pages.move_on(Passage::ToProvider, url.into()),
        None => Redirect::to("/").into_response(),
    };
    answer.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    answer
}
