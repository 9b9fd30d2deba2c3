//! Runs a piece of work at most once for each idempotency key, and tells everybody who asks with
//! the same key how it ended. Knows nothing of mail.
//!
//! That a key was used is remembered until it expires, also across restarts. How it ended is
//! remembered whole for the newest [`RESULTS`]; of older ones in this process, whether they
//! succeeded, and with which text; after a restart, nothing.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bff::{Claim, Kind, Mark, SharedState, mark_of};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::SendResponse;

/// Results that are kept whole, at some 700 bytes each.
const RESULTS: usize = 5_000;

/// The one-time key of one of a person's forms.
#[derive(Clone, Copy)]
pub struct IdempotencyKey<'a> {
    /// The mark of the person whose form it is.
    pub account: &'a str,
    /// As it came with the form.
    pub key: &'a str,
}

impl IdempotencyKey<'_> {
    /// How long a key is, is up to whoever sends it; its mark has 16 bytes.
    fn mark(self) -> Mark {
        mark_of(&format!("{}\u{0}{}", self.account, self.key))
    }
}

/// Why nothing was run and there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The key has run with another text.
    OtherText,
    /// The key has run with this text and succeeded, too long ago for the whole result.
    Succeeded,
    /// The key has run, and nobody knows any more how that ended.
    Lost,
    /// It could not be written down that the key is used, so nothing was begun.
    NotKept,
}

/// SHA-256 of what is to be sent.
type Text = [u8; 32];
type Outcome = Result<SendResponse, Refused>;

#[derive(Clone)]
enum Run {
    Running(watch::Receiver<Option<Outcome>>),
    Finished(SendResponse),
}

#[derive(Default)]
struct Runs {
    by_key: HashMap<Mark, (Text, Run)>,
    /// Those that have finished and when they expire, oldest first.
    finished: VecDeque<(Mark, u64)>,
}

struct Shared {
    runs: Mutex<Runs>,
    state: Arc<dyn SharedState>,
}

/// What has run.
pub struct Idempotency {
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

impl Idempotency {
    /// Remembers used keys in `state`, and runs work among `tasks`.
    #[must_use]
    pub fn new(state: Arc<dyn SharedState>, tasks: TaskTracker) -> Self {
        Self { shared: Arc::new(Shared { runs: Mutex::default(), state }), tasks }
    }

    /// Runs `work` unless `key` has run before, and gives the result of the one run there is. The
    /// key is used until `expires`; times are Unix seconds.
    ///
    /// The work is a task of its own: it goes on when the caller is dropped. A run for another
    /// `text` is refused rather than passed off as sent.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn run(
        &self,
        key: IdempotencyKey<'_>,
        text: Text,
        now: u64,
        expires: u64,
        work: impl Future<Output = SendResponse> + Send + 'static,
    ) -> Outcome {
        self.enter(key.mark(), text, now, expires, work)?.outcome().await
    }

    /// How the run with this `key` and `text` ended, or ends; `None` where there was none.
    pub async fn known(&self, key: IdempotencyKey<'_>, text: Text) -> Option<Outcome> {
        let mark = key.mark();
        let run = self.shared.lock().by_key.get(&mark).cloned();
        match run {
            Some((before, run)) if before == text => Some(run.outcome().await),
            Some(_) => Some(Err(Refused::OtherText)),
            None if self.shared.state.contains(Kind::UsedKey, &mark).await => {
                Some(Err(self.shared.forgotten(&mark, &text).await))
            }
            None => None,
        }
    }

    fn enter(
        &self,
        mark: Mark,
        text: Text,
        now: u64,
        expires: u64,
        work: impl Future<Output = SendResponse> + Send + 'static,
    ) -> Result<Run, Refused> {
        let mut runs = self.shared.lock();
        if let Some((before, run)) = runs.by_key.get(&mark) {
            return if *before == text { Ok(run.clone()) } else { Err(Refused::OtherText) };
        }
        let (tell, outcome) = watch::channel(None);
        let run = Run::Running(outcome);
        runs.by_key.insert(mark, (text, run.clone()));
        let shared = Arc::clone(&self.shared);
        let task = async move {
            let outcome = shared.claim_and_run(mark, text, now, expires, work).await;
            shared.lock().finish(mark, outcome.as_ref().ok(), now, expires);
            tell.send_replace(Some(outcome));
        };
        self.tasks.spawn(task.in_current_span());
        Ok(run)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a run whose result is no longer kept.
    async fn forgotten(&self, mark: &Mark, text: &Text) -> Refused {
        match self.state.detail(Kind::UsedKey, mark).await {
            None => Refused::Lost,
            Some(succeeded) if succeeded == detail(text) => Refused::Succeeded,
            Some(_) => Refused::OtherText,
        }
    }

    async fn claim_and_run(
        &self,
        mark: Mark,
        text: Text,
        now: u64,
        expires: u64,
        work: impl Future<Output = SendResponse>,
    ) -> Outcome {
        // Before the work begins: better a message that may have been sent and was not, than one
        // sent twice.
        match self.state.claim(Kind::UsedKey, mark, expires, now).await {
            Ok(Claim::New) => {
                let ended = work.await;
                if ended.is_sent() {
                    self.state.set_detail(Kind::UsedKey, &mark, detail(&text)).await;
                }
                Ok(ended)
            }
            Ok(Claim::Known) => Err(self.forgotten(&mark, &text).await),
            Err(error) => {
                tracing::error!(event = "use_of_form_not_kept", %error);
                Err(Refused::NotKept)
            }
        }
    }
}

impl Run {
    async fn outcome(self) -> Outcome {
        match self {
            Self::Finished(ended) => Ok(ended),
            Self::Running(mut outcome) => {
                let outcome = outcome.wait_for(Option::is_some).await.map_err(|_| Refused::Lost)?;
                outcome.clone().unwrap_or(Err(Refused::Lost))
            }
        }
    }
}

impl Runs {
    /// Keeps how a run ended. A key that did not run is as if it had never been asked for.
    fn finish(&mut self, mark: Mark, ended: Option<&SendResponse>, now: u64, expires: u64) {
        let Some(ended) = ended else {
            self.by_key.remove(&mark);
            return;
        };
        if let Some((_, run)) = self.by_key.get_mut(&mark) {
            *run = Run::Finished(ended.clone());
            self.finished.push_back((mark, expires));
        }
        while let Some((oldest, expires)) = self.finished.front().copied()
            && (expires <= now || self.finished.len() > RESULTS)
        {
            self.finished.pop_front();
            self.by_key.remove(&oldest);
        }
    }
}

/// 31 bits of `text` that tell it from another, and are never 0.
fn detail(text: &Text) -> u32 {
    let [first, second, third, fourth, ..] = *text;
    u32::from_be_bytes([first, second, third, fourth]) | 1
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use app::pages::{Receipt, SendFailure};
    use bff::LocalState;
    use futures::future::join_all;
    use tokio_util::task::TaskTracker;

    use super::{Idempotency, IdempotencyKey, Outcome, RESULTS, Refused, SendResponse};

    const LATER: u64 = 86_400;

    fn opened(folder: &Path) -> Idempotency {
        Idempotency::new(Arc::new(LocalState::open(folder, 0).unwrap()), TaskTracker::new())
    }

    fn sent() -> SendResponse {
        SendResponse::finished(Ok(Receipt::default()))
    }

    fn not_sent() -> SendResponse {
        SendResponse::finished(Err((SendFailure::Unclear, vec![])))
    }

    async fn press(
        forms: &Idempotency,
        key: &str,
        text: u8,
        result: fn() -> SendResponse,
    ) -> Outcome {
        let key = IdempotencyKey { account: "person", key };
        forms.run(key, [text; 32], 0, LATER, async move { result() }).await
    }

    #[tokio::test]
    async fn an_older_result_is_told_as_what_it_was_and_never_run_again() {
        let folder = tempfile::tempdir().unwrap();
        let forms = opened(folder.path());
        assert!(press(&forms, "sent", 1, sent).await.is_ok());
        assert!(press(&forms, "unclear", 1, not_sent).await.is_ok());
        let again = press(&forms, "sent", 1, || panic!("run twice")).await.unwrap();
        assert!(again.is_sent(), "the whole result");

        let keys: Vec<_> = (0..RESULTS).map(|key| key.to_string()).collect();
        join_all(keys.iter().map(|key| press(&forms, key, 1, sent))).await;
        let twice: fn() -> SendResponse = || panic!("run twice");
        for (key, text, refused) in [
            ("sent", 1, Refused::Succeeded),
            ("sent", 2, Refused::OtherText),
            ("unclear", 1, Refused::Lost),
        ] {
            // However often it is pressed.
            for _ in 0..2 {
                assert_eq!(press(&forms, key, text, twice).await.unwrap_err(), refused, "{key}");
            }
        }
        assert!(forms.shared.lock().by_key.len() <= RESULTS, "and nothing grows");
        let restarted = opened(folder.path());
        assert_eq!(press(&restarted, "sent", 1, twice).await.unwrap_err(), Refused::Lost);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_presses_at_once_one_runs_and_all_hear_its_result() {
        let folder = tempfile::tempdir().unwrap();
        let forms = Arc::new(opened(folder.path()));
        let runs = Arc::new(AtomicUsize::new(0));
        let presses = (0..50).map(|_| {
            let (forms, runs) = (Arc::clone(&forms), Arc::clone(&runs));
            tokio::spawn(async move {
                let key = IdempotencyKey { account: "person", key: "key" };
                let work = async move {
                    runs.fetch_add(1, Ordering::Relaxed);
                    sent()
                };
                forms.run(key, [1; 32], 0, LATER, work).await
            })
        });
        assert!(join_all(presses).await.into_iter().all(|it| it.unwrap().unwrap().is_sent()));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_key_that_could_not_be_kept_runs_once_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let forms = opened(folder.path());
        let full = folder.path().join("used-forms/24");
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let never: fn() -> SendResponse = || panic!("run without a record");
        assert_eq!(press(&forms, "key", 1, never).await.unwrap_err(), Refused::NotKept);
        std::fs::remove_file(full).unwrap();
        assert!(press(&forms, "key", 1, sent).await.is_ok());
    }
}
