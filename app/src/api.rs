//! The two server functions. Each is one call on the [`Backend`](crate::backend::Backend) and
//! decides nothing.
//!
//! A message comes as the browser's own form data, which files will fit into; answers go as
//! postcard. JSON would cost each visitor 15 kB of WebAssembly.

use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData, Postcard},
};

use crate::{
    call_error::CallError,
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
