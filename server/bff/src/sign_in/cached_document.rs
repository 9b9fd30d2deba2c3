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

/// A document `T`, and the fetch that runs, which may fail with `E`.
pub(super) struct CachedDocument<T, E>(Mutex<State<T, E>>);

struct State<T, E> {
    cached: Option<Cached<T>>,
    running: Option<Fetch<T, E>>,
}

/// The last document that arrived. Times are Unix seconds.
#[derive(Clone)]
pub(super) struct Cached<T> {
    pub(super) document: Arc<T>,
    /// When it was asked for.
    pub(super) fetched: u64,
    /// When the last fetch began, whether it brought this document or failed.
    pub(super) asked: u64,
}

impl<T: Clone + Send + Sync + 'static, E: Clone + Send + Sync + 'static> CachedDocument<T, E> {
    pub(super) fn empty() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { cached: None, running: None })))
    }

    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document, however old.
    pub(super) fn cached(&self) -> Option<Cached<T>> {
        self.lock().cached.clone()
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
                let document = Arc::clone(document);
                state.cached = Some(Cached { document, fetched: now, asked: now });
            }
            drop(state);
            fetched
        };
        let fetch = fetch.boxed().shared();
        state.running = Some(fetch.clone());
        if let Some(cached) = &mut state.cached {
            cached.asked = now;
        }
        drop(state);
        tokio::spawn(fetch.clone());
        fetch
    }
}
