//! What must be remembered beyond one request, and known to every process that serves the same
//! people. A port: one process keeps it in a folder ([`LocalState`]).

mod journal;
mod local;

use std::io;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

pub use local::LocalState;

/// 128 bits that stand for something: an id, or a hash.
pub type Mark = [u8; 16];

/// The mark of a text, for which nobody can make another text.
#[must_use]
pub fn mark_of(text: &str) -> Mark {
    let digest = Sha256::digest(text);
    std::array::from_fn(|index| digest.get(index).copied().unwrap_or_default())
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A session that was ended before its time.
    EndedSession,
    /// An attempt to sign in whose code was exchanged.
    SpentAttempt,
    /// Something of the app's own that may happen once, such as the sending of one form.
    UsedKey,
}

/// Who claimed a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This call, and nobody before.
    Won,
    /// Somebody before.
    Known,
}

/// Marks that are remembered until they expire.
#[async_trait]
pub trait SharedState: Send + Sync {
    /// Claims `mark` until `expires`, in Unix seconds. Of several callers at once exactly one wins;
    /// it hears so when the mark survives the end of the process and a power cut.
    ///
    /// # Errors
    /// Where it can't be kept. Nobody has claimed it then.
    async fn claim(&self, kind: Kind, mark: Mark, expires: u64, now: u64) -> io::Result<Claim>;

    /// Remembers `mark` until `expires` or the end of this process, where it can't be kept.
    fn remember(&self, kind: Kind, mark: Mark, expires: u64);

    /// `mark`, which expires at `expires`, was claimed.
    async fn contains(&self, kind: Kind, mark: &Mark, expires: u64) -> bool;
}
