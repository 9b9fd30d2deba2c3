//! What the pages' server functions get: the port of `app`, for one request.

use app::{
    backend::Backend,
    wire::{MailForm, SendOutcome, SessionStatus},
};
use async_trait::async_trait;

use crate::{
    sending::{self, Ended},
    visit::Visit,
};

impl Visit {
    /// Sends `form`. A session that Microsoft no longer accepts is ended here too, so that
    /// "Connect" leads to Microsoft and not back to it.
    pub(crate) async fn send(&self, form: MailForm) -> Ended {
        let ended = sending::send(&self.state, self.session.clone(), form).await;
        if ended.session_is_over() {
            self.state.sessions.clear(&self.jar);
        }
        ended
    }
}

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
        self.send(form).await.outcome
    }
}
