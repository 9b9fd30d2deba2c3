//! What a fault's refusal looks like at Graph.

use axum::http::StatusCode;
use axum::response::Response;

use crate::faults::{Fault, FaultCode};
use crate::graph::call::Call;
use crate::graph::challenge::Challenge;

/// Codes with the status each comes with. Where only the status is given, the first code with it stands.
const CODES: [(StatusCode, &str); 14] = [
    (StatusCode::BAD_REQUEST, "BadRequest"),
    (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
    (StatusCode::FORBIDDEN, "ErrorAccessDenied"),
    (StatusCode::FORBIDDEN, "Authorization_RequestDenied"),
    (StatusCode::FORBIDDEN, "ErrorSendAsDenied"),
    (StatusCode::NOT_FOUND, "ResourceNotFound"),
    (StatusCode::NOT_FOUND, "MailboxNotEnabledForRESTAPI"),
    (StatusCode::NOT_FOUND, "ImageNotFound"),
    (StatusCode::PAYLOAD_TOO_LARGE, "ErrorMessageSizeExceeded"),
    (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests"),
    (StatusCode::TOO_MANY_REQUESTS, "ApplicationThrottled"),
    (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError"),
    (StatusCode::SERVICE_UNAVAILABLE, "ServiceNotAvailable"),
    (StatusCode::GATEWAY_TIMEOUT, "UnknownError"),
];

/// The refusal that a fault asks for.
pub fn refuse(call: &Call, fault: &Fault) -> Response {
    if let Some(challenge) = challenge(fault) {
        return call.challenge(&challenge);
    }
    let status = fault.status.unwrap_or_else(|| {
        let known = CODES.iter().find(|(_, code)| Some(*code) == named(fault));
        known.map_or(StatusCode::BAD_REQUEST, |(status, _)| *status)
    });
    call.refuse_as(status, code(fault, status), "A fault of the sandbox.")
}

/// The challenge that a fault asks for: 401 unless it names another status.
pub fn challenge(fault: &Fault) -> Option<Challenge> {
    let claims = fault.claims.clone()?;
    let status = fault.status.unwrap_or(StatusCode::UNAUTHORIZED);
    Some(Challenge { status, code: code(fault, status).to_owned(), claims })
}

fn code(fault: &Fault, status: StatusCode) -> &str {
    named(fault).unwrap_or_else(|| {
        let known = CODES.iter().find(|(known, _)| *known == status);
        known.map_or("UnknownError", |(_, code)| *code)
    })
}

fn named(fault: &Fault) -> Option<&str> {
    fault.code.as_ref().map(|code| match code {
        FaultCode::Word(code) => code.as_str(),
        FaultCode::Aadsts(code) => code.error(),
    })
}
