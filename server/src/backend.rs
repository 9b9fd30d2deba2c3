//! What the pages' server functions get: the port of `app`, for one request.

use app::{
    backend::Backend,
    wire::{MailForm, SendResult, SessionStatus},
};
use async_trait::async_trait;

use crate::{sending, visit::Visit};

#[async_trait]
impl Backend for Visit {
    async fn session(&self) -> SessionStatus {
        // A provider that cannot be asked just now does not end a session.
        let ended = matches!(self.fresh().await, Ok(None));
        match self.person().filter(|_| !ended) {
            Some(person) => SessionStatus::Connected {
                sender: person.sender(&self.state.frame.words.send),
                ends_in: self.ends_in(),
            },
            None => SessionStatus::NotConnected,
        }
    }

    async fn send_mail(&self, form: MailForm) -> SendResult {
        sending::send(self, &form).await.explain(self, &form)
    }
}
