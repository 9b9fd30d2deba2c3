//! What the pages' server functions get: the port of `app`, for one request.

use std::sync::Arc;

use app::{
    backend::Backend,
    wire::{MailForm, SendResult, SessionStatus},
    words::Words,
};
use async_trait::async_trait;

use crate::{sending::Sending, visit::Visit};

/// The backend of one request.
pub struct RequestBackend {
    /// Who asks.
    pub visit: Visit,
    /// Sending.
    pub sending: Arc<Sending>,
    /// The words of the answer.
    pub words: &'static Words,
}

#[async_trait]
impl Backend for RequestBackend {
    async fn session(&self) -> SessionStatus {
        // A provider that can't be asked now doesn't end a session.
        let ended = matches!(self.visit.visitor.fresh().await, Ok(None));
        match self.visit.person().filter(|_| !ended) {
            Some(person) => SessionStatus::Connected {
                sender: person.sender(&self.words.send),
                ends_in: self.visit.ends_in(),
            },
            None => SessionStatus::NotConnected,
        }
    }

    async fn send_mail(&self, form: MailForm) -> SendResult {
        let response = self.sending.send(&self.visit, &form).await;
        response.explain(self.words, self.visit.person(), &form)
    }
}
