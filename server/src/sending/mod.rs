//! What a press on "Send mail" does, with and without JavaScript: check, send at most once, say
//! how it ended. Knows no form encoding and no page.

mod concurrency;
mod idempotency;

use std::sync::Arc;

use app::{
    pages::{Fault, Person, SendFailure},
    wire::{Ids, MailForm, Receipt, SendOutcome},
};
use axum::http::StatusCode;
use bff::{Bff, Clock, RefreshError, Session, SharedState, random_text};
use sha2::{Digest, Sha256};
use tokio_util::task::TaskTracker;

use crate::{
    config::Limits,
    fault,
    graph::{Graph, GraphError, Message},
    mail::{AddressError, LONGEST_SUBJECT, parse_recipients},
    rates::{Rate, TooOften},
    request_id::RequestId,
    visit::Visit,
};

pub use concurrency::ConcurrencyLimit;
pub use idempotency::{Idempotency, IdempotencyKey, Refused};

/// How a press ended, with the status of a page that tells it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// For people.
    pub outcome: SendOutcome,
    /// For HTTP.
    pub status: StatusCode,
    /// Graph had refused the access token, so the session was refreshed on the way.
    renewed: bool,
}

impl Ended {
    fn sent(message: &Message, ids: Ids) -> Self {
        let to = message.to.first().map_or("", |it| it.as_str()).to_owned();
        let others = u32::try_from(message.to.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let receipt = Receipt { to, others, ids, next_key: new_key().unwrap_or_default() };
        Self { outcome: SendOutcome::Sent(receipt), status: StatusCode::OK, renewed: false }
    }

    /// Graph took the message.
    const fn is_sent(&self) -> bool {
        matches!(self.outcome, SendOutcome::Sent(_))
    }

    fn not_sent(failure: &SendFailure, ids: Ids, next_key: Option<String>) -> Self {
        let outcome = SendOutcome::NotSent(failure.explain(ids, next_key));
        Self { outcome, status: status(failure), renewed: false }
    }
}

/// Sends messages.
pub struct Sending {
    idempotency: Idempotency,
    rate: Rate,
    delivery: Arc<Delivery>,
}

/// What one delivery needs, which goes on without the request that began it.
struct Delivery {
    bff: Bff<Person>,
    graph: Arc<Graph>,
    concurrency: ConcurrencyLimit,
    limits: Limits,
    clock: Clock,
}

impl Sending {
    /// Sends through `graph`, as often as `rate` allows, and remembers in `state` what was sent.
    #[must_use]
    pub fn new(
        bff: Bff<Person>,
        graph: Arc<Graph>,
        state: Arc<dyn SharedState>,
        rate: Rate,
        limits: Limits,
        clock: Clock,
        tasks: TaskTracker,
    ) -> Self {
        let delivery =
            Delivery { bff, graph, concurrency: ConcurrencyLimit::default(), limits, clock };
        Self { idempotency: Idempotency::new(state, tasks), rate, delivery: Arc::new(delivery) }
    }

    /// Sends `form` for the person of `visit`, at most once for each key.
    ///
    /// The sending goes on when the browser gives up waiting, and whoever asks again with the same
    /// key hears its result.
    pub async fn send(&self, visit: &Visit, form: MailForm) -> Ended {
        let ids = visit.ids();
        let (limits, clock) = (self.delivery.limits, &self.delivery.clock);
        let unsent = |failure: SendFailure| Ended::not_sent(&failure, ids.clone(), None);
        let message = match check(&form, &limits) {
            Ok(message) => message,
            Err(failure) => return unsent(failure),
        };
        let Some(session) = visit.session() else {
            return unsent(SendFailure::SessionEnded);
        };
        let mark = session.person_id.hashed();
        if form.account != mark {
            let address = session.profile.address.clone();
            return unsent(SendFailure::AccountChanged { address, mark });
        }
        if let Err(TooOften(wait)) = self.rate.count(Some(session.id), visit.client) {
            tracing::warn!(event = "rate_limited", what = "send", person = mark);
            return unsent(SendFailure::TooOften { wait });
        }
        let session = match visit.visitor.fresh().await {
            Ok(Some(session)) => session,
            Ok(None) => return unsent(SendFailure::SessionEnded),
            Err(error) => return unsent(not_refreshed(&error)),
        };
        let person = session.person_id.clone();
        let key = IdempotencyKey { person: &person, key: &form.key };
        let text = [form.to.as_str(), &form.subject, &form.message].join("\u{0}");
        let text = Sha256::digest(text.as_bytes());
        let now = clock.now();
        let expires = now.saturating_add(limits.lifetime.as_secs());
        let message = Arc::new(message);
        let (delivery, sent, id) =
            (Arc::clone(&self.delivery), Arc::clone(&message), visit.request_id);
        let work = async move { delivery.deliver(session, &sent, id).await };
        match self.idempotency.run(key, text.into(), now, expires, work).await {
            Ok(ended) => {
                if ended.renewed {
                    // This answer brings the newer session.
                    _ = visit.visitor.fresh().await;
                }
                ended
            }
            Err(Refused::OtherText) => Ended::not_sent(&SendFailure::FormUsed, ids, new_key()),
            Err(Refused::Succeeded) => Ended::sent(&message, ids),
            Err(Refused::Lost) => Ended::not_sent(&SendFailure::Forgotten, ids, new_key()),
            Err(Refused::NotKept) => unsent(SendFailure::NotKept),
        }
    }
}

impl Delivery {
    async fn deliver(
        &self,
        mut session: Session<Person>,
        message: &Message,
        id: RequestId,
    ) -> Ended {
        let person = session.person_id.hashed();
        let patience = self.limits.graph_timeout;
        let whose = session.person_id.clone();
        let Some(_permit) = self.concurrency.acquire(&whose, patience).await else {
            tracing::warn!(event = "mail_not_accepted", person, error = "no turn at the mailbox");
            let failure = SendFailure::Throttled { retry_after: None };
            return Ended::not_sent(&failure, id.ids(), new_key());
        };
        if !session.token_lives(self.clock.now()) {
            // It could not be refreshed before, and ended while others had their turn.
            tracing::warn!(event = "mail_not_accepted", person, error = "the token has ended");
            let failure = SendFailure::NotRefreshed(Some(Fault::Down));
            return Ended::not_sent(&failure, id.ids(), new_key());
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
        match sent {
            Ok(ids) => {
                tracing::info!(event = "mail_accepted", person);
                Ended { renewed, ..Ended::sent(message, ids) }
            }
            Err(error) => {
                tracing::warn!(event = "mail_not_accepted", person, %error);
                if error.is_unauthorized() && session.token_lives(self.clock.now()) {
                    // Ended here too, so that "Connect" leads to Microsoft and not back to it.
                    self.bff.end_refused_session(&session).await;
                }
                let (failure, ids) = failure(error, id);
                Ended { renewed, ..Ended::not_sent(&failure, ids, new_key()) }
            }
        }
    }
}

fn not_refreshed(error: &RefreshError) -> SendFailure {
    SendFailure::NotRefreshed(fault::of_refresh(error))
}

fn new_key() -> Option<String> {
    random_text::<16>().ok()
}

fn check(form: &MailForm, limits: &Limits) -> Result<Message, SendFailure> {
    let most = limits.max_recipients;
    let to = parse_recipients(&form.to, most).map_err(|error| match error {
        AddressError::Nobody => SendFailure::Nobody,
        AddressError::NotAnAddress(text) => SendFailure::NotAnAddress(text),
        AddressError::TooMany => SendFailure::TooManyRecipients { most },
    })?;
    if form.subject.chars().count() > LONGEST_SUBJECT {
        return Err(SendFailure::LongSubject { most: LONGEST_SUBJECT });
    }
    if form.message.len() > limits.max_message {
        return Err(SendFailure::LongMessage { most: limits.max_message });
    }
    // A subject is one line whatever was pasted into it.
    let subject = form.subject.split(char::is_control).collect::<Vec<_>>().join(" ");
    Ok(Message { to, subject: subject.trim().to_owned(), text: form.message.clone() })
}

fn failure(error: GraphError, id: RequestId) -> (SendFailure, Ids) {
    let refusal = match error {
        GraphError::NotSent => return (SendFailure::Unreachable, id.ids()),
        GraphError::TimedOut => return (SendFailure::NoAnswer, id.ids()),
        GraphError::Broken | GraphError::Nonsense => return (SendFailure::Unclear, id.ids()),
        GraphError::Refused(refusal) => *refusal,
    };
    let no_mailbox = refusal.is("MailboxNotEnabledForRESTAPI");
    let failure = match refusal.status.as_u16() {
        401 => SendFailure::TokenRefused,
        403 => SendFailure::Denied { message: refusal.message },
        404 if no_mailbox => SendFailure::NoMailbox,
        413 => SendFailure::TooLarge,
        429 => SendFailure::Throttled { retry_after: refusal.retry_after },
        504 => SendFailure::NoAnswer,
        500..=599 => SendFailure::Unclear,
        _ => SendFailure::Refused { message: refusal.message },
    };
    (failure, refusal.ids)
}

/// The status of the page that tells it to a browser without JavaScript.
const fn status(failure: &SendFailure) -> StatusCode {
    match failure {
        SendFailure::Nobody
        | SendFailure::NotAnAddress(_)
        | SendFailure::TooManyRecipients { .. }
        | SendFailure::LongSubject { .. }
        | SendFailure::LongMessage { .. }
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
