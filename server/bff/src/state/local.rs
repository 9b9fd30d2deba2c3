//! The state of a single process, kept in a folder: one journal for each kind of mark.

use std::{io, path::Path};

use async_trait::async_trait;

use super::{Claim, Kind, Mark, SharedState, journal::Journal};

/// See the module.
pub struct LocalState {
    ended_sessions: Journal,
    spent_attempts: Journal,
    used_keys: Journal,
}

impl LocalState {
    /// The state kept in `folder`, which is made where there is none.
    ///
    /// # Errors
    /// Where the folder can't be read and written.
    pub fn open(folder: &Path, now: u64) -> io::Result<Self> {
        let journal = |name: &str| Journal::open(&folder.join(name), now);
        Ok(Self {
            ended_sessions: journal("ended-sessions")?,
            spent_attempts: journal("spent-attempts")?,
            used_keys: journal("used-forms")?,
        })
    }

    const fn journal(&self, kind: Kind) -> &Journal {
        match kind {
            Kind::EndedSession => &self.ended_sessions,
            Kind::SpentAttempt => &self.spent_attempts,
            Kind::UsedKey => &self.used_keys,
        }
    }
}

#[async_trait]
impl SharedState for LocalState {
    async fn claim(&self, kind: Kind, mark: Mark, expires: u64, now: u64) -> io::Result<Claim> {
        self.journal(kind).claim(mark, expires, now)
    }

    fn remember(&self, kind: Kind, mark: Mark, expires: u64) {
        self.journal(kind).remember(mark, expires);
    }

    async fn contains(&self, kind: Kind, mark: &Mark, expires: u64) -> bool {
        self.journal(kind).contains(mark, expires)
    }
}
