//! The token endpoint: reads the request, checks who sends it, answers.
//!
//! 1. The tenant of the path, the form.
//! 2. The client: its id (`700016`), the grant it asks for (`70003`), its secret (`7000215`) or its
//!    assertion ([`assertion`]).
//! 3. The grant: [`grant`].
//! 4. The tokens: [`mint`].

pub mod app_only;
pub mod assertion;
pub mod client;
pub mod grant;
pub mod mint;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use serde_json::Value;

use crate::faults::play;
use crate::faults::route::Route;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::fault;
use crate::identity::params::{Params, tenant_of};
use crate::identity::signing::SigningError;
use crate::identity::token::app_only::AppOnly;
use crate::identity::token::assertion::Verifier;
use crate::identity::token::client::Credentials;
use crate::identity::trace::Trace;
use crate::platform::{App, Platform};
use crate::registration::{self, Registration};
use crate::tenant::Tenant;

/// `POST /{tenant}/oauth2/v2.0/token`
pub async fn token(
    State(app): State<App>,
    Path(tenant): Path<String>,
    trace: Trace,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = read_form(&headers, &body);
    let fault = {
        let mut world = app.world();
        let value = form.as_ref().ok().and_then(grant_value);
        let owner = value.and_then(|value| world.grants.owner(value));
        world.faults.take(Route::Token, owner)
    };
    play(fault, |fault| fault::refuse(&trace, fault), async {
        let answered = match form {
            Ok(form) => answer(&app, &tenant, &headers, &form).await,
            Err(refusal) => Err(refusal),
        };
        match answered {
            Ok(body) => trace.json(StatusCode::OK, body),
            Err(refusal) => trace.refuse(&refusal),
        }
    })
    .await
}

/// Any other method.
pub async fn wrong_method(trace: Trace) -> Response {
    let mut answer = trace.refuse(&Aadsts::WrongMethod.into());
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    answer
}

async fn answer(
    app: &Platform,
    segment: &str,
    headers: &HeaderMap,
    form: &Params,
) -> Result<Value, Refusal> {
    let tenant = tenant_of(&app.directory, segment)?;
    let client = Credentials::read(headers, form)?;
    let registration = client.registration(&app.directory, tenant)?;
    let request = TokenRequest { app, segment, tenant, client, registration, form };
    let read_grant = match form.require("grant_type")? {
        "authorization_code" => grant::by_code,
        "refresh_token" => grant::by_refresh_token,
        // MSAL Node sends the short form.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => grant::by_device_code,
        "client_credentials" => return request.app_only().await,
        "password" if matches!(tenant, Tenant::Common | Tenant::Consumers) => {
            return Err(Aadsts::GrantTypeNeedsTenant.into());
        }
        other => {
            return Err(Refusal::about(Aadsts::GrantTypeUnknown, format!("'{other}'.")));
        }
    };
    let issued_to = grant_value(form).and_then(|value| app.world().grants.platform(value));
    request.authenticate(issued_to.unwrap_or_else(|| registration.usual_platform())).await?;
    let grant = read_grant(app, tenant, registration, form)?;
    mint::answer(app, &grant).map_err(signing_failed)
}

/// A token request of a known application.
struct TokenRequest<'a> {
    app: &'a Platform,
    /// The tenant as the path spells it.
    segment: &'a str,
    tenant: Tenant,
    client: Credentials,
    registration: &'static Registration,
    form: &'a Params,
}

impl TokenRequest<'_> {
    /// Whether the client has proved who it is, as clients of this platform do.
    async fn authenticate(&self, platform: registration::Platform) -> Result<(), Refusal> {
        let (app, registration, now) = (self.app, self.registration, self.app.clock.now());
        self.client.authenticate(registration, platform, now)?;
        if !self.client.has_assertion() {
            return Ok(());
        }
        let own = registration.organization.id.as_str();
        let endpoints = [self.segment, self.tenant.segment(), own]
            .map(|segment| format!("{}/{segment}/oauth2/v2.0/token", app.base))
            .into();
        let verifier = Verifier { registration, endpoints, federation: &app.federation, now };
        verifier.check(self.form).await
    }

    async fn app_only(&self) -> Result<Value, Refusal> {
        let organization = app_only::organization(self.tenant, self.registration)?;
        if !self.client.is_confidential() {
            return Err(Aadsts::CredentialMissing.into());
        }
        self.authenticate(registration::Platform::Web).await?;
        let app_only = AppOnly::check(self.app, organization, self.registration, self.form)?;
        app_only.answer(self.app).map_err(signing_failed)
    }
}

fn signing_failed(error: SigningError) -> Refusal {
    tracing::error!(%error, "no token could be signed");
    Aadsts::Failed.into()
}

/// A body of another type than a form has no parameters, not even the first one.
fn read_form(headers: &HeaderMap, body: &[u8]) -> Result<Params, Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::missing("grant_type"));
    }
    Params::parse(body)
}

/// What tells whose request this is.
fn grant_value(form: &Params) -> Option<&str> {
    form.get("code").or_else(|| form.get("refresh_token"))
}
