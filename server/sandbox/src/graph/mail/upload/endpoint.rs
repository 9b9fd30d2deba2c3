//! The address that a client uploads to: which requests it takes, and its answers. It is not Graph's,
//! and Graph's token is not for it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::accounts::Account;
use crate::dates;
use crate::faults::play;
use crate::faults::route::Route;
use crate::graph::call::Call;
use crate::graph::error::GraphError;
use crate::graph::mail::id::IdType;
use crate::graph::mail::stamp::Stamp;
use crate::graph::mail::upload::range::Range;
use crate::graph::mail::upload::session::Session;
use crate::graph::{self, fault};
use crate::platform::{App, Platform};

const METHODS: &[Method] = &[Method::PUT, Method::GET, Method::DELETE];
const LARGEST_PIECE: u64 = 4 * 1024 * 1024;

/// What an address of the endpoint says.
struct Address {
    path: String,
    secret: String,
}

/// Everything below `/api/gv1.0`.
pub async fn upload(State(app): State<App>, request: Request) -> Response {
    let call = Call::begin(&app, request.headers());
    let address = Address::of(&request);
    let admitted = admit(&app, &address, &request).and_then(|account| {
        graph::admit(&app, account, request.headers()).map(|place| (account, place))
    });
    let (account, place) = match admitted {
        Ok(admitted) => admitted,
        Err(error) => return call.sign(call.refuse(&error)),
    };
    let seen = change_key(&app, &address);
    let fault = app.world().faults.take(Route::Upload, Some(account));
    let answer = play(fault, |fault| fault::refuse(&call, fault), async {
        match work(&app, &address, seen, request).await {
            Ok(answer) => answer,
            Err(error) => call.refuse(&error),
        }
    })
    .await;
    drop(place);
    call.sign(answer)
}

/// Whose session it is. Only at its own host, without a token, as long as it is open.
fn admit(
    app: &Platform,
    address: &Address,
    request: &Request,
) -> Result<&'static Account, GraphError> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let own = app.upload_base.split_once("://").map(|(_, host)| host);
    if host != own {
        return Err(GraphError::UnknownSegment("api".to_owned()));
    }
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(GraphError::TokenForOtherAudience);
    }
    let now = app.clock.now();
    Ok(app.world().uploads.get(&address.secret, &address.path, now)?.owner)
}

/// The change key of the message that a session is for, as long as there are both.
fn change_key(app: &Platform, address: &Address) -> Option<String> {
    let mut world = app.world();
    let session = world.uploads.get(&address.secret, &address.path, app.clock.now()).ok()?.clone();
    let mailbox = world.mailboxes.of(session.owner, stamp(app));
    mailbox.item(&session.message).ok().map(|item| item.change_key().to_owned())
}

fn stamp(app: &Platform) -> Stamp<'_> {
    Stamp::now(app.inputs())
}

async fn work(
    app: &Platform,
    address: &Address,
    seen: Option<String>,
    request: Request,
) -> Result<Response, GraphError> {
    match *request.method() {
        Method::PUT => put(app, address, seen, request).await,
        Method::GET => {
            let mut world = app.world();
            let now = app.clock.now();
            Ok(progress(app, world.uploads.get(&address.secret, &address.path, now)?))
        }
        Method::DELETE => {
            app.world().uploads.remove(&address.secret);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(GraphError::MethodNotAllowed { allowed: METHODS }),
    }
}

/// Takes the next piece. A piece that breaks off leaves the session as it was.
async fn put(
    app: &Platform,
    address: &Address,
    seen: Option<String>,
    request: Request,
) -> Result<Response, GraphError> {
    let range = Range::read(request.headers())?;
    if range.length() > LARGEST_PIECE {
        return Err(GraphError::TooLarge);
    }
    let mut received = {
        let mut world = app.world();
        let session = world.uploads.get(&address.secret, &address.path, app.clock.now())?;
        session.check(range)?;
        let (owner, draft) = (session.owner, session.message.clone());
        let received = session.received.clone();
        // The limit shows late: with the piece that goes beyond it.
        let transport = world.mailboxes.transport.clone();
        let item = world.mailboxes.of(owner, stamp(app)).item(&draft)?;
        transport.check_upload(owner, &item.message, range.end)?;
        received
    };
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| GraphError::RangeLength)?;
        if let Some(data) = frame.data_ref() {
            received.push(data);
        }
        if received.bytes > range.end {
            return Err(GraphError::RangeLength);
        }
    }
    if received.bytes != range.end {
        return Err(GraphError::RangeLength);
    }
    let mut world = app.world();
    let session = world.uploads.get(&address.secret, &address.path, app.clock.now())?;
    // Another request may have brought the same piece meanwhile.
    session.check(range)?;
    session.received = received;
    if !session.is_complete() {
        return Ok(progress(app, session));
    }
    let session = session.clone();
    world.uploads.remove(&address.secret);
    let (owner, draft) = (session.owner, session.message.clone());
    let message = session.path.split("/AttachmentSessions").next().unwrap_or_default().to_owned();
    let file = session.into_attachment(&app.random);
    let id = file.id.shown(IdType::RestId);
    let location = format!("{}{message}/Attachments('{id}')", app.upload_base);
    world.mailboxes.of(owner, stamp(app)).change(&draft, seen.as_deref(), stamp(app), |item| {
        if !item.is_draft {
            return Err(GraphError::NotDraft);
        }
        item.message.attachments.push(file);
        Ok(())
    })?;
    let location = HeaderValue::try_from(location).map_err(|_| GraphError::MalformedId)?;
    Ok((StatusCode::CREATED, [(LOCATION, location)]).into_response())
}

/// How far the session got: a bare number, and one key in the letter case of the older service.
fn progress(app: &Platform, session: &Session) -> Response {
    let user = session.owner.object_id.as_str();
    let context = format!(
        "{}/api/gv1.0/$metadata#users('{user}')/messages('{}')/AttachmentSessions/$entity",
        app.upload_base, session.message
    );
    Json(json!({
        "@odata.context": context,
        "ExpirationDateTime": dates::graph(session.expires),
        "nextExpectedRanges": [session.received.bytes.to_string()],
    }))
    .into_response()
}

impl Address {
    fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let secret = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "authtoken")
            .map(|(_, value)| value.into_owned());
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
        Self { path, secret: secret.unwrap_or_default() }
    }
}
