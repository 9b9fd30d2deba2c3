//! The port to the server: what a page's server functions may ask for. Knows no cookie and no HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use leptos::{prelude::use_context, server_fn::codec::MultipartData};

use crate::{
    call_error::CallError,
    wire::{MailForm, SendResult, SessionStatus},
};

/// What the server does for one request of one browser.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Who is connected.
    async fn session(&self) -> SessionStatus;

    /// Sends `form` for the connected person, at most once for each `form.key`.
    async fn send_mail(&self, form: MailForm) -> SendResult;
}

/// The backend of the request in hand.
pub(crate) fn current() -> Result<Arc<dyn Backend>, CallError> {
    use_context::<Arc<dyn Backend>>().ok_or(CallError::Lost)
}

/// Reads the form out of multipart data. A field that is missing is not taken for an empty one.
pub(crate) async fn read(data: MultipartData) -> Result<MailForm, CallError> {
    let mut data = data.into_inner().ok_or(CallError::Refused)?;
    let (mut key, mut account, mut confirmed) = (None, None, None);
    let (mut to, mut subject, mut message) = (None, None, None);
    while let Some(field) = data.next_field().await.map_err(|_| CallError::Refused)? {
        let place = match field.name() {
            Some("key") => &mut key,
            Some("account") => &mut account,
            Some("confirmed") => &mut confirmed,
            Some("to") => &mut to,
            Some("subject") => &mut subject,
            Some("message") => &mut message,
            _ => continue,
        };
        *place = Some(field.text().await.map_err(|_| CallError::Refused)?);
    }
    let given = |field: Option<String>| field.ok_or(CallError::Refused);
    Ok(MailForm {
        key: given(key)?,
        account: given(account)?,
        confirmed: confirmed.unwrap_or_default(),
        to: given(to)?,
        subject: given(subject)?,
        message: given(message)?,
    })
}
