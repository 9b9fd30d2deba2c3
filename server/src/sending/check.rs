//! From a form to the message that it asks to send.

use app::{
    pages::SendFailure,
    wire::{CONFIRMED, MailForm},
};

use crate::{
    config::Limits,
    graph::Message,
    mail::{AddressError, LONGEST_SUBJECT, parse_recipients},
    text::beginning,
};

/// The most letters that are quoted of a text that is no address.
const QUOTED: usize = 60;

/// The message of `form`, or what has to be changed first.
pub(super) fn check(form: &MailForm, limits: &Limits) -> Result<Message, SendFailure> {
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
