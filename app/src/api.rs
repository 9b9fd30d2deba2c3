//! The two server functions. Each is one call on the [`Backend`](crate::backend::Backend) and
//! decides nothing.
//!
//! A message comes as the browser's own form data, which files will fit into; answers go as
//! postcard. JSON would cost each visitor 15 kB of WebAssembly.

use leptos::{
    prelude::*,
    server_fn::{
        codec::{MultipartData, MultipartFormData, Postcard, PostcardEncoding},
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    client::Api,
    wire::{SendResult, SessionStatus},
};

/// Who is connected, and for how long.
///
/// # Errors
/// [`CallError`] when no answer came.
#[server(endpoint = "session", client = Api, input = Postcard, output = Postcard)]
pub async fn session() -> Result<SessionStatus, CallError> {
    Ok(crate::backend::current()?.session().await)
}

/// Sends one message, at most once for each key. The data are the fields of
/// [`MailForm`](crate::wire::MailForm).
///
/// # Errors
/// [`CallError`] when no answer came.
#[server(endpoint = "send_mail", client = Api, input = MultipartFormData, output = Postcard)]
pub async fn send_mail(form: MultipartData) -> Result<SendResult, CallError> {
    let form = crate::backend::read(form).await?;
    Ok(crate::backend::current()?.send_mail(form).await)
}

/// A call that brought no answer. What went wrong inside the server is in its log, not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CallError {
    /// This browser cannot make such a call, so none was made.
    #[error("the browser cannot call")]
    Unsupported,
    /// The browser says that it has no network.
    #[error("this computer is offline")]
    Offline,
    /// No answer, or none that can be read: the call may have been carried out.
    #[error("no answer came")]
    Lost,
    /// The request is larger than the server takes (413), and nothing was done.
    #[error("the request is too large")]
    TooLarge,
    /// The request did not arrive whole in time (408), and nothing was done.
    #[error("the request was too slow")]
    TooSlow,
    /// The server refused the request before it did anything (another 4xx).
    #[error("the request was refused")]
    Refused,
}

impl FromServerFnError for CallError {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Refused,
            _ => Self::Lost,
        }
    }
}
