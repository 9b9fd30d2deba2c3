//! Why a message was not sent, or is not known to be: from the cause to what the mail page says.
//! Knows no HTTP status; the server maps each cause to one.

use super::Fault;
use crate::{
    wire::{CONFIRMED, Field, Hidden, Ids, Outcome, SendResult},
    words::{ProblemWords, Told, Words},
};

/// Seconds to wait where Graph asks for a pause and does not say how long.
const PAUSE: u64 = 60;

/// The longest time for which the page disables its button, in seconds. After it, a press asks again.
const LONGEST_WAIT: u64 = 600;

/// What kept a message from being sent, or from being known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// "To" is empty.
    Nobody,
    /// "To" has a text that is no address: the text, or its beginning.
    NotAnAddress(String),
    /// "To" has more addresses than a message may have.
    TooManyRecipients { most: usize },
    /// The subject is too long.
    LongSubject { most: usize },
    /// The message is too long.
    LongMessage,
    /// The subject, the message or both are empty, and nobody has confirmed that.
    Empty { subject: bool, message: bool },
    /// The session has ended.
    SessionEnded,
    /// Another person is connected than the form was made for; `mark` is theirs.
    AccountChanged { address: String, mark: String },
    /// The form's key already sent another text.
    FormUsed,
    /// Graph does not accept the access token (401).
    TokenRefused,
    /// Graph does not allow it (403).
    Denied { message: String },
    /// The account has no mailbox that Graph can use (404).
    NoMailbox,
    /// The mailbox has no room for the copy in Sent Items.
    MailboxFull,
    /// The message is too large for Graph (413).
    TooLarge,
    /// Graph asks for a pause (429), of so many seconds where it said so.
    Throttled { retry_after: Option<u64> },
    /// Graph does not accept the addresses.
    RecipientsRefused { message: String },
    /// Graph did not take the message for another reason (4xx).
    Refused { message: String },
    /// Too many presses in a minute; seconds to wait.
    TooOften { wait: u64 },
    /// The session goes on, but its token could not be refreshed: the identity platform failed,
    /// or (`None`) it refuses this app's own credentials.
    NotRefreshed(Option<Fault>),
    /// This server could not write down that the form is used.
    NotKept,
    /// Nothing went out.
    Unreachable,
    /// Graph did not answer in time.
    NoAnswer,
    /// Graph failed while it had the message (5xx, or the connection broke), or gave an answer that
    /// neither accepts nor refuses it.
    Unclear,
    /// The form was used before, too long ago or before a restart; nobody knows how that ended.
    Forgotten,
}

impl SendFailure {
    /// What the page says, with the ids of Graph's answer; `form` has the hidden fields of the press,
    /// or those that the next press is to have.
    #[must_use]
    pub fn explain(&self, words: &Words, form: Hidden, ids: Ids) -> SendResult {
        let (heading, text) = self.say(&words.problem);
        let outcome = self.outcome();
        let button = match self {
            Self::Empty { .. } => words.send.send_anyway,
            _ if outcome == Outcome::Unknown => words.send.send_again,
            _ => words.send.send,
        };
        SendResult {
            outcome,
            heading: heading.to_owned(),
            text,
            field: self.field(),
            other_account: *self == Self::NoMailbox,
            button: button.to_owned(),
            wait: u32::try_from(self.wait().min(LONGEST_WAIT)).unwrap_or(0),
            hidden: match self {
                Self::AccountChanged { mark, .. } => Hidden { account: mark.clone(), ..form },
                Self::Empty { .. } => Hidden { confirmed: CONFIRMED.to_owned(), ..form },
                _ => form,
            },
            sender: None,
            ids,
        }
    }

    const fn outcome(&self) -> Outcome {
        match self {
            Self::SessionEnded | Self::TokenRefused => Outcome::SignedOut,
            Self::NoAnswer | Self::Unclear | Self::Forgotten => Outcome::Unknown,
            _ => Outcome::NotSent,
        }
    }

    const fn field(&self) -> Option<Field> {
        match self {
            Self::Nobody | Self::NotAnAddress(_) | Self::TooManyRecipients { .. } => {
                Some(Field::To)
            }
            Self::LongSubject { .. } => Some(Field::Subject),
            Self::LongMessage => Some(Field::Message),
            _ => None,
        }
    }

    /// Seconds in which another press can't succeed.
    fn wait(&self) -> u64 {
        match self {
            Self::Throttled { retry_after } => retry_after.unwrap_or(PAUSE),
            Self::NotRefreshed(Some(Fault::Busy { retry_after })) => retry_after.unwrap_or(PAUSE),
            Self::TooOften { wait } => *wait,
            _ => 0,
        }
    }

    fn say(&self, words: &ProblemWords) -> (&'static str, String) {
        let told = |it: Told| (it.heading, it.text.to_owned());
        let refused = |text: String| (words.refused_heading, text);
        let not_sent = |text: &str| (words.not_sent_heading, text.to_owned());
        let unknown = |text: &str| (words.unknown_heading, text.to_owned());
        match self {
            Self::Nobody => told(words.nobody),
            Self::NotAnAddress(text) => {
                (words.not_an_address.heading, (words.not_an_address.text)(text))
            }
            Self::TooManyRecipients { most } => {
                (words.too_many.heading, (words.too_many.text)(*most))
            }
            Self::LongSubject { most } => {
                (words.long_subject.heading, (words.long_subject.text)(*most))
            }
            Self::LongMessage => told(words.long_message),
            Self::Empty { subject: true, message: true } => told(words.nothing),
            Self::Empty { subject: true, .. } => told(words.no_subject),
            Self::Empty { .. } => told(words.no_message),
            Self::SessionEnded | Self::TokenRefused => told(words.signed_out),
            Self::AccountChanged { address, .. } => {
                (words.other_account.heading, (words.other_account.text)(address))
            }
            Self::FormUsed => not_sent(words.form_used),
            Self::Denied { message } => refused((words.denied)(message)),
            Self::NoMailbox => refused(words.no_mailbox.to_owned()),
            Self::MailboxFull => refused(words.mailbox_full.to_owned()),
            Self::TooLarge => refused(words.too_large.to_owned()),
            Self::Throttled { .. } => refused((words.throttled)(self.wait())),
            Self::RecipientsRefused { message } => refused((words.recipients_refused)(message)),
            Self::Refused { message } => refused((words.refused)(message)),
            Self::TooOften { wait } => (words.too_often.heading, (words.too_often.text)(*wait)),
            Self::NotRefreshed(Some(Fault::Busy { .. })) => {
                not_sent(&(words.sign_in_busy)(self.wait()))
            }
            Self::NotRefreshed(Some(Fault::Slow)) => not_sent(words.sign_in_slow),
            Self::NotRefreshed(Some(Fault::Down | Fault::Nonsense)) => not_sent(words.sign_in_down),
            Self::NotRefreshed(None) => not_sent(words.app_refused),
            Self::NotKept => not_sent(words.not_kept),
            Self::Unreachable => not_sent(words.unreachable),
            Self::NoAnswer => unknown(words.no_answer),
            Self::Unclear => unknown(words.unclear),
            Self::Forgotten => unknown(words.forgotten),
        }
    }
}
