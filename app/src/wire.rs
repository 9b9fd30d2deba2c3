//! What travels between browser and server. Holds data and texts that the server chose for people,
//! never a token.

use serde::{Deserialize, Serialize};

/// The version of this module's types as they travel. Postcard has no field names, so a page of another
/// build could misread an answer: whoever changes what travels gives it another number.
pub const VERSION: &str = "1";

/// The request header in which a page sends the version it was made with.
pub const VERSION_HEADER: &str = "wire-version";

/// Who is connected, answered to the browser's "check session" (RFC 10017, section 6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionStatus {
    /// A live session.
    Connected {
        /// Whose session it is.
        sender: Sender,
        /// Seconds until the session can no longer send.
        ends_in: u32,
    },
    /// No session, or one that has ended.
    NotConnected,
}

/// The person whose mailbox sends, as the page names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Display name.
    pub name: String,
    /// Email address, or the sign-in name of an account without one.
    pub address: String,
    /// Both, as the form names them after "From".
    pub from: String,
    /// The page's first heading.
    pub greeting: String,
}

/// The send form, field by field, as the person left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailForm {
    /// Idempotency key of this form: the same key never sends twice.
    pub key: String,
    /// Opaque mark of the person the form was made for.
    pub account: String,
    /// [`CONFIRMED`] once the person was asked about an empty subject or message, else empty.
    #[serde(default)]
    pub confirmed: String,
    /// Addresses, separated by comma, semicolon or newline.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub message: String,
}

/// The value of [`MailForm::confirmed`] after the question about empty fields.
pub const CONFIRMED: &str = "empty";

/// How a press on "Send mail" ended, and what the page shows from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendResult {
    /// Which notice the page shows.
    pub outcome: Outcome,
    /// The notice's heading.
    pub heading: String,
    /// What happened, whether anything was sent, and what to do now.
    pub text: String,
    /// The field to correct, if it is one.
    pub field: Option<Field>,
    /// Whether another account is the way on.
    pub other_account: bool,
    /// The label of the form's button from now on.
    pub button: String,
    /// Seconds in which another press can't succeed.
    pub wait: u32,
    /// The form's hidden fields from now on: the idempotency key, the account, and whether empty
    /// fields are confirmed.
    pub hidden: Hidden,
    /// Who is connected; `None` keeps who the page shows.
    pub sender: Option<Sender>,
    /// What to quote to support.
    pub ids: Ids,
}

/// The hidden fields of [`MailForm`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// See [`MailForm::key`].
    pub key: String,
    /// See [`MailForm::account`].
    pub account: String,
    /// See [`MailForm::confirmed`].
    pub confirmed: String,
}

/// What is known about a message after a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Graph accepted it (202).
    Sent,
    /// It was not sent.
    NotSent,
    /// It may have been sent.
    Unknown,
    /// It was not sent, since there is no session any more.
    SignedOut,
}

/// A field of the form that can be wrong on its own.
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

impl Outcome {
    /// The `id` of the notice that tells it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::NotSent => "not-sent",
            Self::Unknown => "unknown",
            Self::SignedOut => "signed-out",
        }
    }
}

impl Field {
    /// The fields in the order of the form.
    pub const ALL: [Self; 3] = [Self::To, Self::Subject, Self::Message];

    /// The field's `id` on the page, and its name in the form.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Subject => "subject",
            Self::Message => "message",
        }
    }

    /// The `id` of the text under the field that says what is wrong with it.
    #[must_use]
    pub const fn error_id(self) -> &'static str {
        match self {
            Self::To => "to-error",
            Self::Subject => "subject-error",
            Self::Message => "message-error",
        }
    }
}
