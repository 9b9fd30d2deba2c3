//! What must be remembered beyond one request, and known to every process that serves the same
//! people. A port: one process keeps it in a folder ([`LocalState`]).

mod local;

use async_trait::async_trait;

pub use journal::{Claim, Mark, NotKept, mark_of};
pub use local::LocalState;

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

/// Marks that are remembered until they end. Times are Unix seconds.
#[async_trait]
pub trait SharedState: Send + Sync {
    /// Claims `mark` until `ends`. Of several callers at once exactly one hears [`Claim::New`],
    /// once the mark survives the end of the process and a power cut.
    ///
    /// # Errors
    /// [`NotKept`]. Nobody has claimed it then.
    async fn claim(&self, kind: Kind, mark: Mark, ends: u64, now: u64) -> Result<Claim, NotKept>;

    /// The same, but in this process it stays marked where it can't be kept.
    ///
    /// # Errors
    /// [`NotKept`], for the caller who marked it first: a restart will forget it.
    async fn mark(&self, kind: Kind, mark: Mark, ends: u64, now: u64) -> Result<Claim, NotKept>;

    /// `mark` was claimed.
    async fn contains(&self, kind: Kind, mark: &Mark) -> bool;

    /// What [`set_detail`](Self::set_detail) noted beside `mark`; `None` where nothing is known.
    async fn detail(&self, kind: Kind, mark: &Mark) -> Option<u32>;

    /// Notes `detail`, which isn't 0, beside `mark`. It may be forgotten at any time.
    async fn set_detail(&self, kind: Kind, mark: &Mark, detail: u32);
}
