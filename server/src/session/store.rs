//! Reads a session from a request's cookies and writes it into its answer's; ends sessions for
//! good.

use std::{io, path::Path};

use super::{Session, SessionId, codec, pieces, seen};
use crate::{config::Limits, cookies::Jar, journal::Journal, seal::Keyring};

/// The name under which sessions are sealed, and the beginning of their cookies' names.
pub(super) const NAME: &str = "session";

/// The session does not fit the cookies that this site may set.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the sealed session has {size} bytes, more than {}", pieces::BUDGET)]
pub struct TooLarge {
    size: usize,
}

/// Keeps sessions in cookies, and remembers which were ended.
pub struct SessionStore {
    limits: Limits,
    keys: Keyring,
    ended: Journal,
}

impl SessionStore {
    /// A store whose ended sessions are remembered in `state_dir`.
    ///
    /// # Errors
    /// Where the folder cannot be read and written.
    pub fn new(limits: Limits, keys: Keyring, state_dir: &Path, now: u64) -> io::Result<Self> {
        let ended = Journal::open(&state_dir.join("ended-sessions"), now)?;
        Ok(Self { limits, keys, ended })
    }

    /// The live session that a request carries, and when it was last used.
    #[must_use]
    pub fn load(&self, jar: &Jar, now: u64) -> Option<(Session, u64)> {
        jar.get(&pieces::name(0))?;
        let Some(session) = self.carried(jar) else {
            tracing::warn!(event = "cookie_refused", cookie = NAME, reason = "unreadable");
            return None;
        };
        let person = session.person_id.hashed();
        if self.is_ended(&session) {
            tracing::warn!(event = "cookie_refused", cookie = NAME, reason = "ended", person);
            return None;
        }
        let Some(used) = seen::read(jar, &self.keys, session.id) else {
            tracing::warn!(event = "cookie_refused", cookie = seen::NAME, reason = "none", person);
            return None;
        };
        let idle = now.saturating_sub(used) >= self.limits.idle.as_secs();
        let over = idle || session.seconds_left(now, &self.limits) == 0;
        (!over).then_some((session, used))
    }

    /// The session that a request carries, live or not: what is to end can have gone idle here
    /// while a kept copy of it is in use elsewhere.
    #[must_use]
    pub fn carried(&self, jar: &Jar) -> Option<Session> {
        let sealed = pieces::stitch(|name| jar.get(name))?;
        codec::decode(&self.keys.open(NAME, &sealed)?)
    }

    /// Writes `session`, and that it was used now.
    ///
    /// # Errors
    /// [`TooLarge`]; nothing is written then.
    pub fn save(&self, jar: &Jar, session: &Session, now: u64) -> Result<(), TooLarge> {
        let pieces = self.pieces(session)?;
        // First the removal of all, so that no piece of an earlier session stays behind.
        self.clear(jar);
        for (name, piece) in pieces {
            jar.set_strict(&name, piece);
        }
        self.mark_used(jar, session.id, now);
        Ok(())
    }

    /// Marks the session `id` as used at `now`.
    pub(super) fn mark_used(&self, jar: &Jar, id: SessionId, now: u64) {
        seen::write(jar, &self.keys, id, now);
    }

    /// Whether [`save`](Self::save) would take `session`.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn fits(&self, session: &Session) -> Result<(), TooLarge> {
        self.pieces(session).map(drop)
    }

    fn pieces(&self, session: &Session) -> Result<Vec<(String, String)>, TooLarge> {
        let sealed = self.keys.seal(NAME, &codec::encode(session));
        pieces::cut(&sealed).ok_or(TooLarge { size: sealed.len() })
    }

    /// Ends every cookie a session may have.
    pub fn clear(&self, jar: &Jar) {
        for index in 0..pieces::MOST {
            jar.expire(&pieces::name(index));
        }
        seen::clear(jar);
    }

    /// Ends `session` for good, so that a kept copy of its cookies is refused: that is remembered
    /// until it would have ended anyway.
    pub async fn end(&self, session: &Session, now: u64) {
        self.end_until(session.id, session.ends(&self.limits), now).await;
    }

    /// The same for a session of which nothing but the id is known.
    pub async fn end_id(&self, id: SessionId, now: u64) {
        self.end_until(id, now.saturating_add(self.limits.lifetime.as_secs()), now).await;
    }

    async fn end_until(&self, id: SessionId, ends: u64, now: u64) {
        if let Err(error) = self.ended.mark(id.0, ends, now).await {
            // This process remembers it; another start will not.
            tracing::error!(event = "end_of_session_not_kept", %error);
        }
    }

    /// `session` was ended before its time.
    #[must_use]
    pub fn is_ended(&self, session: &Session) -> bool {
        self.ended.contains(&session.id.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use app::pages::Person;
    use proptest::prelude::*;
    use tempfile::TempDir;
    use tower_cookies::{Cookie, Cookies, Key};

    use super::{Session, SessionId, SessionStore};
    use crate::{
        config::{Config, PublicUrl},
        cookies::{CookiePolicy, Jar},
        seal::Keyring,
        session::PersonId,
    };

    const NOW: u64 = 1_000;

    struct Fixture {
        store: SessionStore,
        _state_dir: TempDir,
        /// The cookies of a live session, by name.
        cookies: Vec<(String, String)>,
    }

    static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
        let state_dir = tempfile::tempdir().unwrap();
        let keys = Keyring::new(vec![Key::from(&[1; 64])]).unwrap();
        let limits = Config::read(|_| None).map(|it| it.limits);
        let limits = limits.unwrap_or_else(|problems| panic!("{problems:?}"));
        let store = SessionStore::new(limits, keys, state_dir.path(), NOW).unwrap();
        let session = Session {
            id: SessionId([7; 16]),
            generation: 0,
            person_id: PersonId("person".to_owned()),
            person: Person { name: "Name".to_owned(), address: "a@b.example".to_owned() },
            access_token: "a".into(),
            refresh_token: Some("r".into()),
            token_ends: NOW + 3600,
            began: NOW,
            logout_hint: None,
        };
        let (cookies, jar) = jar(&[]);
        store.save(&jar, &session, NOW).unwrap();
        let kept = |it: Cookie<'_>| (it.name().to_owned(), it.value().to_owned());
        let cookies = cookies.list().into_iter().map(kept).filter(|it| !it.1.is_empty()).collect();
        Fixture { store, _state_dir: state_dir, cookies }
    });

    fn jar(cookies: &[(String, String)]) -> (Cookies, Jar) {
        let policy = CookiePolicy::new(&PublicUrl::parse("http://localhost").unwrap());
        let jar = Cookies::default();
        for (name, value) in cookies {
            jar.add(Cookie::new(name.clone(), value.clone()));
        }
        (jar.clone(), Jar::new(policy, jar))
    }

    fn is_session(cookies: &[(String, String)]) -> bool {
        FIXTURE.store.load(&jar(cookies).1, NOW).is_some()
    }

    #[test]
    fn a_session_that_nobody_touched_is_one() {
        assert!(is_session(&FIXTURE.cookies));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_text_but_our_own_is_a_session(
            first in "([0-9]{0,2}\\.)?\\PC{0,40}",
            second in proptest::option::of("\\PC{0,40}"),
            seen in "[A-Za-z0-9_-]{0,60}",
        ) {
            let mut cookies = vec![
                ("graph-connect-session-0".to_owned(), first),
                ("graph-connect-seen".to_owned(), seen),
            ];
            cookies.extend(second.map(|it| ("graph-connect-session-1".to_owned(), it)));
            prop_assert!(!is_session(&cookies));
        }

        #[test]
        fn a_session_with_one_character_changed_is_none(
            cookie in any::<prop::sample::Index>(),
            place in any::<prop::sample::Index>(),
            other in "[A-Za-z0-9_.-]",
        ) {
            let mut cookies = FIXTURE.cookies.clone();
            let value = &mut cookies[cookie.index(FIXTURE.cookies.len())].1;
            let at = place.index(value.len());
            prop_assume!(value[at..=at] != other);
            value.replace_range(at..=at, &other);
            prop_assert!(!is_session(&cookies));
        }
    }
}
