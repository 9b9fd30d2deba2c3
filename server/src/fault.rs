//! What is wrong with a service, in the words of a page, from what its client saw.

use app::pages::Fault;
use axum::http::StatusCode;
use bff::{ProviderError, RefreshError, TokenError, TransportError};

/// Of a host that gave no response.
#[must_use]
pub const fn of_transport(error: TransportError) -> Fault {
    match error {
        TransportError::TimedOut => Fault::Slow,
        TransportError::NoConnection | TransportError::Broken => Fault::Down,
        TransportError::NotAllowed | TransportError::TooLarge => Fault::Nonsense,
    }
}

/// Of the identity platform, whose own description couldn't be had.
#[must_use]
pub fn of_provider(error: &ProviderError) -> Fault {
    match error {
        ProviderError::Transport(error) => of_transport(*error),
        ProviderError::Status { status, retry_after } => of_status(*status, *retry_after),
        ProviderError::Unreadable | ProviderError::NotTheAuthority => Fault::Nonsense,
    }
}

/// Of the token endpoint; `None` where it refused.
#[must_use]
pub fn of_token(error: &TokenError) -> Option<Fault> {
    match error {
        TokenError::Transport(error) => Some(of_transport(*error)),
        TokenError::Unavailable { status, retry_after } => Some(of_status(*status, *retry_after)),
        TokenError::Unreadable => Some(Fault::Nonsense),
        TokenError::Refused(_) => None,
    }
}

/// Of the identity platform, which gave no fresh token; `None` where it refused.
#[must_use]
pub fn of_refresh(error: &RefreshError) -> Option<Fault> {
    match error {
        RefreshError::Provider(error) => Some(of_provider(error)),
        RefreshError::Token(error) => of_token(error),
        RefreshError::TooLarge(_) | RefreshError::NoRefreshToken => None,
        RefreshError::Aborted => Some(Fault::Down),
    }
}

fn of_status(status: StatusCode, retry_after: Option<u64>) -> Fault {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Fault::Busy { retry_after },
        status if status.is_server_error() => Fault::Down,
        _ => Fault::Nonsense,
    }
}
