//! One attempt to sign in, kept in a sealed cookie of its own until its answer comes. Up to five at
//! once, so that several tabs can sign in; used once; 15 minutes at most.

use serde::{Deserialize, Serialize};

use crate::{
    cookies::Jar,
    seal::Keyring,
    session::SessionId,
    state::{Claim, Kind, SharedState, mark_of},
    system::{NoRandomness, random_text},
};

/// The beginning of the cookies' names; the attempt's own part of `state` follows.
const PREFIX: &str = "login-";

/// Seconds until an attempt is too old.
const LIFETIME: u64 = 15 * 60;

/// Attempts at once; the oldest one gives way. An answer drops no more cookies than that: another
/// host of the domain can leave hundreds that look like attempts.
const MAX_ATTEMPTS: usize = 5;

/// A session's id, and when it ends at the latest in Unix seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OldSession {
    pub(super) id: SessionId,
    pub(super) ends: u64,
}

/// What must be remembered between the redirect and the answer.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Attempt {
    /// Returned by the provider with the answer (RFC 6749, section 10.12). `{id}.{secret}`.
    pub(super) state: String,
    /// Returned inside the id_token (OpenID Connect Core, section 3.1.2.1).
    pub(super) nonce: String,
    /// Proves that the code came to the client that asked (RFC 7636).
    pub(super) code_verifier: String,
    /// Where the person wanted to be.
    pub(super) return_to: String,
    began: u64,
    /// The session that this sign-in replaces.
    pub(super) old_session: Option<OldSession>,
}

impl Attempt {
    /// A new attempt, begun at `now`.
    pub(super) fn new(
        return_to: &str,
        old_session: Option<OldSession>,
        now: u64,
    ) -> Result<Self, NoRandomness> {
        Ok(Self {
            state: format!("{}.{}", random_text::<9>()?, random_text::<32>()?),
            nonce: random_text::<32>()?,
            code_verifier: random_text::<32>()?,
            return_to: return_to.to_owned(),
            began: now,
            old_session,
        })
    }

    /// Writes the attempt into a cookie, and drops the oldest one where there are too many.
    pub(super) fn keep(&self, jar: &Jar, keys: &Keyring, now: u64) {
        let mut others = jar.beginning_with(PREFIX);
        others.sort_by_cached_key(|(id, sealed)| open(keys, id, sealed, now).map(|it| it.began));
        let too_many = (others.len() + 1).saturating_sub(MAX_ATTEMPTS).min(MAX_ATTEMPTS);
        for (id, _) in others.iter().take(too_many) {
            jar.expire(&format!("{PREFIX}{id}"));
        }
        let name = format!("{PREFIX}{}", id_of(&self.state));
        let bytes = postcard::to_allocvec(self).unwrap_or_default();
        jar.set_lax(&name, keys.seal(&name, bytes), LIFETIME);
    }

    /// Finds the attempt that `state` belongs to, and has the browser forget it.
    pub(super) fn take(
        jar: &Jar,
        keys: &Keyring,
        state: &str,
        now: u64,
    ) -> Result<Self, NoAttempt> {
        let id = id_of(state);
        let name = format!("{PREFIX}{id}");
        let sealed = jar.get(&name).ok_or(NoAttempt::Gone)?;
        jar.expire(&name);
        let attempt = open(keys, id, &sealed, now).ok_or(NoAttempt::Gone)?;
        // The secret part came from the provider. Nobody can time the comparison, since it spends
        // the cookie.
        if attempt.state == state { Ok(attempt) } else { Err(NoAttempt::StateMismatch) }
    }

    /// Spends the attempt before its code is exchanged. A browser forgets the cookie of a spent
    /// attempt; a program that keeps it could otherwise make this server ask the token endpoint
    /// again and again.
    pub(super) async fn spend(&self, state: &dyn SharedState, now: u64) -> Result<(), NoAttempt> {
        let (mark, ends) = (mark_of(&self.state), self.began.saturating_add(LIFETIME));
        match state.mark(Kind::SpentAttempt, mark, ends, now).await {
            Ok(Claim::New) => Ok(()),
            Ok(Claim::Known) => Err(NoAttempt::Gone),
            Err(error) => {
                // This process remembers it, and a code counts once at the provider anyway.
                tracing::error!(event = "use_of_attempt_not_kept", %error);
                Ok(())
            }
        }
    }
}

/// Why there is no attempt for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAttempt {
    /// Unknown in this browser, spent or too old.
    #[error("the attempt is unknown, spent or expired")]
    Gone,
    /// There is one, but the answer carries another `state`.
    #[error("the state is not the attempt's")]
    StateMismatch,
}

/// The part of `state` that names the attempt's cookie; empty where it isn't base64url text.
fn id_of(state: &str) -> &str {
    let id = state.split_once('.').map_or("", |(id, _)| id);
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    if id.len() <= 16 && id.chars().all(plain) { id } else { "" }
}

fn open(keys: &Keyring, id: &str, sealed: &str, now: u64) -> Option<Attempt> {
    let bytes = keys.open(&format!("{PREFIX}{id}"), sealed)?;
    let attempt: Attempt = postcard::from_bytes(&bytes).ok()?;
    (now.saturating_sub(attempt.began) <= LIFETIME).then_some(attempt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tower_cookies::Cookies;

    use super::{Attempt, NoAttempt};
    use crate::{
        PublicUrl,
        cookies::{CookiePolicy, Jar},
        seal::{Keyring, SessionKey},
    };

    fn begun() -> (Jar, Keyring, Attempt) {
        let policy = CookiePolicy::new(&PublicUrl::parse("http://localhost").unwrap(), "test-");
        let jar = Jar::new(policy, Cookies::default());
        let keys = Keyring::new(&[SessionKey::from_bytes([1; 64])], &[]).unwrap();
        let attempt = Attempt::new("/", None, 0).unwrap();
        attempt.keep(&jar, &keys, 0);
        (jar, keys, attempt)
    }

    #[test]
    fn the_attempts_own_state_is_taken_once() {
        let (jar, keys, attempt) = begun();
        assert!(Attempt::take(&jar, &keys, &attempt.state, 1).is_ok());
        assert_eq!(Attempt::take(&jar, &keys, &attempt.state, 1).err(), Some(NoAttempt::Gone));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_other_state_is_taken(text in "\\PC{0,80}", ours in any::<bool>()) {
            let (jar, keys, attempt) = begun();
            let id = attempt.state.split_once('.').unwrap().0;
            let state = if ours { format!("{id}.{text}") } else { text };
            prop_assume!(state != attempt.state);
            prop_assert!(Attempt::take(&jar, &keys, &state, 1).is_err());
        }
    }
}
