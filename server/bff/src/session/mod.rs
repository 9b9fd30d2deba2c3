//! Who is signed in: what a session holds, how long it lives, and how it is kept in the browser's
//! own cookies. The server keeps only the ids of sessions that were ended before their time.
//!
//! - `codec`: a session in as few bytes as possible.
//! - `pieces`: sealed text cut to fit cookies, and put together again.
//! - `last_used`: when the session was last used.
//! - `store`: reads sessions from a request's cookies and writes them into its answer's.
//! - `changes`: what one answer writes, decided when it leaves.

mod changes;
mod codec;
mod last_used;
mod pieces;
mod store;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::system::{NoRandomness, random};

pub(crate) use changes::{Change, Changes, write_session_cookies};
pub(crate) use store::SessionStore;
pub use store::TooLarge;

/// A token that ends sooner than this many seconds isn't used, so that no call is made with one that
/// ends on the way.
const TOKEN_MARGIN: u64 = 30;

/// What an app keeps of a person in their session: a name, an address. Small, since it travels in a
/// cookie with every request.
pub trait Profile: Clone + Send + Sync + Serialize + DeserializeOwned + 'static {}

impl<T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static> Profile for T {}

/// What names a session: 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionId(pub [u8; 16]);

impl SessionId {
    pub(crate) fn new() -> Result<Self, NoRandomness> {
        random().map(Self)
    }
}

/// Who a person is, whatever they are called: `tid` and `oid`, or `iss` and `sub` where a provider
/// has no `tid`. Never an address or a name, which change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonId(pub String);

impl PersonId {
    /// An opaque mark for forms and the log: whether it is the same person, and nothing else.
    #[must_use]
    pub fn hashed(&self) -> String {
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(self.0.as_bytes()));
        format!("{:016x}", u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// A signed-in person and the tokens that act for them.
#[derive(Clone, Debug)]
pub struct Session<P> {
    /// Names this session through all its generations.
    pub id: SessionId,
    /// How often its tokens were refreshed.
    pub generation: u32,
    /// Who it is.
    pub person_id: PersonId,
    /// What the app knows of them.
    pub profile: P,
    /// For calls to the API.
    pub access_token: SecretString,
    /// For the next access token.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, in Unix seconds.
    pub token_ends: u64,
    /// When the person signed in, in Unix seconds.
    pub began: u64,
    /// When the session ends however much it is used, in Unix seconds. Fixed at sign-in, so that a
    /// session that was ended stays ended when the lifetime is raised later.
    pub ends: u64,
    /// Tells the provider whom to sign out: the id_token's `login_hint`, where it had one.
    pub logout_hint: Option<String>,
    /// When the session was last marked as used, in Unix seconds. That stands in a cookie of its own.
    pub last_used: u64,
}

impl<P> Session<P> {
    /// The access token can still be used at `now`.
    #[must_use]
    pub fn token_lives(&self, now: u64) -> bool {
        self.token_ends.saturating_sub(TOKEN_MARGIN) > now
    }
}
