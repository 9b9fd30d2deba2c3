//! Microsoft Graph v1.0, as far as sending mail needs it: one entry for every path below `/v1.0`.
//!
//! 1. [`call::Call`] gives the request its ids; they stand in every answer, refusals included.
//! 2. [`bearer`] finds out whose token it is, [`resource`] what the path means.
//! 3. A token that was challenged is challenged again ([`challenge`]).
//! 4. A mailbox answers so many requests at a time ([`mail::concurrency`]).
//! 5. A fault may happen.
//! 6. The token (401), the path (400), the method (405), the scope (403) are checked in this order;
//!    then the resource does its work.

pub mod bearer;
pub mod call;
pub mod challenge;
pub mod error;
pub mod fault;
pub mod mail;
pub mod me;
pub mod photo;
pub mod query;
pub mod resource;
pub mod userinfo;

use axum::extract::{Request, State};
use axum::response::Response;

use crate::faults::play;
use crate::graph::bearer::SignedIn;
use crate::graph::call::Call;
use crate::graph::error::GraphError;
use crate::graph::resource::{Action, Resource};
use crate::platform::{App, Platform};

/// Everything below `/v1.0`.
pub async fn graph(State(app): State<App>, request: Request) -> Response {
    let call = Call::begin(&app, request.headers());
    let resource = Resource::parse(request.uri().path());
    let signed_in = bearer::check(&app, request.headers(), resource.as_ref().ok()).await;
    if let Ok(SignedIn { token, .. }) = &signed_in
        && let Some(challenge) = app.world().challenges.of(*token)
    {
        return call.sign(call.challenge(challenge));
    }
    let place = match (&signed_in, &resource) {
        (Ok(signed_in), Ok(Resource { action: Action::Mail(_), .. })) => {
            match app.concurrency.enter(signed_in.account) {
                Ok(place) => Some(place),
                Err(error) => return call.sign(call.refuse(&error)),
            }
        }
        _ => None,
    };
    let fault = resource.as_ref().ok().and_then(|resource| {
        let account = signed_in.as_ref().ok().map(|signed_in| signed_in.account);
        app.world().faults.take(resource.action.route(), account)
    });
    if let (Ok(SignedIn { token, .. }), Some(challenge)) =
        (&signed_in, fault.as_ref().and_then(fault::challenge))
    {
        app.world().challenges.note(*token, challenge);
    }
    let answer = play(fault, |fault| fault::refuse(&call, fault), async {
        match work(&app, resource, signed_in, request).await {
            Ok(answer) => answer,
            Err(error) => call.refuse(&error),
        }
    })
    .await;
    drop(place);
    call.sign(answer)
}

async fn work(
    app: &Platform,
    resource: Result<Resource, GraphError>,
    signed_in: Result<SignedIn, GraphError>,
    request: Request,
) -> Result<Response, GraphError> {
    let signed_in = signed_in?;
    let Resource { whose, action } = resource?;
    let allowed = action.methods();
    if !allowed.contains(request.method()) {
        return Err(GraphError::MethodNotAllowed { allowed });
    }
    action.check(&signed_in.permissions, request.method())?;
    let account = signed_in.account;
    whose.must_be(account, &app.directory)?;
    match action {
        Action::User => me::user(&app.base, account, request.uri().query().unwrap_or_default()),
        Action::Photos => photo::list(&app.base, account),
        Action::Photo(size) => photo::about(&app.base, account, size.as_deref()),
        Action::PhotoContent(size) => photo::content(account, size.as_deref()),
        Action::Mail(path) => mail::work(app, &signed_in, &path, request).await,
    }
}
