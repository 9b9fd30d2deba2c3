//! Why a mail was not sent: what happened and what to do now. Knows no HTTP status; the server maps
//! each to one.

use super::Fault;
use crate::wire::{Field, Ids, Problem};

/// What kept a mail from being sent, or from being known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// "To" is empty.
    Nobody,
    /// "To" has a text that is no address.
    NotAnAddress(String),
    /// "To" has more addresses than a message may have.
    TooManyRecipients { most: usize },
    /// The subject is too long.
    LongSubject { most: usize },
    /// The message is too long, in bytes.
    LongMessage { most: usize },
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
    /// The message is too large for Graph (413).
    TooLarge,
    /// Graph asks for a pause (429).
    Throttled { retry_after: Option<u64> },
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
    /// Graph failed while it had the message (5xx, or the connection broke).
    Unclear,
    /// The form was used before, too long ago or before a restart; nobody knows how that ended.
    Forgotten,
}

impl SendFailure {
    /// The failure in words, with the ids of Graph's answer and the key of the next try.
    #[must_use]
    pub fn explain(&self, ids: Ids, next_key: Option<String>) -> Problem {
        let (reason, advice) = self.words();
        Problem {
            field: self.field(),
            reason,
            advice,
            connect: matches!(self, Self::SessionEnded | Self::TokenRefused),
            ids,
            next_key,
            account: match self {
                Self::AccountChanged { mark, .. } => Some(mark.clone()),
                _ => None,
            },
        }
    }

    const fn field(&self) -> Option<Field> {
        match self {
            Self::Nobody | Self::NotAnAddress(_) | Self::TooManyRecipients { .. } => {
                Some(Field::To)
            }
            Self::LongSubject { .. } => Some(Field::Subject),
            Self::LongMessage { .. } => Some(Field::Message),
            _ => None,
        }
    }

    fn words(&self) -> (String, String) {
        const LOOK: &str = "Look in your Sent Items before you press Send mail again: the mail may be \
                            there. Nothing is repeated by itself.";
        let words = |reason: &str, advice: &str| (reason.to_owned(), advice.to_owned());
        match self {
            Self::Nobody => words("Nobody is named.", "Enter at least one address."),
            Self::NotAnAddress(text) => (
                format!("“{text}” is not an email address."),
                "Write it like name@example.com.".to_owned(),
            ),
            Self::TooManyRecipients { most } => (
                format!("A mail can have at most {most} recipients."),
                "Take some out, or send several mails.".to_owned(),
            ),
            Self::LongSubject { most } => {
                (format!("A subject can have at most {most} characters."), "Shorten it.".to_owned())
            }
            Self::LongMessage { most } => (
                format!("A message can have at most {most} bytes."),
                "Shorten it, or send it in parts.".to_owned(),
            ),
            Self::SessionEnded => words(
                "Your session has ended, so nothing was sent.",
                "Connect in a new tab, come back here, and press Send mail again.",
            ),
            Self::AccountChanged { address, .. } => (
                format!(
                    "You are now connected as {address}, but this mail was begun with another \
                     account. Nothing was sent."
                ),
                format!("Press Send mail again to send it as {address}."),
            ),
            Self::FormUsed => words(
                "A mail was already sent from this form, with another text. This one was not sent.",
                "Press Send mail again to send it as a mail of its own.",
            ),
            Self::TokenRefused => words(
                "Microsoft no longer accepts this session, so nothing was sent.",
                "Connect in a new tab, come back here, and press Send mail again.",
            ),
            Self::Denied { message } => (
                explained("Your account is not allowed to send this mail.", message),
                "Ask your administrator whether this app may send mail for you.".to_owned(),
            ),
            Self::NoMailbox => words(
                "This account has no mailbox that Microsoft Graph can send from.",
                "Connect another account. A work account needs an Exchange Online mailbox; an \
                 administrator can tell.",
            ),
            Self::TooLarge => words(
                "The mail is larger than Microsoft Graph takes. It was not sent.",
                "Shorten the message and send it again.",
            ),
            Self::Throttled { retry_after } => (
                "Microsoft Graph is getting too many requests. The mail was not sent.".to_owned(),
                pause(*retry_after),
            ),
            Self::Refused { message } => (
                explained("Microsoft Graph did not take the mail.", message),
                "Check the addresses and the text, then press Send mail again.".to_owned(),
            ),
            Self::TooOften { wait } => words(
                "That was too often in one minute, so this mail was not sent.",
                &pause(Some(*wait)),
            ),
            Self::NotRefreshed(Some(fault)) => {
                let how = match fault {
                    Fault::Down => "cannot be reached",
                    Fault::Slow => "did not answer in time",
                    Fault::Nonsense => "gave an answer that cannot be read",
                    Fault::Busy { .. } => "is busy",
                };
                let wait = match fault {
                    Fault::Busy { retry_after } => *retry_after,
                    _ => None,
                };
                (
                    format!("Microsoft's sign-in service {how}, so nothing was sent."),
                    format!("You stay connected. {}", pause(wait)),
                )
            }
            Self::NotRefreshed(None) => words(
                "Microsoft does not accept this app's own credentials, so nothing was sent.",
                "Only the operator of this site can mend this: send them the details. You stay \
                 connected.",
            ),
            Self::NotKept => words(
                "This site cannot keep its records just now, so nothing was sent.",
                "Press Send mail again in a few minutes. If it stays, send the details to the \
                 operator of this site.",
            ),
            Self::Unreachable => words(
                "Microsoft Graph cannot be reached, so nothing was sent.",
                "Press Send mail again in a few minutes.",
            ),
            Self::NoAnswer => words(
                "Microsoft Graph did not answer in time, so the mail may have been sent.",
                LOOK,
            ),
            Self::Unclear => words(
                "Microsoft Graph failed while it had the mail, so the mail may have been sent.",
                LOOK,
            ),
            Self::Forgotten => words(
                "This form was already used, so its mail may have been sent.",
                LOOK,
            ),
        }
    }
}

fn pause(seconds: Option<u64>) -> String {
    match seconds {
        Some(1) => "Wait a second, then press Send mail again.".to_owned(),
        Some(seconds) => format!("Wait {seconds} seconds, then press Send mail again."),
        None => "Wait a minute, then press Send mail again.".to_owned(),
    }
}

fn explained(what: &str, message: &str) -> String {
    if message.is_empty() { what.to_owned() } else { format!("{what} It says: {message}") }
}
