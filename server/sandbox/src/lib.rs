//! A local Microsoft identity platform and Microsoft Graph: sign-in, and mail.
//!
//! It serves people without a Microsoft account who want to see an app work, and tests that need a strict
//! counterpart. What Microsoft refuses it refuses, with the same status and code. It shares no type and no
//! function with the client that it tests: both follow Microsoft's documentation.
//!
//! # How a message gets here
//!
//! 1. `identity::discovery` tells a client where the endpoints are.
//! 2. `identity::authorize` asks the person who they are and whether they consent, and sends a code.
//! 3. `identity::token` exchanges the code for tokens, and later a refresh token for new ones.
//! 4. `graph` accepts the access token: `/me` says who signed in, `/me/sendMail` puts a message into the
//!    outbox.
//! 5. `control` shows the outbox, resets everything, and simulates failures (`faults`).
//!
//! Nothing leaves the computer, and nothing is kept when the process ends.

mod accounts;
mod addresses;
mod authority;
mod certificate;
mod clock;
mod control;
mod cut;
mod dates;
mod directory;
mod drain_body;
mod faults;
mod foreign;
mod graph;
mod identity;
mod inputs;
mod issuer_keys;
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
pub use crate::directory::error::DirectoryError;
pub use crate::identity::signing::SigningError;
pub use crate::listener::{BindError, Sandbox};
pub use crate::registration::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT};
pub use crate::settings::Settings;

/// Where the sandbox listens unless told otherwise.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:5001";
