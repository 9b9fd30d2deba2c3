//! Owns what a fault's refusal looks like at Graph.

use axum::http::StatusCode;
use axum::response::Response;

use crate::faults::{Fault, FaultCode};
use crate::graph::call::Call;

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
    if let Some(claims) = &fault.claims {
        return call.challenge(claims);
    }
    let named = match &fault.code {
        Some(FaultCode::Word(code)) => Some(code.as_str()),
        Some(FaultCode::Aadsts(code)) => Some(code.error()),
        None => None,
    };
    let status = fault.status.unwrap_or_else(|| {
        let known = CODES.iter().find(|(_, code)| Some(*code) == named);
        known.map_or(StatusCode::BAD_REQUEST, |(status, _)| *status)
    });
    let code = named.unwrap_or_else(|| {
        let known = CODES.iter().find(|(known, _)| *known == status);
        known.map_or("UnknownError", |(_, code)| *code)
    });
    call.refuse_as(status, code, "A fault of the sandbox.")
}
