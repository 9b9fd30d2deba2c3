//! Why a call of a server function brought no answer.

use leptos::server_fn::{
    codec::PostcardEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

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
    /// The page is of another build than the server, which would misunderstand it (412), and nothing was
    /// done.
    #[error("the page is of another build")]
    Outdated,
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
