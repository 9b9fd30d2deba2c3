//! How a press ended, for both ways of asking.

use app::{
    pages::{Person, Receipt, SendFailure},
    wire::{Hidden, Ids, MailForm, Outcome, SendResult},
    words::Words,
};
use axum::http::StatusCode;
use bff::random_text;

/// How a press ended. Whoever presses again with the same key gets the same one, whatever language
/// they read.
#[derive(Clone, Debug)]
pub struct SendResponse {
    /// What Graph accepted, or why it is not known to have, with what to quote to support.
    pub outcome: Result<Receipt, (SendFailure, Ids)>,
    /// The key of the next press; `None` keeps the one in the form.
    pub(super) next_key: Option<String>,
    /// Graph had refused the access token, so the session was refreshed on the way.
    pub(super) renewed: bool,
}

impl SendResponse {
    /// Ended before the key was used: the next press may use it.
    pub(super) const fn unsent(failure: SendFailure, ids: Ids) -> Self {
        Self { outcome: Err((failure, ids)), next_key: None, renewed: false }
    }

    /// Ended with the key used up.
    #[must_use]
    pub fn finished(outcome: Result<Receipt, (SendFailure, Ids)>) -> Self {
        Self { outcome, next_key: random_text::<16>().ok(), renewed: false }
    }

    /// Graph took the message.
    pub(super) const fn is_sent(&self) -> bool {
        self.outcome.is_ok()
    }

    /// What the page of `person` shows, once `form` was posted.
    #[must_use]
    pub fn explain(
        self,
        words: &'static Words,
        person: Option<Person>,
        form: &MailForm,
    ) -> SendResult {
        let key = self.next_key.unwrap_or_else(|| form.key.clone());
        let hidden = |confirmed| Hidden { key, account: form.account.clone(), confirmed };
        let result = match self.outcome {
            Ok(receipt) => receipt.explain(words, hidden(String::new())),
            Err((failure, ids)) => failure.explain(words, hidden(form.confirmed.clone()), ids),
        };
        let sender = person.filter(|_| result.outcome != Outcome::SignedOut);
        SendResult { sender: sender.map(|it| it.sender(&words.send)), ..result }
    }

    /// The status of the page that tells it to a browser without JavaScript.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match &self.outcome {
            Ok(_) => StatusCode::OK,
            Err((failure, _)) => status(failure),
        }
    }
}

const fn status(failure: &SendFailure) -> StatusCode {
    match failure {
        SendFailure::Nobody
        | SendFailure::NotAnAddress(_)
        | SendFailure::TooManyRecipients { .. }
        | SendFailure::LongSubject { .. }
        | SendFailure::LongMessage
        | SendFailure::Empty { .. }
        | SendFailure::MailboxFull
        | SendFailure::RecipientsRefused { .. }
        | SendFailure::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        SendFailure::SessionEnded | SendFailure::TokenRefused => StatusCode::UNAUTHORIZED,
        SendFailure::AccountChanged { .. } | SendFailure::FormUsed => StatusCode::CONFLICT,
        SendFailure::Denied { .. } => StatusCode::FORBIDDEN,
        SendFailure::NoMailbox => StatusCode::NOT_FOUND,
        SendFailure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        SendFailure::Throttled { .. } | SendFailure::TooOften { .. } => {
            StatusCode::TOO_MANY_REQUESTS
        }
        SendFailure::NotRefreshed(_) | SendFailure::NotKept => StatusCode::SERVICE_UNAVAILABLE,
        SendFailure::Unreachable | SendFailure::Unclear | SendFailure::Forgotten => {
            StatusCode::BAD_GATEWAY
        }
        SendFailure::NoAnswer => StatusCode::GATEWAY_TIMEOUT,
    }
}
