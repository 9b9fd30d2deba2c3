//! Microsoft Graph v1.0, as far as mail needs it: one entry for every path below `/v1.0`.
//!
//! 1. [`call::Call`] gives the request its ids; they stand in every answer, refusals included.
//! 2. [`bearer`] finds out whose token it is, [`resource`] what the path means.
//! 3. A token that was challenged is challenged again ([`challenge`]).
//! 4. A mailbox answers so many requests at a time ([`mail::concurrency`]) and in some minutes
//!    ([`mail::traffic`]).
//! 5. A fault may happen.
//! 6. The token (401), the path (400), the method (405), the scope (403) are checked in this order;
//!    then the resource does its work.
//!
//! [`batch`] lets several requests go through all of this in one.

pub mod batch;
pub mod bearer;
pub mod call;
pub mod challenge;
pub mod contacts;
pub mod directory_search;
pub mod error;
pub mod error_code;
pub mod fault;
pub mod mail;
pub mod me;
pub mod odata;
pub mod people;
pub mod photo;
pub mod resource;
pub mod seed;
pub mod userinfo;
pub mod users;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, Method, Version};
use axum::response::Response;

use crate::accounts::Account;
use crate::faults::play;
use crate::graph::batch::Running;
use crate::graph::bearer::SignedIn;
use crate::graph::call::Call;
use crate::graph::error::GraphError;
use crate::graph::mail::concurrency::Place;
use crate::graph::resource::{Action, Resource};
use crate::platform::{App, Platform};

/// Everything below `/v1.0`.
pub async fn graph(State(app): State<App>, request: Request) -> Response {
    let call = Call::begin(&app, request.headers());
    if lacks_length(&request) {
        return call.sign(call::length_required());
    }
    let resource = Resource::parse(request.uri().path());
    let signed_in = bearer::check(&app, request.headers(), resource.as_ref().ok()).await;
    if let Ok(SignedIn { token, .. }) = &signed_in
        && let Some(challenge) = app.world().challenges.of(*token)
    {
        return call.sign(call.challenge(challenge));
    }
    if batch::is_batch(request.uri().path()) {
        let answer = match signed_in {
            // A token that an application has for itself names nobody, but its requests may.
            Ok(_) | Err(GraphError::NeedsPerson) => {
                batch::answer(request, |request| part(&app, request)).await
            }
            Err(error) => Err(error),
        };
        return call.sign(answer.unwrap_or_else(|error| call.refuse(&error)));
    }
    let place = match (&signed_in, &resource) {
        (Ok(signed_in), Ok(resource)) if resource.action.is_of_mailbox() => {
            match admit(&app, signed_in.account, request.headers()) {
                Ok(place) => Some(place),
                Err(error) => return call.sign(call.refuse(&error)),
            }
        }
        _ => None,
    };
    let seen = match (&signed_in, &resource) {
        (Ok(signed_in), Ok(Resource { action: Action::Mail(path), .. })) => {
            mail::change_key(&app, signed_in, path)
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
        match work(&app, resource, signed_in, seen, request).await {
            Ok(answer) => answer,
            Err(error) => call.refuse(&error),
        }
    })
    .await;
    drop(place);
    call.sign(answer)
}

/// A request of a batch: goes through everything that one of its own would.
fn part(app: &App, request: Request) -> Running {
    Box::pin(graph(State(app.clone()), request))
}

/// A request to a mailbox takes one of its places, and its body counts.
pub fn admit(
    app: &Platform,
    account: &'static Account,
    headers: &HeaderMap,
) -> Result<Place, GraphError> {
    let place = app.concurrency.enter(account)?;
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let now = app.clock.now();
    app.world().mailboxes.traffic.admit(account, now, length.unwrap_or_default())?;
    Ok(place)
}

/// In HTTP/1.1 a request that may have a body has to tell its length, be it 0, or be chunked.
fn lacks_length(request: &Request) -> bool {
    let headers = request.headers();
    request.version() <= Version::HTTP_11
        && [Method::POST, Method::PATCH, Method::PUT].contains(request.method())
        && !headers.contains_key(CONTENT_LENGTH)
        && !headers.contains_key(TRANSFER_ENCODING)
}

async fn work(
    app: &Platform,
    resource: Result<Resource, GraphError>,
    signed_in: Result<SignedIn, GraphError>,
    seen: Option<String>,
    request: Request,
) -> Result<Response, GraphError> {
    let signed_in = signed_in?;
    let Resource { whose, action } = resource?;
    let allowed = action.methods();
    if !allowed.contains(request.method()) {
        return Err(GraphError::MethodNotAllowed { allowed });
    }
    let account = signed_in.account;
    let own = whose.is(account);
    action.check(&signed_in.permissions, request.method(), own)?;
    if action.is_of_mailbox() && !own {
        return Err(users::no_mailbox_of(app, account, &whose));
    }
    let query = request.uri().query().unwrap_or_default();
    match action {
        Action::Users => users::list(app, &signed_in, &request),
        Action::UserCount => users::count(app, &signed_in, &request),
        Action::User if own => me::user(&app.base, account, query),
        Action::User => users::other(app, &signed_in, &whose, query),
        Action::Photos => photo::list(&app.base, users::account(app, account, &whose)?),
        Action::Photo(size) => {
            photo::about(&app.base, users::account(app, account, &whose)?, size.as_deref())
        }
        Action::PhotoContent(size) => {
            photo::content(users::account(app, account, &whose)?, size.as_deref())
        }
        Action::People => people::list(app, account, &request),
        Action::Contacts => contacts::list(app, account, &request),
        Action::ContactCount => contacts::count(account, query),
        Action::Contact(id) => contacts::read(app, account, &id, query),
        Action::Mail(path) => mail::work(app, &signed_in, &path, seen, request).await,
    }
}
