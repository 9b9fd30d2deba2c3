//! What a press on "Send mail" does, with and without JavaScript: check, send at most once, say
//! how it ended. Knows no form encoding and no page.

mod once;

use app::{
    pages::SendFailure,
    wire::{MailForm, Receipt, SendOutcome},
};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};

use crate::{
    graph::{GraphError, Message},
    mail::{AddressError, LONGEST_MESSAGE, LONGEST_SUBJECT, MOST_RECIPIENTS, parse_recipients},
    session::{PersonId, Session},
    state::AppState,
    system::random_text,
};

pub use once::{Once, Refused};

/// How a press ended, with the status of a page that tells it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// For people.
    pub outcome: SendOutcome,
    /// For HTTP.
    pub status: StatusCode,
}

impl Ended {
    fn not_sent(failure: &SendFailure, ids: app::wire::Ids, next_key: Option<String>) -> Self {
        let outcome = SendOutcome::NotSent(failure.explain(ids, next_key));
        Self { outcome, status: status(failure) }
    }

    /// Nothing can be sent with this session any more.
    #[must_use]
    pub fn session_is_over(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    fn unsent(failure: &SendFailure) -> Self {
        Self::not_sent(failure, app::wire::Ids::new(), None)
    }
}

/// The opaque mark of a person in a form: whether it is the same one, and nothing else.
#[must_use]
pub fn account_mark(person: &PersonId) -> String {
    let digest = Sha256::digest(person.0.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Sends `form` for the person of `session`, at most once for each key.
///
/// The sending goes on by itself when the browser gives up waiting, and whoever asks again with
/// the same key hears its result.
pub async fn send(state: &AppState, session: Option<Session>, form: MailForm) -> Ended {
    let message = match check(&form) {
        Ok(message) => message,
        Err(failure) => return Ended::unsent(&failure),
    };
    let Some(session) = session else {
        return Ended::unsent(&SendFailure::SessionEnded);
    };
    let mark = account_mark(&session.person_id);
    if form.account != mark {
        let address = session.person.address.clone();
        return Ended::unsent(&SendFailure::AccountChanged { address, mark });
    }
    let key = (session.person_id.clone(), form.key.clone());
    let text =
        Sha256::digest([form.to.as_str(), &form.subject, &form.message].join("\u{0}").as_bytes());
    let expires = state.clock.now().saturating_add(state.limits.lifetime.as_secs());
    let task_state = state.clone();
    let ended = state
        .once
        .run(key, text.into(), state.clock.now(), expires, async move {
            deliver(&task_state, &session, &message).await
        })
        .await;
    match ended {
        Ok(ended) => ended,
        Err(Refused::OtherText) => {
            Ended::not_sent(&SendFailure::FormUsed, app::wire::Ids::new(), new_key())
        }
        Err(Refused::Lost) => {
            Ended::not_sent(&SendFailure::Unclear, app::wire::Ids::new(), new_key())
        }
    }
}

fn new_key() -> Option<String> {
    random_text::<16>().ok()
}

fn check(form: &MailForm) -> Result<Message, SendFailure> {
    let to = parse_recipients(&form.to).map_err(|error| match error {
        AddressError::Nobody => SendFailure::Nobody,
        AddressError::NotAnAddress(text) => SendFailure::NotAnAddress(text),
        AddressError::TooMany => SendFailure::TooManyRecipients { most: MOST_RECIPIENTS },
    })?;
    if form.subject.chars().count() > LONGEST_SUBJECT {
        return Err(SendFailure::LongSubject { most: LONGEST_SUBJECT });
    }
    if form.message.len() > LONGEST_MESSAGE {
        return Err(SendFailure::LongMessage { most: LONGEST_MESSAGE });
    }
    // A subject is one line whatever was pasted into it.
    let subject = form.subject.split(char::is_control).collect::<Vec<_>>().join(" ");
    Ok(Message { to, subject: subject.trim().to_owned(), text: form.message.clone() })
}

async fn deliver(state: &AppState, session: &Session, message: &Message) -> Ended {
    match state.graph.send_mail(&session.access_token, message).await {
        Ok(ids) => {
            let to = message.to.first().map_or("", |it| it.as_str()).to_owned();
            let others = u32::try_from(message.to.len() - 1).unwrap_or(u32::MAX);
            let receipt = Receipt { to, others, ids, next_key: new_key().unwrap_or_default() };
            tracing::info!(event = "mail_accepted");
            Ended { outcome: SendOutcome::Sent(receipt), status: StatusCode::OK }
        }
        Err(error) => {
            tracing::warn!(event = "mail_not_accepted", %error);
            let (failure, ids) = failure(error);
            Ended::not_sent(&failure, ids, new_key())
        }
    }
}

fn failure(error: GraphError) -> (SendFailure, app::wire::Ids) {
    let refusal = match error {
        GraphError::NotSent => return (SendFailure::Unreachable, app::wire::Ids::new()),
        GraphError::TimedOut => return (SendFailure::NoAnswer, app::wire::Ids::new()),
        GraphError::Broken | GraphError::Nonsense => {
            return (SendFailure::Unclear, app::wire::Ids::new());
        }
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
        SendFailure::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        SendFailure::Unreachable | SendFailure::Unclear => StatusCode::BAD_GATEWAY,
        SendFailure::NoAnswer => StatusCode::GATEWAY_TIMEOUT,
    }
}
