//! When a session was last used: a small sealed cookie of its own, so that the tokens' cookies are
//! only written at sign-in and refresh, and no late answer puts older tokens over newer ones.

use super::SessionId;
use crate::{cookies::Jar, seal::Keyring};

pub(super) const NAME: &str = "seen";

/// When the session `id` was last marked as used, in Unix seconds; `None` where the cookie belongs
/// to another session.
pub(super) fn read(jar: &Jar, keys: &Keyring, id: SessionId) -> Option<u64> {
    let bytes = keys.open(NAME, &jar.get(NAME)?)?;
    let (owner, time) = bytes.split_at_checked(id.0.len())?;
    let time = u64::from_be_bytes(time.try_into().ok()?);
    (owner == id.0).then_some(time)
}

/// Marks the session `id` as used at `now`.
pub(super) fn write(jar: &Jar, keys: &Keyring, id: SessionId, now: u64) {
    let bytes = [id.0.as_slice(), &now.to_be_bytes()].concat();
    jar.set_strict(NAME, keys.seal(NAME, bytes));
}
