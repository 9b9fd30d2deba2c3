//! Every page, from data to HTML. The server chooses which and with what status.

mod connect;
mod disconnect;
mod document;
mod explained;
mod failure;
mod head;
mod known_error;
mod landing;
mod notice;
mod problem;
mod receipt;
mod send;

pub use connect::{ConnectPage, Disconnected};
pub use document::{Frame, document};
pub use failure::{AdminRequest, Failure, FailurePage, Fault, Service};
pub use head::Assets;
pub use known_error::KnownError;
pub use landing::{Passage, landing};
pub use notice::hidden_notices;
pub use problem::SendFailure;
pub use receipt::Receipt;
pub use send::SendPage;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// Who is connected, for people to read. Both come from Graph: text, never markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Display name.
    pub name: String,
    /// Mail address, or the sign-in name of an account without one.
    pub address: String,
}

/// A page to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/`, and whatever needs a session when there is none.
    Connect(ConnectPage),
    /// `/send`.
    Send(Box<SendPage>),
    /// `/disconnect`, for somebody who is signed in.
    Disconnect,
    /// Why something did not work, and the way on.
    Failure(Box<FailurePage>),
}

impl Page {
    fn title(&self, words: &Words) -> &'static str {
        match self {
            Self::Connect(page) => page.title(&words.connect),
            Self::Send(page) => page.title(&words.send),
            Self::Disconnect => words.disconnect.title,
            Self::Failure(page) => page.failure.explain(words).title,
        }
    }

    /// What search engines and link previews say of the page. Those without are for nobody to find.
    const fn description(&self, words: &Words) -> Option<&'static str> {
        match self {
            Self::Connect(_) => Some(words.connect.description),
            Self::Send(_) => Some(words.send.description),
            Self::Disconnect | Self::Failure(_) => None,
        }
    }

    /// The other pages are plain HTML: nothing on them needs a script.
    const fn has_islands(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Send(_))
    }

    /// Whom the header shows, with the way to sign out.
    const fn person(&self) -> Option<&Person> {
        match self {
            Self::Connect(page) => page.person.as_ref(),
            Self::Send(page) => page.person.as_ref(),
            Self::Disconnect | Self::Failure(_) => None,
        }
    }
}
