//! The two server functions. Each is one call on the [`Backend`](crate::backend::Backend); owns no
//! decision.

use leptos::{
    prelude::*,
    server_fn::{
        codec::{Json, JsonEncoding},
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    client::Api,
    wire::{MailForm, SendOutcome, SessionStatus},
};

/// Who is connected, and for how long.
///
/// # Errors
/// [`CallError`] when no answer came.
#[server(endpoint = "session", client = Api, input = Json)]
pub async fn session() -> Result<SessionStatus, CallError> {
    Ok(crate::backend::current()?.session().await)
}

/// Sends one mail, at most once for each key.
///
/// # Errors
/// [`CallError`] when no answer came; the mail may then have been sent.
#[server(endpoint = "send_mail", client = Api, input = Json)]
pub async fn send_mail(form: MailForm) -> Result<SendOutcome, CallError> {
    Ok(crate::backend::current()?.send_mail(form).await)
}

/// A call that brought no answer. What went wrong inside the server is in its log, not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CallError {
    /// The browser says that it has no network.
    #[error("this computer is offline")]
    Offline,
    /// No answer in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The request is larger than the server takes (413).
    #[error("the request is too large")]
    TooLarge,
    /// The connection failed, or the answer was not ours.
    #[error("the server could not be reached")]
    Unreachable,
    /// The server failed.
    #[error("the server failed")]
    Internal,
}

impl FromServerFnError for CallError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}
