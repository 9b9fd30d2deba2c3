//! What the pages' server functions get: the port of `app`, for one request.

use app::{
    backend::Backend,
    wire::{MailForm, SendOutcome, SessionStatus},
};
use async_trait::async_trait;

use crate::{sending, visit::Visit};

#[async_trait]
impl Backend for Visit {
    async fn session(&self) -> SessionStatus {
        match self.person() {
            Some(person) => {
                SessionStatus::Connected { address: person.address, ends_in: self.ends_in() }
            }
            None => SessionStatus::NotConnected,
        }
    }

    async fn send_mail(&self, form: MailForm) -> SendOutcome {
        sending::send(&self.state, self.session.clone(), form).await.outcome
    }
}
