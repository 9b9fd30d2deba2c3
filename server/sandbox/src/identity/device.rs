//! The device authorization grant: the endpoint that a device asks, and the page where a person types its
//! code.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>.

use axum::Form;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::request::AuthorizeRequest;
use crate::identity::authorize::signin::SignInFlow;
use crate::identity::devices::{DeviceRequest, LIFETIME};
use crate::identity::params::{Params, tenant_of};
use crate::identity::trace::Trace;
use crate::pages;
use crate::platform::{App, Platform};
use crate::scopes::Scopes;

/// Seconds between two polls.
const INTERVAL: u64 = 5;

/// `POST /{tenant}/oauth2/v2.0/devicecode`
pub async fn device_code(
    State(app): State<App>,
    Path(tenant): Path<String>,
    trace: Trace,
    body: Bytes,
) -> Response {
    match answer(&app, &tenant, &body) {
        Ok(body) => trace.json(StatusCode::OK, body),
        Err(refusal) => trace.refuse(&refusal),
    }
}

fn answer(app: &Platform, tenant: &str, body: &[u8]) -> Result<Value, Refusal> {
    let tenant = tenant_of(&app.directory, tenant)?;
    let form = Params::parse(body)?;
    let client = form.require("client_id")?;
    let registration = app.directory.registration(client);
    let registration = registration
        .ok_or_else(|| Refusal::about(Aadsts::ClientNotFound, format!("'{client}'.")))?;
    if registration.disabled {
        return Err(Aadsts::ClientDisabled.into());
    }
    registration.check_tenant(tenant)?;
    let scopes = Scopes::parse(form.require("scope")?, &app.base)?;
    let device_code = app.random.base64url(160);
    let request = DeviceRequest { registration, tenant, scopes };
    let now = app.clock.now();
    let user_code = app.world().devices.add(device_code.clone(), request, &app.random, now);
    let page = format!("{}/devicelogin", app.base);
    Ok(json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": page,
        "expires_in": LIFETIME.whole_seconds(),
        "interval": INTERVAL,
        "message": format!(
            "To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."
        ),
    }))
}

/// `GET /devicelogin`
pub async fn page() -> Response {
    pages::device::ask(false)
}

/// The form of that page.
#[derive(Debug, Deserialize)]
pub struct Typed {
    code: String,
}

/// `POST /sandbox/sign-in/device`
pub async fn enter(
    State(app): State<App>,
    trace: Trace,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    let (session, waiting) = {
        let (mut world, now) = (app.world(), app.clock.now());
        (world.sessions.of(&headers, now), world.devices.waiting(&typed.code, now))
    };
    let Some((device_code, device)) = waiting else {
        return pages::device::ask(true);
    };
    let request = AuthorizeRequest::of_device(device_code, device);
    SignInFlow { app: &app, trace: &trace }.begin(request, session).await
}
