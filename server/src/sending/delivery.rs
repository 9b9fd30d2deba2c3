//! One delivery: a turn at the mailbox, the call to Graph, and what its answer means.

use std::sync::Arc;

use app::{
    pages::{Fault, Person, Receipt, SendFailure},
    wire::Ids,
};
use bff::{Bff, Clock, Session};

use super::{ConcurrencyLimit, SendResponse};
use crate::{
    config::Limits,
    graph::{Graph, GraphError, Message},
    request_id::RequestId,
    text::beginning,
};

/// The most letters that are shown of what Graph says.
const EXPLAINED: usize = 300;

/// What one delivery needs, which goes on without the request that began it.
pub(super) struct Delivery {
    pub(super) bff: Bff<Person>,
    pub(super) graph: Arc<Graph>,
    pub(super) concurrency: ConcurrencyLimit,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
}

impl Delivery {
    /// Sends `message` once for the person of `session`, and says how that ended.
    pub(super) async fn deliver(
        &self,
        mut session: Session<Person>,
        message: &Message,
        id: RequestId,
    ) -> SendResponse {
        let person = session.person_id.hashed();
        let failed = |failure, ids| SendResponse::finished(Err((failure, ids)));
        let (mailbox, patience) = (session.person_id.clone(), self.limits.graph_timeout);
        let Some(_permit) = self.concurrency.acquire(&mailbox, patience).await else {
            tracing::warn!(event = "mail_not_accepted", person, error = "no turn at the mailbox");
            return failed(SendFailure::Throttled { retry_after: None }, id.ids());
        };
        if !session.token_lives(self.clock.now()) {
            // It could not be refreshed before, and ended while others had their turn.
            tracing::warn!(event = "mail_not_accepted", person, error = "the token has ended");
            return failed(SendFailure::NotRefreshed(Some(Fault::Down)), id.ids());
        }
        let mut renewed = false;
        let mut sent = self.graph.send_mail(&session.access_token, message, id).await;
        if sent.as_ref().is_err_and(GraphError::is_unauthorized)
            && let Ok(newer) = self.bff.renewed(&session).await
        {
            // Nothing was sent with the token that Graph refused; a newer one is tried once.
            (session, renewed) = (newer, true);
            sent = self.graph.send_mail(&session.access_token, message, id).await;
        }
        let response = match sent {
            Ok(ids) => {
                tracing::info!(event = "mail_accepted", person);
                SendResponse::finished(Ok(receipt(session.profile.address, message, ids)))
            }
            Err(error) => {
                tracing::warn!(event = "mail_not_accepted", person, %error);
                if error.is_unauthorized() && session.token_lives(self.clock.now()) {
                    // Ended here too, so that "Connect" leads to Microsoft and not back to it.
                    self.bff.end_refused_session(&session).await;
                }
                let (failure, ids) = failure(error, id);
                failed(failure, ids)
            }
        };
        SendResponse { renewed, ..response }
    }
}

/// What is told of a message that Graph accepted.
pub(super) fn receipt(from: String, message: &Message, ids: Ids) -> Receipt {
    Receipt {
        from,
        to: message.to.first().map_or("", |it| it.as_str()).to_owned(),
        others: u32::try_from(message.to.len().saturating_sub(1)).unwrap_or(u32::MAX),
        ids,
    }
}

fn failure(error: GraphError, id: RequestId) -> (SendFailure, Ids) {
    let refusal = match error {
        GraphError::NotSent => return (SendFailure::Unreachable, id.ids()),
        GraphError::TimedOut => return (SendFailure::NoAnswer, id.ids()),
        GraphError::Broken | GraphError::Nonsense => return (SendFailure::Unclear, id.ids()),
        GraphError::Refused(refusal) => *refusal,
    };
    let message = beginning(&refusal.message, EXPLAINED);
    let failure = match refusal.status.as_u16() {
        400.. if refusal.is("ErrorQuotaExceeded") => SendFailure::MailboxFull,
        401 => SendFailure::TokenRefused,
        403 => SendFailure::Denied { message },
        404 if refusal.is("MailboxNotEnabledForRESTAPI") => SendFailure::NoMailbox,
        408 | 504 => SendFailure::NoAnswer,
        413 => SendFailure::TooLarge,
        429 => SendFailure::Throttled { retry_after: refusal.retry_after },
        400..=499 if refusal.is("ErrorMessageSizeExceeded") => SendFailure::TooLarge,
        400..=499 if refusal.is("ErrorInvalidRecipients") => {
            SendFailure::RecipientsRefused { message }
        }
        400..=499 => SendFailure::Refused { message },
        // Only 202 says that it was accepted, and only 4xx that it was not.
        _ => SendFailure::Unclear,
    };
    (failure, refusal.ids)
}
