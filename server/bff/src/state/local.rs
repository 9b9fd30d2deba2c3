//! The state of a single process, kept in a folder: one journal for each kind of mark.

use std::{io, path::Path};

use async_trait::async_trait;
use journal::Journal;

use super::{Claim, Kind, Mark, NotKept, SharedState};

/// The marks of one process.
pub struct LocalState([Journal; 3]);

impl LocalState {
    /// The state kept in `folder`, which is made where there is none.
    ///
    /// # Errors
    /// Where the folder can't be read and written.
    pub fn open(folder: &Path, now: u64) -> io::Result<Self> {
        // In the order of `Kind`.
        let [ended_sessions, spent_attempts, used_keys] =
            ["ended-sessions", "spent-attempts", "used-forms"]
                .map(|name| Journal::open(&folder.join(name), now));
        Ok(Self([ended_sessions?, spent_attempts?, used_keys?]))
    }

    const fn journal(&self, kind: Kind) -> &Journal {
        &self.0[kind as usize]
    }
}

#[async_trait]
impl SharedState for LocalState {
    async fn claim(&self, kind: Kind, mark: Mark, ends: u64, now: u64) -> Result<Claim, NotKept> {
        self.journal(kind).claim(mark, ends, now).await
    }

    async fn mark(&self, kind: Kind, mark: Mark, ends: u64, now: u64) -> Result<Claim, NotKept> {
        self.journal(kind).mark(mark, ends, now).await
    }

    async fn contains(&self, kind: Kind, mark: &Mark) -> bool {
        self.journal(kind).contains(mark)
    }

    async fn detail(&self, kind: Kind, mark: &Mark) -> Option<u32> {
        self.journal(kind).detail(mark).filter(|it| *it != 0)
    }

    async fn set_detail(&self, kind: Kind, mark: &Mark, detail: u32) {
        self.journal(kind).set_detail(mark, detail);
    }
}
