//! What travels between browser and server. Owns shapes only: no words for people but those the
//! server already chose, and never a token.

use serde::{Deserialize, Serialize};

/// Who is connected, answered to the browser's "check session" (RFC 10017, section 6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionStatus {
    /// A live session.
    Connected {
        /// The sign-in address, for people to read.
        address: String,
        /// Seconds until the session can no longer send.
        ends_in: u32,
    },
    /// No session, or one that has ended.
    NotConnected,
}

/// The send form, field by field, as the person left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailForm {
    /// One-time key of this form: the same key never sends twice.
    pub key: String,
    /// Opaque mark of the person the form was made for.
    pub account: String,
    /// Addresses, separated by comma, semicolon or newline.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub message: String,
}

/// How a press on "Send mail" ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SendOutcome {
    /// Graph accepted the message (202).
    Sent(Receipt),
    /// It did not, or nobody knows.
    NotSent(Problem),
}

/// What Graph accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The first recipient.
    pub to: String,
    /// How many more there were.
    pub others: u32,
    /// Ids to quote to support.
    pub ids: Ids,
    /// The key of the next form.
    pub next_key: String,
}

/// Why a mail was not sent, in words a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field to mend, if it is one.
    pub field: Option<Field>,
    /// What happened.
    pub reason: String,
    /// What to do now.
    pub advice: String,
    /// Connecting again is the way on.
    pub connect: bool,
    /// Ids to quote to support.
    pub ids: Ids,
    /// The key of the next try; `None` keeps the one in the form.
    pub next_key: Option<String>,
    /// The mark of the person the next try is for; `None` keeps the one in the form.
    pub account: Option<String>,
}

/// A field of the form that can be wrong by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// "To".
    To,
    /// "Subject".
    Subject,
    /// "Message".
    Message,
}

/// Label and value pairs that support asks for, such as Graph's `request-id`.
pub type Ids = Vec<(String, String)>;

impl Field {
    /// The field's `id` on the page, and its name in the form.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Subject => "subject",
            Self::Message => "message",
        }
    }
}
