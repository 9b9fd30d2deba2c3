//! `GET /login/authorized`, the redirect URI (Entra calls it the reply URL): ends an attempt with a
//! session, or with a page that says why not.

use app::pages::{Passage, Person};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderValue, header::REFERRER_POLICY},
    response::Response,
};
use bff::{AuthorizationResponse, Bff, ReturnTo};

use super::{SignIn, admin, failure::SignInError};
use crate::{render::Pages, visit::Visit};

/// Answers with a page that moves on to where the person wanted to be, or with the failure.
pub async fn finish(
    State(bff): State<Bff<Person>>,
    State(sign_in): State<SignIn>,
    State(pages): State<Pages>,
    visit: Visit,
    answer: Result<Query<AuthorizationResponse>, QueryRejection>,
) -> Response {
    let answer = answer.map(|Query(answer)| answer).map_err(|_| SignInError::Unreadable);
    match answer {
        Ok(answer) if answer.admin_consent.is_some() => {
            without_referrer(admin::returned(&pages, visit.request_id, &answer))
        }
        // The way back from the provider's sign-out, to the one URI that is registered.
        Ok(answer) if answer.is_bare() => pages.move_on(Passage::Back, "/".to_owned()),
        Ok(answer) => match connect(&bff, &sign_in, &visit, answer).await {
            Ok(return_to) => pages.move_on(Passage::Connected, return_to.as_str().to_owned()),
            Err(error) => failed(&pages, &sign_in, &visit, error),
        },
        Err(error) => failed(&pages, &sign_in, &visit, error),
    }
}

async fn connect(
    bff: &Bff<Person>,
    sign_in: &SignIn,
    visit: &Visit,
    answer: AuthorizationResponse,
) -> Result<ReturnTo, SignInError> {
    let redeemed = bff.redeem(&visit.visitor, answer).await?;
    let person = sign_in.graph.me(redeemed.access_token(), visit.request_id).await?;
    Ok(bff.begin_session(&visit.visitor, redeemed, person).await?)
}

fn failed(pages: &Pages, sign_in: &SignIn, visit: &Visit, error: SignInError) -> Response {
    tracing::warn!(event = "sign_in_failed", %error);
    let (status, failure) = error.explain(&sign_in.admin_consent);
    without_referrer(pages.failure(visit.request_id, status, failure))
}

/// The page stands at a URL with a code in it, which must not leave with the next request.
fn without_referrer(mut answer: Response) -> Response {
    answer.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
