//! A cached remote document. Concurrent callers share one fetch and its outcome.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

/// A fetch that runs, or has just ended.
pub(super) type Fetch<T, E> = Shared<BoxFuture<'static, Result<Arc<T>, E>>>;

/// See the module. `E` is how a fetch fails.
pub(super) struct CachedDocument<T, E>(Mutex<State<T, E>>);

struct State<T, E> {
    /// The last document that arrived, and when it was asked for, in Unix seconds.
    cached: Option<(Arc<T>, u64)>,
    /// When the last fetch began, in Unix seconds.
    asked: u64,
    running: Option<Fetch<T, E>>,
}

/// The last document that arrived.
pub(super) struct Cached<T> {
    pub(super) document: Arc<T>,
    /// Seconds since it was asked for.
    pub(super) age: u64,
    /// Seconds since the last fetch began, whether it brought this document or failed.
    pub(super) asked: u64,
}

impl<T: Send + Sync + 'static, E: Clone + Send + Sync + 'static> CachedDocument<T, E> {
    pub(super) fn empty() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { cached: None, asked: 0, running: None })))
    }

    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document as of `now`, however old.
    pub(super) fn cached(&self, now: u64) -> Option<Cached<T>> {
        let state = self.lock();
        let (document, fetched) = state.cached.as_ref()?;
        Some(Cached {
            document: Arc::clone(document),
            age: now.saturating_sub(*fetched),
            asked: now.saturating_sub(state.asked),
        })
    }

    /// Fetches the document with `request`, or joins the fetch that runs. It goes on whether or not
    /// the caller waits for it.
    pub(super) fn fetch(
        self: &Arc<Self>,
        now: u64,
        request: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Fetch<T, E> {
        let mut state = self.lock();
        if let Some(running) = &state.running {
            return running.clone();
        }
        let this = Arc::clone(self);
        let fetch = async move {
            let fetched = request.await.map(Arc::new);
            let mut state = this.lock();
            state.running = None;
            if let Ok(document) = &fetched {
                state.cached = Some((Arc::clone(document), now));
            }
            drop(state);
            fetched
        };
        let fetch = fetch.boxed().shared();
        (state.running, state.asked) = (Some(fetch.clone()), now);
        drop(state);
        tokio::spawn(fetch.clone());
        fetch
    }
}
