//! What a press on "Send mail" does, with and without JavaScript: check, send at most once, say
//! how it ended. Knows no form encoding and no page.

mod concurrency;
mod idempotency;

use std::sync::Arc;

use app::{
    pages::{Fault, Person, Receipt, SendFailure},
    wire::{CONFIRMED, Hidden, Ids, MailForm, Outcome, SendResult},
    words::Words,
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
    text::beginning,
    visit::Visit,
};

pub use concurrency::{ConcurrencyLimit, Permit};
pub use idempotency::{Idempotency, IdempotencyKey, Refused};

/// The most letters that are quoted of a text that is no address.
const QUOTED: usize = 60;

/// The most letters that are shown of what Graph says.
const EXPLAINED: usize = 300;

/// How a press ended. Whoever presses again with the same key gets the same one, whatever language
/// they read.
#[derive(Clone, Debug)]
pub struct SendResponse {
    /// What Graph accepted, or why it is not known to have, with what to quote to support.
    pub outcome: Result<Receipt, (SendFailure, Ids)>,
    /// The key of the next press; `None` keeps the one in the form.
    next_key: Option<String>,
    /// Graph had refused the access token, so the session was refreshed on the way.
    renewed: bool,
}

impl SendResponse {
    /// Ended before the key was used: the next press may use it.
    const fn unsent(failure: SendFailure, ids: Ids) -> Self {
        Self { outcome: Err((failure, ids)), next_key: None, renewed: false }
    }

    /// Ended with the key used up.
    #[must_use]
    pub fn finished(outcome: Result<Receipt, (SendFailure, Ids)>) -> Self {
        Self { outcome, next_key: random_text::<16>().ok(), renewed: false }
    }

    /// Graph took the message.
    const fn is_sent(&self) -> bool {
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
        let concurrency = ConcurrencyLimit::default();
        let delivery = Delivery { bff, graph, concurrency, limits, clock };
        Self { idempotency: Idempotency::new(state, tasks), rate, delivery: Arc::new(delivery) }
    }

    /// Sends `form` for the person of `visit`, at most once for each key.
    ///
    /// The sending goes on when the browser gives up waiting, and whoever asks again with the same
    /// key hears its result, whatever has become of their session or their rate limit since.
    pub async fn send(&self, visit: &Visit, form: &MailForm) -> SendResponse {
        let (limits, ids) = (self.delivery.limits, visit.ids());
        let unsent = |failure: SendFailure| SendResponse::unsent(failure, ids.clone());
        let key = IdempotencyKey { account: &form.account, key: &form.key };
        let text = [form.to.as_str(), &form.subject, &form.message].join("\u{0}");
        let text = Sha256::digest(text.as_bytes()).into();
        if let Some(known) = self.idempotency.known(key, text).await {
            return known.unwrap_or_else(|refused| not_run(refused, visit, form, &limits));
        }
        let Some(session) = visit.session() else {
            return unsent(SendFailure::SessionEnded);
        };
        let mark = session.person_id.hashed();
        if let Err(TooOften(wait)) = self.rate.count(Some(session.id), visit.client) {
            tracing::warn!(event = "rate_limited", what = "send", person = mark);
            return unsent(SendFailure::TooOften { wait });
        }
        if form.account != mark {
            let address = session.profile.address.clone();
            return unsent(SendFailure::AccountChanged { address, mark });
        }
        let message = match check(form, &limits) {
            Ok(message) => message,
            Err(failure) => return unsent(failure),
        };
        let session = match visit.visitor.fresh().await {
            Ok(Some(session)) => session.into_owned(),
            Ok(None) => return unsent(SendFailure::SessionEnded),
            Err(error) => return unsent(not_refreshed(&error)),
        };
        let now = self.delivery.clock.now();
        let expires = now.saturating_add(limits.lifetime.as_secs());
        let (delivery, id) = (Arc::clone(&self.delivery), visit.request_id);
        let work = async move { delivery.deliver(session, &message, id).await };
        match self.idempotency.run(key, text, now, expires, work).await {
            Ok(response) => {
                if response.renewed {
                    // This answer brings the newer session.
                    _ = visit.visitor.fresh().await;
                }
                response
            }
            Err(refused) => not_run(refused, visit, form, &limits),
        }
    }
}

fn not_run(refused: Refused, visit: &Visit, form: &MailForm, limits: &Limits) -> SendResponse {
    let ids = visit.ids();
    let failed = |failure| SendResponse::finished(Err((failure, ids.clone())));
    match refused {
        Refused::OtherText => failed(SendFailure::FormUsed),
        // The whole result is gone, but not what the form says.
        Refused::Succeeded => match check(form, limits) {
            Ok(message) => {
                let owner = visit.session().filter(|it| it.person_id.hashed() == form.account);
                let from = owner.map(|it| it.profile.address.clone()).unwrap_or_default();
                SendResponse::finished(Ok(receipt(from, &message, ids)))
            }
            Err(failure) => failed(failure),
        },
        Refused::Lost => failed(SendFailure::Forgotten),
        Refused::NotKept => SendResponse::unsent(SendFailure::NotKept, ids),
    }
}

fn not_refreshed(error: &RefreshError) -> SendFailure {
    SendFailure::NotRefreshed(fault::of_refresh(error))
}

fn check(form: &MailForm, limits: &Limits) -> Result<Message, SendFailure> {
    let most = limits.max_recipients;
    let to = parse_recipients(&form.to, most).map_err(|error| match error {
        AddressError::Nobody => SendFailure::Nobody,
        AddressError::NotAnAddress(text) => SendFailure::NotAnAddress(beginning(&text, QUOTED)),
        AddressError::TooMany => SendFailure::TooManyRecipients { most },
    })?;
    if form.subject.chars().count() > LONGEST_SUBJECT {
        return Err(SendFailure::LongSubject { most: LONGEST_SUBJECT });
    }
    if form.message.len() > limits.max_message {
        return Err(SendFailure::LongMessage);
    }
    let empty = |text: &str| text.trim().is_empty();
    let (no_subject, no_message) = (empty(&form.subject), empty(&form.message));
    if (no_subject || no_message) && form.confirmed != CONFIRMED {
        return Err(SendFailure::Empty { subject: no_subject, message: no_message });
    }
    // A subject is one line whatever was pasted into it.
    let subject = form.subject.split(char::is_control).collect::<Vec<_>>().join(" ");
    Ok(Message { to, subject: subject.trim().to_owned(), text: form.message.clone() })
}

impl Delivery {
    async fn deliver(
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

fn receipt(from: String, message: &Message, ids: Ids) -> Receipt {
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
