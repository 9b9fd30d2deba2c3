//! A session in as few bytes as possible: tokens are mostly base64url text, which is decoded, and the
//! whole is deflated. Exact: what comes out is what went in, byte for byte.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{PersonId, Profile, Session, SessionId};

/// The most bytes that are inflated, far above what fits the cookies: a session can't be a zip bomb
/// without our key, but memory is bounded all the same.
const MAX_INFLATED: usize = 1 << 16;

/// Of 0 to 10: the smallest result that doesn't take far longer.
const COMPRESSION: u8 = 9;

/// A session's fields in the order they are written; the profile follows.
#[derive(Serialize, Deserialize)]
struct Fields<'a> {
    id: SessionId,
    person_id: &'a str,
    #[serde(borrow)]
    access_token: Vec<Part<'a>>,
    refresh_token: Option<Vec<Part<'a>>>,
    token_ends: u64,
    began: u64,
    ends: u64,
    generation: u32,
    logout_hint: Option<&'a str>,
}

/// A token's part between two dots: a JWT has three, all of them base64url.
#[derive(Serialize, Deserialize)]
enum Part<'a> {
    /// The bytes that base64url without padding stands for.
    Decoded(#[serde(borrow)] Cow<'a, [u8]>),
    /// Any other text.
    Plain(&'a str),
}

impl<'a> Part<'a> {
    fn parse(text: &'a str) -> Self {
        // Decoding refuses trailing bits that are not zero, so encoding gives the same text again.
        URL_SAFE_NO_PAD.decode(text).map_or(Self::Plain(text), |it| Self::Decoded(it.into()))
    }

    fn text(&self) -> String {
        match self {
            Self::Decoded(bytes) => URL_SAFE_NO_PAD.encode(bytes),
            Self::Plain(text) => (*text).to_owned(),
        }
    }
}

/// The parts of `token`.
fn split(token: &SecretString) -> Vec<Part<'_>> {
    token.expose_secret().split('.').map(Part::parse).collect()
}

/// The token that [`split`] made these parts of.
fn join(parts: Vec<Part<'_>>) -> SecretString {
    parts.iter().map(Part::text).collect::<Vec<_>>().join(".").into()
}

/// The bytes of `session`.
pub(super) fn encode<P: Profile>(session: &Session<P>) -> Vec<u8> {
    let fields = Fields {
        id: session.id,
        person_id: &session.person_id.0,
        access_token: split(&session.access_token),
        refresh_token: session.refresh_token.as_ref().map(split),
        token_ends: session.token_ends,
        began: session.began,
        ends: session.ends,
        generation: session.generation,
        logout_hint: session.logout_hint.as_deref(),
    };
    // This doesn't fail: it writes to memory.
    let bytes = postcard::to_allocvec(&(fields, &session.profile)).unwrap_or_default();
    compress_to_vec(&bytes, COMPRESSION)
}

/// The session that [`encode`] made these bytes of, without its last use.
pub(super) fn decode<P: Profile>(bytes: &[u8]) -> Option<Session<P>> {
    let inflated = decompress_to_vec_with_limit(bytes, MAX_INFLATED).ok()?;
    let (fields, rest): (Fields<'_>, _) = postcard::take_from_bytes(&inflated).ok()?;
    let profile = postcard::from_bytes(rest).ok()?;
    Some(Session {
        id: fields.id,
        person_id: PersonId(fields.person_id.to_owned()),
        profile,
        access_token: join(fields.access_token),
        refresh_token: fields.refresh_token.map(join),
        token_ends: fields.token_ends,
        began: fields.began,
        ends: fields.ends,
        generation: fields.generation,
        logout_hint: fields.logout_hint.map(str::to_owned),
        last_used: 0,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{PersonId, Session, SessionId, decode, encode};

    #[test]
    fn tokens_of_any_form_come_back_exactly() {
        // Opaque, a JWT, padding, trailing bits that base64url would lose, nothing at all.
        for token in ["EwB4A8l6+/==", "eyJ0.eyJh.c2ln", "1.AXoA_-9", "QR", "..", "", "müll"] {
            let session = Session {
                id: SessionId([7; 16]),
                person_id: PersonId("tid.oid".to_owned()),
                profile: ("Zoë".to_owned(), "z@example.com".to_owned()),
                access_token: token.into(),
                refresh_token: Some(token.into()),
                token_ends: 2,
                began: 1,
                ends: 4,
                generation: 3,
                logout_hint: Some("hint".to_owned()),
                last_used: 0,
            };
            let back: Session<(String, String)> = decode(&encode(&session)).expect("decodes");
            assert_eq!(back.access_token.expose_secret(), token);
            assert_eq!(back.refresh_token.expect("is there").expose_secret(), token);
            assert_eq!(back.profile, session.profile);
            assert_eq!((back.began, back.ends), (1, 4));
        }
    }
}
