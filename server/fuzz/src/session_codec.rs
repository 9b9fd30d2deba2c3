use miniz_oxide::deflate::compress_to_vec;
use secrecy::ExposeSecret;

use crate::session::{Session, decode, encode};

type Profile = (String, String);

/// Bytes are no session, or one that comes back as it is. Random bytes are hardly ever deflated, so with
/// an even first byte the rest is deflated first.
pub fn session_codec(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else { return };
    let deflated = if kind % 2 == 0 { compress_to_vec(data, 0) } else { data.to_vec() };
    let Some(session) = decode::<Profile>(&deflated) else { return };
    let back = decode::<Profile>(&encode(&session)).expect("what was a session is one");
    let parts = |it: &Session<Profile>| {
        let refresh = it.refresh_token.as_ref().map(|it| it.expose_secret().to_owned());
        (
            (
                it.id,
                it.person_id.clone(),
                it.profile.clone(),
                it.generation,
                it.logout_hint.clone(),
            ),
            (it.access_token.expose_secret().to_owned(), refresh, it.token_ends, it.began, it.ends),
        )
    };
    assert_eq!(parts(&session), parts(&back));
}
