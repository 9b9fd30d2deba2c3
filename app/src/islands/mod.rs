//! What wakes up in the browser. Everything else on a page is plain HTML that needs no script.

mod browser;
mod compose;
mod field_error;
mod presence;

pub use compose::Compose;
pub use field_error::FieldError;
pub use presence::Presence;
