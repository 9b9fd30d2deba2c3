//! What a fault's refusal looks like at the identity platform: the layer for routes that anybody may
//! read, and the JSON.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use crate::faults::route::Route;
use crate::faults::{Fault, FaultCode, play};
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::trace::Trace;
use crate::platform::App;

/// Faults of the discovery document.
pub async fn at_discovery(
    State(app): State<App>,
    trace: Trace,
    request: Request,
    next: Next,
) -> Response {
    public(Route::Discovery, &app, &trace, request, next).await
}

/// Faults of the published keys.
pub async fn at_keys(
    State(app): State<App>,
    trace: Trace,
    request: Request,
    next: Next,
) -> Response {
    public(Route::Keys, &app, &trace, request, next).await
}

async fn public(route: Route, app: &App, trace: &Trace, request: Request, next: Next) -> Response {
    let fault = app.world().faults.take(route, None);
    play(fault, |fault| refuse(trace, fault), next.run(request)).await
}

/// The refusal that a fault asks for, as JSON.
pub fn refuse(trace: &Trace, fault: &Fault) -> Response {
    let claims = fault.claims.as_deref();
    let mut answer = match &fault.code {
        Some(FaultCode::Word(error)) => {
            let status = match error.as_str() {
                "invalid_client" => StatusCode::UNAUTHORIZED,
                "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
                "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            trace.refuse_without_number(status, error, "A fault of the sandbox.", claims)
        }
        Some(FaultCode::Aadsts(code)) => trace.refuse(&refusal(*code, claims)),
        None => trace.refuse(&refusal(usual(fault), claims)),
    };
    if let Some(status) = fault.status {
        *answer.status_mut() = status;
    }
    answer
}

fn refusal(code: Aadsts, claims: Option<&str>) -> Refusal {
    match claims {
        Some(claims) => Refusal::from(code).with_claims(claims.to_owned()),
        None => code.into(),
    }
}

/// The code of a fault that names none.
fn usual(fault: &Fault) -> Aadsts {
    match fault.status {
        _ if fault.claims.is_some() => Aadsts::MfaNeeded,
        Some(StatusCode::UNAUTHORIZED) => Aadsts::SecretWrong,
        Some(StatusCode::TOO_MANY_REQUESTS) => Aadsts::Throttled,
        Some(status) if status.is_server_error() => Aadsts::Transient,
        _ => Aadsts::Malformed,
    }
}
