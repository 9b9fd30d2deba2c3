//! A message for the next page, after a form was posted and the browser redirected: sealed, shown
//! once. This keeps addresses and results out of URLs.

use app::pages::Receipt;
use bff::{Jar, Keyring};
use serde::{Deserialize, Serialize};

const NAME: &str = "flash";

/// What the next page has to say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Flash {
    /// A message of this person was accepted.
    Sent {
        /// The mark of the person, who alone gets to read it.
        account: String,
        /// What was accepted.
        receipt: Receipt,
    },
    /// The session was ended.
    Disconnected,
    /// The session was ended, but the provider's sign-out could not be found.
    DisconnectedHereOnly,
}

impl Flash {
    /// Leaves this message for the next page.
    pub fn leave(&self, jar: &Jar, keys: &Keyring) {
        let bytes = postcard::to_allocvec(self).unwrap_or_default();
        jar.set_strict(NAME, keys.seal(NAME, bytes));
    }

    /// Takes the message that was left, if there is one.
    #[must_use]
    pub fn take(jar: &Jar, keys: &Keyring) -> Option<Self> {
        let sealed = jar.get(NAME)?;
        jar.expire(NAME);
        postcard::from_bytes(&keys.open(NAME, &sealed)?).ok()
    }
}
