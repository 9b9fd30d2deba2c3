//! Seals bytes into text that only this server can open: AES-256-GCM, through the private jar of
//! the `cookie` crate. Binds a value to its name. Knows no cookie flags and no contents.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use tower_cookies::{
    Key,
    cookie::{Cookie, CookieJar},
};

/// The keys: the first seals, each opens. So a key can be added and an old one retired while
/// people stay signed in.
#[derive(Clone)]
pub struct Keyring {
    first: Key,
    others: Vec<Key>,
}

impl Keyring {
    /// A ring of `keys`; `None` where there are none.
    #[must_use]
    pub fn new(keys: Vec<Key>) -> Option<Self> {
        let mut keys = keys.into_iter();
        Some(Self { first: keys.next()?, others: keys.collect() })
    }

    /// Seals `contents` under `name`. The text is base64url.
    #[must_use]
    pub fn seal(&self, name: &str, contents: &[u8]) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.first).add(Cookie::new(name.to_owned(), pack(contents)));
        let sealed = jar.get(name).and_then(|cookie| STANDARD.decode(cookie.value()).ok());
        // `+`, `/` and `=` would be escaped in a cookie, three bytes each.
        URL_SAFE_NO_PAD.encode(sealed.unwrap_or_default())
    }

    /// Opens what [`seal`](Self::seal) sealed under the same name; `None` for anything else.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = STANDARD.encode(URL_SAFE_NO_PAD.decode(sealed).ok()?);
        let mut jar = CookieJar::new();
        jar.add_original(Cookie::new(name.to_owned(), sealed));
        std::iter::once(&self.first)
            .chain(&self.others)
            .find_map(|key| jar.private(key).get(name))
            .and_then(|cookie| unpack(cookie.value()))
    }
}

/// Packs bytes into characters of seven bits, since the jar takes text: a seventh more, where
/// base64 would take a third.
fn pack(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 7 + 1);
    let (mut buffer, mut bits) = (0_u16, 0);
    for byte in bytes {
        buffer = buffer << 8 | u16::from(*byte);
        bits += 8;
        while bits >= 7 {
            bits -= 7;
            text.push(seven_bits(buffer >> bits));
        }
    }
    if bits > 0 {
        text.push(seven_bits(buffer << (7 - bits)));
    }
    text
}

fn seven_bits(value: u16) -> char {
    char::from(value.to_le_bytes()[0] & 0x7f)
}

/// The inverse of [`pack`]; the bits left over at the end are padding.
fn unpack(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 7 / 8);
    let (mut buffer, mut bits) = (0_u16, 0);
    for byte in text.bytes() {
        if byte > 0x7f {
            return None;
        }
        buffer = buffer << 7 | u16::from(byte);
        bits += 7;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn packing_is_exact_for_every_length() {
        for length in 0_u8..=255 {
            let bytes: Vec<u8> =
                (0..length).map(|it| it.wrapping_mul(89).wrapping_add(7)).collect();
            assert_eq!(unpack(&pack(&bytes)).as_deref(), Some(bytes.as_slice()));
        }
    }
}
