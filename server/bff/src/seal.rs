//! Encrypts bytes into text that only this server can decrypt (AES-256-GCM), and binds the text to
//! the name of its cookie.

use std::sync::Arc;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

/// Bytes of a session key, as `openssl rand -base64 64` makes it.
const KEY_BYTES: usize = 64;

/// Bytes of an AES-256 key.
const AES_KEY_BYTES: usize = 32;

/// Key material that seals cookies.
#[derive(Clone)]
pub struct SessionKey([u8; KEY_BYTES]);

/// Why a text is no session key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionKeyError {
    /// It can't be decoded.
    #[error("it isn't base64")]
    NotBase64,
    /// It has another length: the number of bytes it has.
    #[error("it has {0} bytes instead of {KEY_BYTES}")]
    Length(usize),
    /// All bytes are the same, so it was typed and not made by a random generator.
    #[error("it's one byte repeated, which isn't random")]
    NotRandom,
}

impl SessionKey {
    /// Reads base64 of 64 random bytes.
    ///
    /// # Errors
    /// [`SessionKeyError`].
    pub fn parse(text: &str) -> Result<Self, SessionKeyError> {
        let bytes = STANDARD.decode(text).map_err(|_| SessionKeyError::NotBase64)?;
        let bytes: [u8; KEY_BYTES] =
            bytes.try_into().map_err(|it: Vec<u8>| SessionKeyError::Length(it.len()))?;
        if bytes == [bytes[0]; KEY_BYTES] {
            return Err(SessionKeyError::NotRandom);
        }
        Ok(Self(bytes))
    }

    /// A key of these bytes, which must come from a random generator.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The text that [`parse`](Self::parse) reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0)
    }
}

/// The keys: the first one seals, each one opens. So a key can be added and an old one retired
/// while people stay signed in.
#[derive(Clone)]
pub struct Keyring(Arc<Vec<RandomizedNonceKey>>);

/// There is no usable session key.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("there is no usable session key")]
pub struct NoKey;

impl Keyring {
    /// A ring of `keys`, bound to `context`: what was sealed for one client and tenant doesn't open
    /// for another, although both use the same key.
    ///
    /// # Errors
    /// [`NoKey`].
    pub fn new(keys: &[SessionKey], context: &[&str]) -> Result<Self, NoKey> {
        let context: Vec<&[u8]> = context.iter().flat_map(|it| [it.as_bytes(), b"\0"]).collect();
        let derived = |key: &SessionKey| {
            let mut bytes = [0; AES_KEY_BYTES];
            let prk = Salt::none(HKDF_SHA256).extract(&key.0);
            prk.expand(&context, &AES_256_GCM).ok()?.fill(&mut bytes).ok()?;
            RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()
        };
        let keys: Option<Vec<_>> = keys.iter().map(derived).collect();
        keys.filter(|it| !it.is_empty()).map(|it| Self(Arc::new(it))).ok_or(NoKey)
    }

    /// Seals `contents` under `name`, as base64url text: the nonce, the ciphertext, the tag.
    #[must_use]
    pub fn seal(&self, name: &str, mut contents: Vec<u8>) -> String {
        let seal = |key: &RandomizedNonceKey| {
            key.seal_in_place_append_tag(Aad::from(name), &mut contents).ok()
        };
        // Sealing only fails for contents far larger than memory: then nothing opens.
        let Some(nonce) = self.0.first().and_then(seal) else { return String::new() };
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut contents);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens what [`seal`](Self::seal) sealed under the same name; `None` for anything else, also
    /// for another spelling of the same bytes.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut contents = ciphertext.to_vec();
            let length = key.open_in_place(nonce, Aad::from(name), &mut contents).ok()?.len();
            contents.truncate(length);
            Some(contents)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Keyring, SessionKey, SessionKeyError};

    fn key(seed: u8) -> SessionKey {
        SessionKey::from_bytes(std::array::from_fn(|at| seed ^ u8::try_from(at).unwrap()))
    }

    #[test]
    fn what_was_sealed_opens_under_its_own_name_only() {
        let keys = Keyring::new(&[key(1)], &["client", "tenant"]).unwrap();
        let sealed = keys.seal("session", b"contents".to_vec());
        assert_eq!(keys.open("session", &sealed).as_deref(), Some(b"contents".as_slice()));
        assert_eq!(keys.open("other", &sealed), None);
        assert_eq!(keys.open("session", &format!("{sealed}=")), None, "another spelling");
    }

    #[test]
    fn each_key_of_the_ring_opens_and_the_first_one_seals() {
        let context = ["client", "tenant"];
        let old = Keyring::new(&[key(1)], &context).unwrap();
        let both = Keyring::new(&[key(2), key(1)], &context).unwrap();
        let new = Keyring::new(&[key(2)], &context).unwrap();
        assert!(both.open("name", &old.seal("name", vec![1])).is_some());
        assert!(new.open("name", &both.seal("name", vec![1])).is_some());
        assert!(old.open("name", &both.seal("name", vec![1])).is_none());
    }

    #[test]
    fn what_was_sealed_for_one_client_does_not_open_for_another() {
        let one = Keyring::new(&[key(1)], &["client", "tenant"]).unwrap();
        for context in [["client", "other"], ["other", "tenant"], ["clientt", "enant"]] {
            let other = Keyring::new(&[key(1)], &context).unwrap();
            assert_eq!(other.open("name", &one.seal("name", vec![1])), None, "{context:?}");
        }
    }

    #[test]
    fn a_key_is_64_random_bytes() {
        let text = key(1).to_text();
        assert!(SessionKey::parse(&text).is_ok());
        let repeated = SessionKey::from_bytes([7; 64]).to_text();
        assert_eq!(SessionKey::parse(&repeated).err(), Some(SessionKeyError::NotRandom));
        assert_eq!(SessionKey::parse("%").err(), Some(SessionKeyError::NotBase64));
        assert_eq!(SessionKey::parse("YWJj").err(), Some(SessionKeyError::Length(3)));
    }
}
