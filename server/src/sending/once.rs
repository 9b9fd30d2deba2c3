//! Runs a piece of work at most once for each key, and tells everybody who asks with the same key
//! how it ended. After a restart it knows that a key was used, and no longer how it ended. Knows
//! nothing of mail.

use std::{
    collections::HashMap,
    future::Future,
    io,
    path::Path,
    sync::{Mutex, PoisonError},
};

use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::SendResponse;
use crate::journal::{Journal, Mark, mark_of};

/// The mark of a person and the one-time key of one of their forms.
pub type Key = (String, String);

/// Keys that are remembered; more than this many make room for new ones, the oldest first.
const MOST: usize = 100_000;

/// Why nothing was run and there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The key has run with another text.
    OtherText,
    /// The work was broken off without a result, or ran before a restart.
    Lost,
    /// It could not be written down that the key is used, so nothing was begun.
    NotKept,
}

struct Entry {
    text: [u8; 32],
    expires: u64,
    ended: watch::Receiver<Option<SendResponse>>,
}

/// What has run.
pub struct Once {
    /// By mark, and not by key: how long a key is, is up to whoever sends it.
    entries: Mutex<HashMap<Mark, Entry>>,
    used: Journal,
    tasks: TaskTracker,
}

impl Once {
    /// Remembers used keys in `state_dir`, and runs work among `tasks`.
    ///
    /// # Errors
    /// Where the folder cannot be read and written.
    pub fn new(state_dir: &Path, tasks: TaskTracker, now: u64) -> io::Result<Self> {
        let used = Journal::open(&state_dir.join("used-forms"), now)?;
        Ok(Self { entries: Mutex::default(), used, tasks })
    }

    /// Runs `work` unless `key` has run before, and gives the result of the one run there is.
    ///
    /// The work is a task of its own: it goes on when the caller is dropped. A run for another
    /// `text` is refused rather than passed off as sent.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn run(
        &self,
        key: Key,
        text: [u8; 32],
        now: u64,
        expires: u64,
        work: impl Future<Output = SendResponse> + Send + 'static,
    ) -> Result<SendResponse, Refused> {
        result(self.enter(mark(&key), text, now, expires, work)?).await
    }

    /// The result of the run with this `key` and `text`, if there was one.
    pub async fn known(&self, key: &Key, text: [u8; 32]) -> Option<Result<SendResponse, Refused>> {
        let mark = mark(key);
        let ended = {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            match entries.get(&mark) {
                Some(entry) if entry.text == text => Some(entry.ended.clone()),
                Some(_) => return None,
                None => None,
            }
        };
        match ended {
            Some(ended) => Some(result(ended).await),
            None => self.used.contains(&mark, u64::MAX).then_some(Err(Refused::Lost)),
        }
    }

    fn enter(
        &self,
        mark: Mark,
        text: [u8; 32],
        now: u64,
        expires: u64,
        work: impl Future<Output = SendResponse> + Send + 'static,
    ) -> Result<watch::Receiver<Option<SendResponse>>, Refused> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(&mark) {
            return if entry.text == text {
                Ok(entry.ended.clone())
            } else {
                Err(Refused::OtherText)
            };
        }
        if self.used.contains(&mark, u64::MAX) {
            return Err(Refused::Lost);
        }
        // Before the work begins: better a mail that was not sent and may have been, than one sent
        // twice.
        self.used.add(mark, expires, now).map_err(|error| {
            tracing::error!(event = "use_of_form_not_kept", %error);
            Refused::NotKept
        })?;
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.expires > now);
            let oldest = entries.iter().min_by_key(|(_, it)| it.expires).map(|(mark, _)| *mark);
            if let Some(oldest) = oldest.filter(|_| entries.len() >= MOST) {
                entries.remove(&oldest);
            }
        }
        let (tell, ended) = watch::channel(None);
        let task = async move {
            let result = work.await;
            tell.send_replace(Some(result));
        };
        self.tasks.spawn(task.in_current_span());
        entries.insert(mark, Entry { text, expires, ended: ended.clone() });
        Ok(ended)
    }
}

async fn result(mut ended: watch::Receiver<Option<SendResponse>>) -> Result<SendResponse, Refused> {
    let result = ended.wait_for(Option::is_some).await.map_err(|_| Refused::Lost)?;
    result.clone().ok_or(Refused::Lost)
}

fn mark((account, key): &Key) -> Mark {
    mark_of(&format!("{account}\u{0}{key}"))
}
