//! Every text that a person reads on a page of this app, in one value for each language.
//!
//! A text is a `&'static str` or, where values go in, a function pointer: a language that lacks one
//! doesn't compile. Only the server has these; a text that the browser needs stands in the page.
//! Each page's struct is declared in the file of that page's name, English is [`EN`].

mod connect;
mod disconnect;
mod document;
mod en;
mod failure;
mod landing;
mod problem;
mod send;

pub use connect::{ConnectWords, Permission};
pub use disconnect::{Choice, DisconnectWords};
pub use document::{DetailsWords, DocumentWords};
pub use en::EN;
pub use failure::{Explanation, FailureWords, KnownErrorWords, UpstreamWords};
pub use landing::{LandingWords, PassageWords};
pub use problem::{ProblemWords, Told};
pub use send::SendWords;

/// All texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What surrounds every page.
    pub document: DocumentWords,
    /// `/`: what this is, or who is signed in.
    pub connect: ConnectWords,
    /// The question that "Disconnect" asks.
    pub disconnect: DisconnectWords,
    /// `/send`: the form and what became of it.
    pub send: SendWords,
    /// Why a message wasn't sent.
    pub problem: ProblemWords,
    /// Why something else didn't work.
    pub failure: FailureWords,
    /// The answers that lead from one site to the other.
    pub landing: LandingWords,
    /// The names of what support asks for.
    pub details: DetailsWords,
}
