//! `/send`: the mail page, and the form as a browser without JavaScript posts it.

use app::{
    pages::{Page, SendPage},
    wire::{MailForm, SendOutcome},
};
use axum::{
    Form,
    extract::rejection::FormRejection,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::connect;
use crate::{
    auth::return_to::ReturnTo,
    flash::Flash,
    render,
    sending::{self, Ended},
    session::Session,
    system::random_text,
    visit::Visit,
};

/// Shows the form with a welcome in it, and the result of the last press if one was left.
pub async fn show(visit: Visit) -> Response {
    let fresh = visit.fresh().await;
    let session = visit.session.as_ref().filter(|_| !matches!(fresh, Ok(None)));
    let Some(session) = session else {
        return connect::answer(&visit.without_session(), &ReturnTo::mail_page(), None).await;
    };
    let outcome = match Flash::take(&visit.jar, &visit.state.keys) {
        Some(Flash::Sent(receipt)) => Some(SendOutcome::Sent(receipt)),
        _ => None,
    };
    let Ok(key) = random_text::<16>() else {
        return render::internal(&visit.state, visit.request_id).await;
    };
    let form = welcome(session, key);
    answer(&visit, StatusCode::OK, form, outcome, fresh.is_err()).await
}

/// Sends. On success the browser is moved on, so that a reload posts nothing; else it gets the
/// page with every field as it was.
pub async fn submit(visit: Visit, form: Result<Form<MailForm>, FormRejection>) -> Response {
    let mut form = form.map(|Form(form)| form).unwrap_or_default();
    let Ended { outcome, status } = sending::send(&visit, form.clone()).await;
    match outcome {
        SendOutcome::Sent(receipt) => {
            Flash::Sent(receipt).leave(&visit.jar, &visit.state.keys);
            Redirect::to("/send").into_response()
        }
        SendOutcome::NotSent(problem) => {
            if let Some(next_key) = &problem.next_key {
                form.key.clone_from(next_key);
            }
            if let Some(account) = &problem.account {
                form.account.clone_from(account);
            }
            let visit = if problem.connect { visit.without_session() } else { visit };
            answer(&visit, status, form, Some(SendOutcome::NotSent(problem)), false).await
        }
    }
}

async fn answer(
    visit: &Visit,
    status: StatusCode,
    form: MailForm,
    outcome: Option<SendOutcome>,
    waiting: bool,
) -> Response {
    let page = SendPage {
        person: visit.person(),
        form,
        outcome,
        ends_in: visit.ends_in(),
        sent_items: visit.state.sent_items_url.to_string(),
        waiting,
    };
    render::page(&visit.state, status, Page::Send(Box::new(page))).await
}

/// A first mail, to oneself, so that pressing the button at once shows what this does.
fn welcome(session: &Session, key: String) -> MailForm {
    let name = &session.person.name;
    MailForm {
        key,
        account: session.person_id.hashed(),
        to: session.person.address.clone(),
        subject: "Welcome to Microsoft Graph".to_owned(),
        message: format!(
            "Hello {name},\n\nyou have just sent this mail through Microsoft Graph: one HTTPS request, \
             from your own mailbox, with your permission.\n\nWhat else Graph can do with mail: \
             https://learn.microsoft.com/graph/outlook-mail-concept-overview\n\nBest wishes,\n\
             Graph Connect"
        ),
    }
}
