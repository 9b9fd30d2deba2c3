#![doc = include_str!("../README.md")]

mod bff;
mod cookies;
mod http_client;
mod origin;
mod public_url;
mod seal;
mod session;
mod settings;
mod sign_in;
mod state;
mod system;
mod visitor;

pub use bff::{Bff, SettingsError};
pub use cookies::{CookiePolicy, Jar};
pub use http_client::{
    ForwardProxy, HttpClient, HttpResponse, TransportError, is_encrypted_or_loopback, retry_after,
};
pub use origin::{is_allowed, is_own_press};
pub use public_url::{PublicUrl, PublicUrlError, is_origin};
pub use seal::{Keyring, NoKey, SessionKey, SessionKeyError};
pub use session::{PersonId, Profile, Session, SessionId, TooLarge};
pub use settings::Settings;
pub use sign_in::{
    AuthorizationResponse, BeginError, BeginSessionError, IdTokenError, NoAttempt, Prompt,
    ProviderError, RedeemError, Redeemed, RefreshError, Refusal, ReturnTo, TokenError,
};
pub use state::{Claim, Kind, LocalState, Mark, NotKept, SharedState, mark_of};
pub use system::{Clock, NoRandomness, random, random_text};
pub use visitor::Visitor;
