//! A mail as typed, made into one that can be sent. Knows neither Graph nor forms.

mod address;
mod html;

pub use address::{AddressError, EmailAddress, parse_recipients};
pub use html::html_from_text;

/// The most characters of a subject; Exchange's own limit.
pub const LONGEST_SUBJECT: usize = 255;
