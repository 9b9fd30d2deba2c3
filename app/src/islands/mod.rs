//! What wakes up in the browser. Everything else on a page is plain HTML that needs no script.
//!
//! An island takes no props and shows no words of its own: facts stand in `data-` attributes and
//! words in the page, which is written on the server. Props alone would bring a JSON parser to each
//! visitor, and the browser would hold every word twice.

mod browser;
mod button;
mod compose;
mod notice;
mod presence;
mod session;

pub use compose::Compose;
pub use presence::Presence;
