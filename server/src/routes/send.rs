//! `/send`: the mail page, and the form as a browser without JavaScript posts it.

use std::sync::Arc;

use app::{
    pages::{Page, Person, SendPage},
    wire::{MailForm, SendOutcome},
};
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use bff::{Bff, Session, random_text};

use super::connect;
use crate::{
    auth::MAIL_PATH,
    flash::Flash,
    render::Pages,
    sending::{Ended, Sending},
    visit::Visit,
};

/// Shows the form with a welcome in it, and the result of the last press if one was left.
pub async fn show(
    State(bff): State<Bff<Person>>,
    State(pages): State<Pages>,
    visit: Visit,
) -> Response {
    let fresh = visit.visitor.fresh().await;
    let session = visit.session().filter(|_| !matches!(fresh, Ok(None)));
    let Some(session) = session else {
        let return_to = bff.return_to(MAIL_PATH);
        return connect::answer(&pages, &visit.without_session(), &return_to, None).await;
    };
    let outcome = match Flash::take(visit.visitor.jar(), bff.keys()) {
        Some(Flash::Sent(receipt)) => Some(SendOutcome::Sent(receipt)),
        _ => None,
    };
    let Ok(key) = random_text::<16>() else {
        return pages.internal(visit.request_id).await;
    };
    let form = welcome(session, key);
    answer(&pages, &visit, StatusCode::OK, form, outcome, fresh.is_err()).await
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
    let mut form = form.map(|Form(form)| form).unwrap_or_default();
    let Ended { outcome, status, .. } = sending.send(&visit, form.clone()).await;
    match outcome {
        SendOutcome::Sent(receipt) => {
            Flash::Sent(receipt).leave(visit.visitor.jar(), bff.keys());
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
            answer(&pages, &visit, status, form, Some(SendOutcome::NotSent(problem)), false).await
        }
    }
}

async fn answer(
    pages: &Pages,
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
        sent_items: pages.sent_items_url().to_string(),
        waiting,
    };
    pages.page(status, Page::Send(Box::new(page))).await
}

/// A first mail, to oneself, so that pressing the button at once shows what this does.
fn welcome(session: &Session<Person>, key: String) -> MailForm {
    let name = &session.profile.name;
    MailForm {
        key,
        account: session.person_id.hashed(),
        to: session.profile.address.clone(),
        subject: "Welcome to Microsoft Graph".to_owned(),
        message: format!(
            "Hello {name},\n\nyou have just sent this mail through Microsoft Graph: one HTTPS request, \
             from your own mailbox, with your permission.\n\nWhat else Graph can do with mail: \
             https://learn.microsoft.com/graph/outlook-mail-concept-overview\n\nBest wishes,\n\
             Graph Connect"
        ),
    }
}
