//! Reads a session from a request's cookies and writes it into its answer's; ends sessions for
//! good.

use std::sync::Arc;

use super::{
    Profile, Session, SessionId, codec, last_used,
    pieces::{self, NAME},
};
use crate::{
    Settings,
    cookies::Jar,
    seal::Keyring,
    state::{Kind, SharedState},
};

/// How old the mark of last use gets at most before it is written again, in seconds.
const LONGEST_RENEWAL: u64 = 300;

/// The session doesn't fit the cookies that this site may set.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the sealed session has {size} bytes, more than {}", pieces::BUDGET)]
pub struct TooLarge {
    /// Bytes of the sealed session.
    pub size: usize,
}

/// Keeps sessions in cookies, and remembers which were ended.
pub(crate) struct SessionStore {
    /// Seconds: unused for longer, a session has ended.
    idle: u64,
    /// Seconds: older than this, a session has ended.
    lifetime: u64,
    keys: Keyring,
    state: Arc<dyn SharedState>,
}

impl SessionStore {
    pub(crate) fn new(settings: &Settings, keys: Keyring, state: Arc<dyn SharedState>) -> Self {
        let (idle, lifetime) = (settings.idle.as_secs(), settings.lifetime.as_secs());
        Self { idle, lifetime, keys, state }
    }

    /// The live session that a request carries.
    pub(crate) async fn load<P: Profile>(&self, jar: &Jar, now: u64) -> Option<Session<P>> {
        let Some(mut session) = self.carried(jar) else {
            if jar.get(&pieces::name(0)).is_some() {
                tracing::warn!(event = "cookie_refused", cookie = NAME, reason = "unreadable");
            }
            return None;
        };
        let person = session.person_id.hashed();
        if self.is_ended(&session).await {
            tracing::warn!(event = "cookie_refused", cookie = NAME, reason = "ended", person);
            return None;
        }
        let Some(last_used) = last_used::read(jar, &self.keys, session.id) else {
            let cookie = last_used::NAME;
            tracing::warn!(event = "cookie_refused", cookie, reason = "none", person);
            return None;
        };
        session.last_used = last_used;
        (self.seconds_left(&session, now) > 0).then_some(session)
    }

    /// The session that a request carries, live or not, without its last use. A session that is to
    /// be ended can have gone idle here while a kept copy of it is in use elsewhere.
    pub(crate) fn carried<P: Profile>(&self, jar: &Jar) -> Option<Session<P>> {
        let sealed = pieces::join(|name| jar.get(name))?;
        codec::decode(&self.keys.open(NAME, &sealed)?)
    }

    /// Writes `session`, and that it was used now.
    pub(crate) fn save<P: Profile>(
        &self,
        jar: &Jar,
        session: &Session<P>,
        now: u64,
    ) -> Result<(), TooLarge> {
        let pieces = self.pieces(session)?;
        // First removes all, so that no piece of an earlier session stays behind.
        self.clear(jar);
        for (name, piece) in pieces {
            jar.set_strict(&name, piece);
        }
        self.mark_used(jar, session.id, now);
        Ok(())
    }

    /// Marks the session `id` as used at `now`.
    pub(super) fn mark_used(&self, jar: &Jar, id: SessionId, now: u64) {
        last_used::write(jar, &self.keys, id, now);
    }

    /// The mark of last use is to be written again at `now`: after five minutes or a tenth of the
    /// idle limit, whichever is less.
    pub(crate) fn is_renewal_due<P>(&self, session: &Session<P>, now: u64) -> bool {
        now.saturating_sub(session.last_used) >= self.renewal()
    }

    fn renewal(&self) -> u64 {
        LONGEST_RENEWAL.min(self.idle / 10)
    }

    /// Seconds until `session` ends if it isn't used before then: of idleness, of age, or with a
    /// token that can't be refreshed. Use doesn't always renew the mark of last use, so a session
    /// lives as much longer than the idle limit as the mark can be behind.
    pub(crate) fn seconds_left<P>(&self, session: &Session<P>, now: u64) -> u64 {
        let idle = session.last_used.saturating_add(self.idle).saturating_add(self.renewal());
        let mut ends = session.ends.min(session.began.saturating_add(self.lifetime)).min(idle);
        if session.refresh_token.is_none() {
            ends = ends.min(session.token_ends.saturating_sub(super::TOKEN_MARGIN));
        }
        ends.saturating_sub(now)
    }

    /// Whether [`save`](Self::save) would take `session`.
    pub(crate) fn check_size<P: Profile>(&self, session: &Session<P>) -> Result<(), TooLarge> {
        self.pieces(session).map(drop)
    }

    fn pieces<P: Profile>(&self, session: &Session<P>) -> Result<Vec<(String, String)>, TooLarge> {
        let sealed = self.keys.seal(NAME, codec::encode(session));
        pieces::cut(&sealed).ok_or(TooLarge { size: sealed.len() })
    }

    /// Ends every cookie a session may have.
    pub(crate) fn clear(&self, jar: &Jar) {
        for index in 0..pieces::MAX_PIECES {
            jar.expire(&pieces::name(index));
        }
        jar.expire(last_used::NAME);
    }

    /// Ends the session `id`, which would end at `ends` anyway, for good: a kept copy of its cookies
    /// is refused from now on.
    pub(crate) async fn end(&self, id: SessionId, ends: u64, now: u64) {
        if let Err(error) = self.state.mark(Kind::EndedSession, id.0, ends, now).await {
            // This process remembers it; another start won't.
            tracing::error!(event = "end_of_session_not_kept", %error);
        }
    }

    /// `session` was ended before its time.
    pub(crate) async fn is_ended<P: Sync>(&self, session: &Session<P>) -> bool {
        self.state.contains(Kind::EndedSession, &session.id.0).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use futures::executor::block_on;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use tempfile::TempDir;
    use tower_cookies::{Cookie, Cookies};

    use super::{Session, SessionId, SessionStore};
    use crate::{
        LocalState, PersonId, PublicUrl, SessionKey,
        cookies::{CookiePolicy, Jar},
        seal::Keyring,
    };

    const NOW: u64 = 1_000;
    const IDLE: u64 = 200;

    /// A name and an address.
    type Profile = (String, String);

    struct Fixture {
        store: SessionStore,
        _state_dir: TempDir,
        /// The cookies of a live session, by name.
        cookies: Vec<(String, String)>,
    }

    fn session(access_token: &str, refresh_token: Option<&str>) -> Session<Profile> {
        Session {
            id: SessionId([7; 16]),
            generation: 4,
            person_id: PersonId("person".to_owned()),
            profile: ("漢字".to_owned(), "a@b.example".to_owned()),
            access_token: access_token.into(),
            refresh_token: refresh_token.map(Into::into),
            token_ends: NOW + 3600,
            began: NOW,
            ends: NOW + 3600,
            logout_hint: Some("O.hint".to_owned()),
            last_used: NOW,
        }
    }

    static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
        let state_dir = tempfile::tempdir().unwrap();
        let state = Arc::new(LocalState::open(state_dir.path(), NOW).unwrap());
        let keys = Keyring::new(&[SessionKey::from_bytes([1; 64])], &[]).unwrap();
        let store = SessionStore { idle: IDLE, lifetime: 3600, keys, state };
        let (cookies, jar) = jar(&[]);
        store.save(&jar, &session("a", Some("r")), NOW).unwrap();
        let kept = |it: Cookie<'_>| (it.name().to_owned(), it.value().to_owned());
        let cookies = cookies.list().into_iter().map(kept).filter(|it| !it.1.is_empty()).collect();
        Fixture { store, _state_dir: state_dir, cookies }
    });

    fn jar(cookies: &[(String, String)]) -> (Cookies, Jar) {
        let policy = CookiePolicy::new(&PublicUrl::parse("http://localhost").unwrap(), "test-");
        let jar = Cookies::default();
        for (name, value) in cookies {
            jar.add(Cookie::new(name.clone(), value.clone()));
        }
        (jar.clone(), Jar::new(policy, jar))
    }

    fn is_session(cookies: &[(String, String)], now: u64) -> bool {
        block_on(FIXTURE.store.load::<Profile>(&jar(cookies).1, now)).is_some()
    }

    #[test]
    fn a_session_that_nobody_touched_is_one() {
        assert!(is_session(&FIXTURE.cookies, NOW));
    }

    #[test]
    fn use_within_the_idle_limit_keeps_a_session_although_the_mark_is_not_renewed_each_time() {
        let renewal = IDLE / 10;
        // Used again just before the mark would be renewed, and then not for the whole idle limit.
        let last_use = NOW + renewal - 1;
        assert!(!FIXTURE.store.is_renewal_due(&session("a", None), last_use));
        assert!(is_session(&FIXTURE.cookies, last_use + IDLE - 1));
        assert!(!is_session(&FIXTURE.cookies, NOW + IDLE + renewal));
    }

    #[test]
    fn a_session_ends_exactly_when_it_said() {
        let left = FIXTURE.store.seconds_left(&session("a", Some("r")), NOW);
        assert!(is_session(&FIXTURE.cookies, NOW + left - 1));
        assert!(!is_session(&FIXTURE.cookies, NOW + left));
    }

    #[test]
    fn tokens_come_back_byte_for_byte() {
        for length in [0, 1, 100, 1_000, 2_200, 2_700] {
            let noise =
                crate::random::<2_700>().unwrap().map(|it| b"aZ09-_.+"[usize::from(it % 8)]);
            let noise = &str::from_utf8(&noise).unwrap()[..length];
            let session = session(&format!("{noise}.{noise}"), Some(&noise[..length / 3]));
            let (_, jar) = jar(&[]);
            FIXTURE.store.save(&jar, &session, NOW).unwrap();
            let back = block_on(FIXTURE.store.load::<Profile>(&jar, NOW + 1)).unwrap();
            assert_eq!(back.last_used, NOW);
            assert_eq!(back.access_token.expose_secret(), session.access_token.expose_secret());
            assert_eq!(
                back.refresh_token.unwrap().expose_secret(),
                session.refresh_token.unwrap().expose_secret()
            );
            assert_eq!(
                (back.id, back.generation, back.person_id, back.profile, back.ends),
                (session.id, 4, session.person_id, session.profile, session.ends)
            );
        }
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
                ("test-session-0".to_owned(), first),
                ("test-seen".to_owned(), seen),
            ];
            cookies.extend(second.map(|it| ("test-session-1".to_owned(), it)));
            prop_assert!(!is_session(&cookies, NOW));
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
            prop_assert!(!is_session(&cookies, NOW));
        }
    }
}
