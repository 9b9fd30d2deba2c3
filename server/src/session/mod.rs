//! Who is connected: what a session holds, how long it lives, and how it is kept in the browser's
//! own cookies. The server stores nothing.
//!
//! - `codec`: a session as few bytes as possible.
//! - `pieces`: sealed text cut to fit cookies, and stitched together again.
//! - `seen`: when the session was last used.

mod codec;
mod pieces;
mod seen;

use app::pages::Person;
use secrecy::SecretString;

use crate::{
    config::Limits,
    cookies::Jar,
    seal::Keyring,
    system::{NoRandomness, random},
};

/// The name under which sessions are sealed, and the beginning of their cookies' names.
const NAME: &str = "session";

/// A session can no longer send this many seconds before its token ends, so that no call is made
/// with a token that ends on the way.
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

/// A signed-in person and the tokens that act for them.
#[derive(Clone, Debug)]
pub struct Session {
    /// Names this session.
    pub id: SessionId,
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
}

impl Session {
    /// Seconds until this session can no longer send.
    #[must_use]
    pub fn seconds_left(&self, now: u64, limits: &Limits) -> u64 {
        let lifetime_ends = self.began.saturating_add(limits.lifetime.as_secs());
        self.token_ends.saturating_sub(TOKEN_MARGIN).min(lifetime_ends).saturating_sub(now)
    }
}

/// The session does not fit the cookies that this site may set.
#[derive(Debug, thiserror::Error)]
#[error("the sealed session has {size} bytes, more than {}", pieces::BUDGET)]
pub struct TooLarge {
    size: usize,
}

/// Keeps sessions in cookies.
pub struct SessionStore {
    limits: Limits,
}

impl SessionStore {
    /// A store with these lifetimes.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// The live session that the request carries, and marks it as used.
    #[must_use]
    pub fn load(&self, jar: &Jar, keys: &Keyring, now: u64) -> Option<Session> {
        let session = pieces::stitch(|name| jar.get(name))
            .and_then(|sealed| keys.open(NAME, &sealed))
            .and_then(|bytes| codec::decode(&bytes));
        let Some(session) = session else {
            if jar.get(&pieces::name(0)).is_some() {
                tracing::warn!(event = "cookie_refused", cookie = NAME);
            }
            return None;
        };
        let used = seen::read(jar, keys, session.id)?;
        let idle = now.saturating_sub(used) >= self.limits.idle.as_secs();
        if idle || session.seconds_left(now, &self.limits) == 0 {
            return None;
        }
        seen::renew(jar, keys, session.id, used, now);
        Some(session)
    }

    /// Writes `session` into the answer's cookies.
    ///
    /// # Errors
    /// [`TooLarge`]; nothing is written then.
    pub fn save(
        &self,
        jar: &Jar,
        keys: &Keyring,
        session: &Session,
        now: u64,
    ) -> Result<(), TooLarge> {
        let sealed = keys.seal(NAME, &codec::encode(session));
        let pieces = pieces::cut(&sealed).ok_or(TooLarge { size: sealed.len() })?;
        // First the removal of all, so that no piece of an earlier session stays behind.
        self.clear(jar);
        for (name, piece) in pieces {
            jar.set_strict(&name, piece);
        }
        seen::write(jar, keys, session.id, now);
        Ok(())
    }

    /// Ends every cookie a session may have.
    pub fn clear(&self, jar: &Jar) {
        for index in 0..pieces::MOST {
            jar.expire(&pieces::name(index));
        }
        seen::clear(jar);
    }
}
