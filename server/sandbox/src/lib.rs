//! A Microsoft identity platform and a Microsoft Graph on your own computer, as far as connecting an
//! account and sending mail needs them.
//!
//! Two kinds of people use it: someone without a Microsoft account who wants to see the app work, and
//! tests, for which it is the strict witness. What a client would be refused at Microsoft it is refused
//! here, with the same status and code. It shares no type and no function with the client: all that
//! they have in common are Microsoft's documents.
//!
//! # How a mail gets here
//!
//! 1. `identity::discovery` tells a client where everything is.
//! 2. `identity::authorize` asks the person who they are and whether the app may, and sends a code.
//! 3. `identity::token` exchanges the code for tokens, later a refresh token for newer ones.
//! 4. `graph` takes the access token: `/me` says who it is, `/me/sendMail` puts a mail into the
//!    outbox.
//! 5. `control` shows the outbox, forgets everything, and lets things go wrong (`faults`).
//!
//! Nothing leaves the computer, and nothing outlives the process.

mod accounts;
mod authority;
mod clock;
mod control;
mod cut;
mod dates;
mod directory;
mod faults;
mod foreign;
mod graph;
mod hear_out;
mod identity;
mod inputs;
mod layers;
mod listener;
mod organization;
mod pages;
mod platform;
mod random;
mod registration;
mod requests;
mod router;
mod scope;
mod scopes;
mod settings;
mod tenant;

pub use crate::authority::AuthorityError;
pub use crate::clock::SharedClock;
pub use crate::directory::file::DirectoryError;
pub use crate::identity::signing::SigningError;
pub use crate::listener::{BindError, Sandbox};
pub use crate::registration::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT};
pub use crate::settings::Settings;

/// Where the sandbox listens unless told otherwise.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:5001";
