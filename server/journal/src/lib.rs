//! Remembers marks until they expire, across restarts and power cuts: which sessions were ended,
//! which forms and sign-in attempts were used.
//!
//! - A mark is claimed in memory first, so that one of several callers at once is told that it is
//!   new; then it is written and synced to disk, and only then is the caller answered.
//! - Marks that wait at the same time share one write and one `fdatasync` (group commit), on a
//!   thread of the journal's own. No lock is held meanwhile.
//! - There is one file for each hour in which marks expire. Forgetting is deleting a file, so
//!   nothing is ever rewritten.
//! - Nothing makes room for something else. A mark has 16 bytes in memory and 55 on disk;
//!   [`Journal::claim`] is refused once there are [`MOST`], and [`Journal::mark`] never is.
//!
//! One process uses a folder at a time.

mod files;
mod marks;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    io,
    path::Path,
    sync::{Arc, mpsc},
};

use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use self::{
    files::{Files, Line},
    writer::{Job, Shared, Waiting},
};

/// 128 evenly spread bits that stand for something: of SHA-256, or of the system's generator.
pub type Mark = [u8; 16];

/// The mark of a text. Nobody can make another text that has it.
#[must_use]
pub fn mark_of(text: &str) -> Mark {
    let digest = Sha256::digest(text);
    std::array::from_fn(|index| digest.get(index).copied().unwrap_or_default())
}

/// Marks in one journal after which claims are refused: some 46 a second for a whole day, and some
/// 90 MB in memory.
pub const MOST: usize = 4_000_000;

/// Whether a mark was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It was not: this caller, and no other, has marked it.
    New,
    /// It was, or it has expired and cannot be claimed any more.
    Known,
}

/// Why a mark is not on disk.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotKept {
    /// There are too many.
    #[error("the journal has {MOST} marks, and takes no more")]
    Full,
    /// It could not be written. Marks that shared the write share the error.
    #[error("{0}")]
    Unwritten(Arc<io::Error>),
}

/// See the module.
pub struct Journal {
    shared: Arc<Shared>,
    queue: mpsc::Sender<Job>,
    most: usize,
}

impl Journal {
    /// The journal kept in `folder`, which is made where there is none. Lines that cannot be read
    /// are logged and left out.
    ///
    /// # Errors
    /// Where the folder cannot be read and written.
    pub fn open(folder: &Path, now: u64) -> io::Result<Self> {
        Self::with_room_for(MOST, folder, now)
    }

    fn with_room_for(most: usize, folder: &Path, now: u64) -> io::Result<Self> {
        let (files, marks) = Files::open(folder, now)?;
        let shared = Arc::new(Shared::new(marks));
        let queue = writer::start(Arc::clone(&shared), files)?;
        Ok(Self { shared, queue, most })
    }

    /// Marks `mark` until `expires`, unless it is marked. Times are Unix seconds.
    ///
    /// Of several callers one hears [`Claim::New`]; each is answered once the mark is on disk. A
    /// mark that is known keeps its first expiry. What was begun goes on when the caller is dropped.
    ///
    /// # Errors
    /// [`NotKept`]; then it is not marked, and can be claimed again. It may still be found marked
    /// after a restart, where a part of the write reached the disk.
    pub async fn claim(&self, mark: Mark, expires: u64, now: u64) -> Result<Claim, NotKept> {
        match self.enter(mark, expires, now, false).await {
            Err(NotKept::Full) => {
                // Some may have expired since the last mark was written.
                self.forget(now).await;
                self.enter(mark, expires, now, false).await
            }
            claimed => claimed,
        }
    }

    /// The same, but it stays marked in this process where it cannot be written.
    ///
    /// # Errors
    /// [`NotKept`], for the caller who marked it first: a restart will forget it.
    pub async fn mark(&self, mark: Mark, expires: u64, now: u64) -> Result<Claim, NotKept> {
        self.enter(mark, expires, now, true).await
    }

    /// `mark` was marked, or is being written.
    #[must_use]
    pub fn contains(&self, mark: &Mark) -> bool {
        self.detail(mark).is_some()
    }

    /// What [`set_detail`](Self::set_detail) noted beside `mark`, 0 where nothing was; `None` where
    /// it is not marked.
    #[must_use]
    pub fn detail(&self, mark: &Mark) -> Option<u32> {
        self.shared.lock().marks.detail(mark)
    }

    /// Notes 32 bits beside `mark`, in memory only: a restart forgets them.
    pub fn set_detail(&self, mark: &Mark, detail: u32) {
        self.shared.lock().marks.set_detail(mark, detail);
    }

    async fn forget(&self, now: u64) {
        let (done, forgotten) = oneshot::channel();
        if self.queue.send(Job::Forget { now, done }).is_ok() {
            _ = forgotten.await;
        }
    }

    async fn enter(
        &self,
        mark: Mark,
        expires: u64,
        now: u64,
        stays: bool,
    ) -> Result<Claim, NotKept> {
        if expires < now {
            return Ok(Claim::Known);
        }
        let line = Line { mark, expires, now };
        let (claim, written) = {
            let mut state = self.shared.lock();
            let (tell, written) = oneshot::channel();
            if let Some(waiting) = state.waiting.get_mut(&mark) {
                waiting.stays |= stays;
                waiting.callers.push(tell);
                (Claim::Known, written)
            } else if state.marks.detail(&mark).is_some() {
                return Ok(Claim::Known);
            } else if !stays && state.marks.len() >= self.most {
                return Err(NotKept::Full);
            } else {
                state.marks.insert(mark, line.hour());
                state.waiting.insert(mark, Waiting { stays, callers: vec![tell] });
                // Where the thread has ended, the caller is dropped with what it waits for.
                if self.queue.send(Job::Write(line)).is_err() {
                    state.settle(&[line], false);
                }
                (Claim::New, written)
            }
        };
        match written.await {
            Ok(Ok(())) => Ok(claim),
            // Another caller's failure, which hears of it; the mark stays.
            Ok(Err(_)) if claim == Claim::Known && stays => Ok(claim),
            Ok(Err(error)) => Err(NotKept::Unwritten(error)),
            Err(_) => Err(NotKept::Unwritten(Arc::new(io::Error::other("the writer has ended")))),
        }
    }
}
