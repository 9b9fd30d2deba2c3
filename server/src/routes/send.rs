//! `/send`: the mail page, and the form as a browser without JavaScript posts it.

use app::{
    pages::{Failure, Page, SendPage},
    wire::{Hidden, MailForm, Outcome, SendResult},
};
use axum::{
    Form,
    extract::rejection::FormRejection,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Redirect, Response},
};

use super::connect;
use crate::{
    auth::return_to::ReturnTo, flash::Flash, render, sending, session::Session,
    system::random_text, visit::Visit,
};

/// Shows the form with a welcome in it, and the result of the last press if one was left.
pub async fn show(visit: Visit) -> Response {
    let fresh = visit.fresh().await;
    let session = visit.session.as_ref().filter(|_| !matches!(fresh, Ok(None)));
    let Some(session) = session else {
        return connect::answer(&visit.without_session(), &ReturnTo::mail_page(), None).await;
    };
    let Ok(key) = random_text::<16>() else {
        return render::internal(&visit.state, visit.request_id).await;
    };
    let form = welcome(&visit, session, key);
    let result = match Flash::take(&visit.jar, &visit.state.keys) {
        Some(Flash::Sent { account, receipt }) if account == form.account => {
            let next = Hidden { key: form.key.clone(), account, confirmed: String::new() };
            Some(receipt.explain(visit.state.frame.words, next))
        }
        _ => None,
    };
    answer(&visit, StatusCode::OK, form, result, fresh.is_err()).await
}

/// Sends. On success the browser is moved on, so that a reload posts nothing; else it gets the
/// page with every field as it was.
pub async fn submit(visit: Visit, form: Result<Form<MailForm>, FormRejection>) -> Response {
    let form = match form {
        Ok(Form(form)) => form,
        // Without its fields there is no form to show again, and an empty one would look as if the
        // text were lost: the page before still has it.
        Err(rejection) => return unreadable(&visit, rejection.status()).await,
    };
    let response = sending::send(&visit, &form).await;
    if let Ok(receipt) = response.outcome {
        Flash::Sent { account: form.account, receipt }.leave(&visit.jar, &visit.state.keys);
        return Redirect::to("/send").into_response();
    }
    let status = response.status();
    let result = response.explain(&visit, &form);
    let Hidden { key, account, confirmed } = result.hidden.clone();
    let form = MailForm { key, account, confirmed, ..form };
    let visit = if result.outcome == Outcome::SignedOut { visit.without_session() } else { visit };
    let wait = (result.wait > 0).then(|| HeaderValue::from(result.wait));
    let mut answer = answer(&visit, status, form, Some(result), false).await;
    answer.headers_mut().extend(wait.map(|it| (RETRY_AFTER, it)));
    answer
}

/// A field that is missing, or a form in no known shape (422 here is about what a field says).
async fn unreadable(visit: &Visit, status: StatusCode) -> Response {
    let status = match status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    render::failure(&visit.state, visit.request_id, status, Failure::Unreadable).await
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    form: MailForm,
    result: Option<SendResult>,
    waiting: bool,
) -> Response {
    let page = SendPage {
        person: visit.person(),
        form,
        result,
        ends_in: visit.ends_in(),
        sent_items: visit.state.sent_items_url.to_string(),
        waiting,
    };
    render::page(&visit.state, status, Page::Send(Box::new(page))).await
}

/// A first message, to oneself, so that pressing the button at once shows what this does.
fn welcome(visit: &Visit, session: &Session, key: String) -> MailForm {
    let words = &visit.state.frame.words.send;
    MailForm {
        key,
        account: session.person_id.hashed(),
        confirmed: String::new(),
        to: session.person.address.clone(),
        subject: words.welcome_subject.to_owned(),
        message: (words.welcome)(&session.person.name),
    }
}
