//! The administrator's consent for a whole tenant. Whoever opens the page is the administrator.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>.

use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::answer::{Destination, ResponseMode};
use crate::identity::authorize::pending::AdminRequest;
use crate::identity::authorize::request::client_and_redirect;
use crate::identity::consents::with_sign_in;
use crate::identity::params::{Params, tenant_of};
use crate::identity::trace::Trace;
use crate::pages;
use crate::platform::{App, Platform};
use crate::scopes::Scopes;
use crate::tenant::Tenant;

/// Reads the request. Without `scope` it is about everything that the app registered.
fn parse(app: &Platform, tenant: &str, query: &str) -> Result<AdminRequest, Refusal> {
    let tenant = tenant_of(&app.directory, tenant)?;
    if tenant == Tenant::Consumers {
        return Err(Refusal::about(
            Aadsts::TenantNotFound,
            "Personal accounts have no administrator.",
        ));
    }
    let params = Params::parse(query.as_bytes())?;
    let (registration, redirect) = client_and_redirect(&app.directory, tenant, &params)?;
    let organization = match tenant {
        Tenant::One(organization) => organization,
        _ => registration.organization,
    };
    let permissions = match params.get("scope") {
        Some(scope) => {
            let scopes = Scopes::parse(scope, &app.base)?;
            scopes.with_default(registration.permissions.iter().copied()).permissions()
        }
        None => registration.permissions.clone(),
    };
    let state = params.even_empty("state").map(ToOwned::to_owned);
    Ok(AdminRequest {
        registration,
        organization,
        destination: Destination { redirect, mode: ResponseMode::Query, state },
        scopes: with_sign_in(permissions),
    })
}

/// `GET /{tenant}/v2.0/adminconsent`
pub async fn page(
    State(app): State<App>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    trace: Trace,
) -> Response {
    match parse(&app, &tenant, &query.unwrap_or_default()) {
        Ok(request) => {
            let id = app.random.guid();
            let page = pages::consent::for_everyone(
                id,
                &request.registration.name,
                request.organization,
                &request.scopes,
            );
            app.world().admin_requests.put(id, app.clock.now(), request);
            page
        }
        Err(refusal) => pages::failure::page(StatusCode::BAD_REQUEST, &trace.describe(&refusal)),
    }
}

/// The form of that page.
#[derive(Debug, Deserialize)]
pub struct Decision {
    transaction: Uuid,
    answer: AdminButton,
}

/// The button that was pressed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AdminButton {
    Accept,
    Cancel,
}

/// `POST /sandbox/sign-in/admin`
pub async fn decide(
    State(app): State<App>,
    trace: Trace,
    Form(decision): Form<Decision>,
) -> Response {
    let now = app.clock.now();
    let taken = app.world().admin_requests.take(decision.transaction, now);
    let Some(AdminRequest { registration, organization, destination, scopes }) = taken else {
        return pages::failure::gone();
    };
    let consented = ("admin_consent", "True".to_owned());
    match decision.answer {
        AdminButton::Accept => {
            app.world().consents.grant_for_everyone(registration, organization, &scopes);
            let tenant = ("tenant", organization.id.clone());
            destination.send(&app.random, vec![consented, tenant])
        }
        AdminButton::Cancel => {
            let text = trace.describe(&Aadsts::ConsentDeclined.into());
            let error = ("error", "access_denied".to_owned());
            destination.send(&app.random, vec![error, ("error_description", text), consented])
        }
    }
}
