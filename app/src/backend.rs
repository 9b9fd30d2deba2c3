//! The port to the server: what a page's server functions may ask for. Knows no cookie and no HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use leptos::prelude::use_context;

use crate::{
    api::CallError,
    wire::{MailForm, SendOutcome, SessionStatus},
};

/// What the server does for one request of one browser.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Who is connected.
    async fn session(&self) -> SessionStatus;

    /// Sends `form` for the connected person, at most once for each `form.key`.
    async fn send_mail(&self, form: MailForm) -> SendOutcome;
}

/// The backend of the request in hand.
pub(crate) fn current() -> Result<Arc<dyn Backend>, CallError> {
    use_context::<Arc<dyn Backend>>().ok_or(CallError::Internal)
}
