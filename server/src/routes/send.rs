//! `/send`: the mail page, and the form as a browser without JavaScript posts it.

use std::sync::Arc;

use app::{
    pages::{Failure, Page, Person, SendPage},
    wire::{Hidden, MailForm, Outcome, SendResult},
};
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
};

use bff::{Bff, Session, random_text};

use crate::{connect, flash::Flash, paths, render::Pages, sending::Sending, visit::Visit};

/// Shows the form with a welcome in it, and the result of the last press if one was left.
pub async fn show(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
) -> Response {
    let fresh = visit.visitor.fresh().await;
    let session = visit.session().filter(|_| !matches!(fresh, Ok(None)));
    let Some(session) = session else {
        let return_to = bff.return_to(paths::MAIL);
        return connect::answer(&pages, &visit.without_session(), &return_to, None);
    };
    let Ok(key) = random_text::<16>() else {
        return pages.internal(visit.request_id);
    };
    let form = welcome(&pages, session, key);
    let result = match Flash::take(visit.visitor.jar(), bff.keys()) {
        Some(Flash::Sent { account, receipt }) if account == form.account => {
            let next = Hidden { key: form.key.clone(), account, confirmed: String::new() };
            Some(receipt.explain(pages.words(), next))
        }
        _ => None,
    };
    answer(&pages, &visit, StatusCode::OK, form, result, fresh.is_err())
}

/// Sends. On success the browser is moved on, so that a reload posts nothing; else it gets the
/// page with every field as it was.
pub async fn submit(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    State(sending): State<Arc<Sending>>,
    visit: Visit,
    form: Result<Form<MailForm>, FormRejection>,
) -> Response {
    let form = match form {
        Ok(Form(form)) => form,
        // Without its fields there is no form to show again, and an empty one would look as if the
        // text were lost: the page before still has it.
        Err(rejection) => return unreadable(&pages, &visit, rejection.status()),
    };
    let response = sending.send(&visit, &form).await;
    if let Ok(receipt) = response.outcome {
        Flash::Sent { account: form.account, receipt }.leave(visit.visitor.jar(), bff.keys());
        return Redirect::to("/send").into_response();
    }
    let status = response.status();
    let result = response.explain(pages.words(), visit.person(), &form);
    let Hidden { key, account, confirmed } = result.hidden.clone();
    let form = MailForm { key, account, confirmed, ..form };
    let visit = if result.outcome == Outcome::SignedOut { visit.without_session() } else { visit };
    let wait = (result.wait > 0).then(|| HeaderValue::from(result.wait));
    let mut answer = answer(&pages, &visit, status, form, Some(result), false);
    answer.headers_mut().extend(wait.map(|it| (RETRY_AFTER, it)));
    answer
}

/// A field that is missing, or a form in no known shape (422 here is about what a field says).
fn unreadable(pages: &Pages, visit: &Visit, status: StatusCode) -> Response {
    let status = match status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    pages.failure(visit.request_id, status, Failure::Unreadable)
}

fn answer(
    pages: &Pages,
    visit: &Visit,
    status: StatusCode,
    form: MailForm,
    result: Option<SendResult>,
    waiting: bool,
) -> Response {
    let page = SendPage { person: visit.person(), form, result, ends_in: visit.ends_in(), waiting };
    pages.page(status, Page::Send(Box::new(page)))
}

/// A first message, to oneself, so that pressing the button at once shows what this does.
fn welcome(pages: &Pages, session: &Session<Person>, key: String) -> MailForm {
    let words = &pages.words().send;
    MailForm {
        key,
        account: session.person_id.hashed(),
        confirmed: String::new(),
        to: session.profile.address.clone(),
        subject: words.welcome_subject.to_owned(),
        message: (words.welcome)(&session.profile.name),
    }
}
