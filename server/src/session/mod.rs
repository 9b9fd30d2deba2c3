//! Who is connected: what a session holds, how long it lives, and how it is kept in the browser's
//! own cookies. The server keeps nothing but the ids of sessions that were ended.
//!
//! - `codec`: a session as few bytes as possible.
//! - `pieces`: sealed text cut to fit cookies, and stitched together again.
//! - `seen`: when the session was last used.
//! - `store`: reads sessions from a request's cookies and writes them into its answer's.
//! - `changes`: what one answer writes, decided when it leaves.

mod changes;
mod codec;
mod pieces;
mod seen;
mod store;

use app::pages::Person;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::{
    config::Limits,
    system::{NoRandomness, random},
};

pub use changes::{Changes, session_cookies};
pub use store::{SessionStore, TooLarge};

/// A token that ends sooner than this many seconds is not used, so that no call is made with one
/// that ends on the way.
const TOKEN_MARGIN: u64 = 30;

/// What names a session: 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; 16]);

impl SessionId {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new() -> Result<Self, NoRandomness> {
        random().map(Self)
    }
}

/// Who a person is, whatever they are called: `tid` and `oid`, or `iss` and `sub` where a provider
/// has no `tid`. Never an address or a name, which change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonId(pub String);

impl PersonId {
    /// An opaque mark: whether it is the same person, and nothing else. For forms and the log.
    #[must_use]
    pub fn hashed(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A signed-in person and the tokens that act for them.
#[derive(Clone, Debug)]
pub struct Session {
    /// Names this session, through all its generations.
    pub id: SessionId,
    /// How often its tokens were refreshed.
    pub generation: u32,
    /// Who it is.
    pub person_id: PersonId,
    /// What they are called.
    pub person: Person,
    /// For calls to Graph.
    pub access_token: SecretString,
    /// For the next access token.
    pub refresh_token: Option<SecretString>,
    /// When the access token ends, in Unix seconds.
    pub token_ends: u64,
    /// When the person signed in, in Unix seconds.
    pub began: u64,
    /// Tells the provider whom to sign out: the id_token's `login_hint`, where it had one.
    pub logout_hint: Option<String>,
}

impl Session {
    /// The access token can still be used.
    #[must_use]
    pub fn token_lives(&self, now: u64) -> bool {
        self.token_ends.saturating_sub(TOKEN_MARGIN) > now
    }

    /// Seconds until this session ends, were it not used before: of idleness, of age, or with a
    /// token that cannot be refreshed.
    #[must_use]
    pub fn seconds_left(&self, now: u64, limits: &Limits) -> u64 {
        let age = self.ends(limits).saturating_sub(now).min(limits.idle.as_secs());
        match self.refresh_token {
            Some(_) => age,
            None => age.min(self.token_ends.saturating_sub(TOKEN_MARGIN).saturating_sub(now)),
        }
    }

    /// When this session ends at the latest, in Unix seconds.
    const fn ends(&self, limits: &Limits) -> u64 {
        self.began.saturating_add(limits.lifetime.as_secs())
    }
}
