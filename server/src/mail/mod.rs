//! A mail as typed, made into one that can be sent. Knows neither Graph nor forms.

mod address;
mod html;

pub use address::{AddressError, EmailAddress, parse_recipients};
pub use html::html_from_text;

/// The most recipients of one message; Exchange Online's default.
pub const MOST_RECIPIENTS: usize = 500;

/// The most characters of a subject; Exchange's own limit.
pub const LONGEST_SUBJECT: usize = 255;

/// The most bytes of a message; as HTML it stays far below Graph's 4 MB for a request.
pub const LONGEST_MESSAGE: usize = 500_000;
