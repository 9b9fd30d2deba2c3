//! Runs a piece of work at most once for each key, and tells everybody who asks with the same key
//! how it ended. After a restart it knows that a key was used, and no longer how it ended. Knows
//! nothing of mail.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use bff::{Claim, Kind, Mark, PersonId, SharedState, mark_of};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::Ended;

/// A person and the one-time key of one of their forms.
pub type Key = (PersonId, String);

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

/// How a run ended, once it has.
type Ending = Option<Result<Ended, Refused>>;

struct Entry {
    text: [u8; 32],
    expires: u64,
    ended: watch::Receiver<Ending>,
}

/// What has run.
pub struct Once {
    entries: Arc<Mutex<Entries>>,
    state: Arc<dyn SharedState>,
    tasks: TaskTracker,
}

/// By mark, and not by key: how long a key is, is up to whoever sends it.
type Entries = HashMap<Mark, Entry>;

impl Once {
    /// Remembers used keys in `state`, and runs work among `tasks`.
    #[must_use]
    pub fn new(state: Arc<dyn SharedState>, tasks: TaskTracker) -> Self {
        Self { entries: Arc::default(), state, tasks }
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
        work: impl Future<Output = Ended> + Send + 'static,
    ) -> Result<Ended, Refused> {
        let mut ended = self.enter(mark(&key), text, now, expires, work)?;
        let result = ended.wait_for(Option::is_some).await.map_err(|_| Refused::Lost)?;
        result.clone().unwrap_or(Err(Refused::Lost))
    }

    fn enter(
        &self,
        mark: Mark,
        text: [u8; 32],
        now: u64,
        expires: u64,
        work: impl Future<Output = Ended> + Send + 'static,
    ) -> Result<watch::Receiver<Ending>, Refused> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get(&mark) {
            return if entry.text == text {
                Ok(entry.ended.clone())
            } else {
                Err(Refused::OtherText)
            };
        }
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.expires > now);
            let oldest = entries.iter().min_by_key(|(_, it)| it.expires).map(|(mark, _)| *mark);
            if let Some(oldest) = oldest.filter(|_| entries.len() >= MOST) {
                entries.remove(&oldest);
            }
        }
        let (tell, ended) = watch::channel(None);
        entries.insert(mark, Entry { text, expires, ended: ended.clone() });
        drop(entries);
        let (entries, state) = (Arc::clone(&self.entries), Arc::clone(&self.state));
        let task = async move {
            // Before the work begins: better a message that was not sent and may have been, than
            // one sent twice.
            let result = match state.claim(Kind::UsedKey, mark, expires, now).await {
                Ok(Claim::Won) => Ok(work.await),
                Ok(Claim::Known) => Err(Refused::Lost),
                Err(error) => {
                    tracing::error!(event = "use_of_form_not_kept", %error);
                    Err(Refused::NotKept)
                }
            };
            if result.is_err() {
                entries.lock().unwrap_or_else(PoisonError::into_inner).remove(&mark);
            }
            tell.send_replace(Some(result));
        };
        self.tasks.spawn(task.in_current_span());
        Ok(ended)
    }
}

fn mark((person, key): &Key) -> Mark {
    mark_of(&format!("{}\u{0}{key}", person.0))
}
