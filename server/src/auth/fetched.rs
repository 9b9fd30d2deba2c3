//! A document from elsewhere, kept. One request at a time is made for it, and whoever waited for that
//! hears how it ended. Knows neither what the document is nor how it is asked for.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::{Mutex, MutexGuard};

/// See the module. `E` is how a request fails.
pub(super) struct Fetched<T, E> {
    requests: AtomicU64,
    document: Mutex<Document<T, E>>,
}

/// What is known of it.
pub(super) struct Document<T, E> {
    /// The last one that was had.
    pub(super) cached: Option<Cached<T>>,
    /// How the last request failed, if it did.
    failure: Option<E>,
}

/// A document that was had.
pub(super) struct Cached<T> {
    pub(super) value: Arc<T>,
    /// When, in Unix seconds.
    pub(super) fetched: u64,
}

impl<T, E: Clone> Fetched<T, E> {
    /// One that was not asked for yet.
    pub(super) fn new() -> Self {
        let document = Document { cached: None, failure: None };
        Self { requests: AtomicU64::new(0), document: Mutex::new(document) }
    }

    /// The document once nobody asks for it any more, and how a request failed in the meantime, if
    /// one did: those who waited for it are not to wait for another each.
    pub(super) async fn settled(&self) -> (MutexGuard<'_, Document<T, E>>, Option<E>) {
        let before = self.requests.load(Ordering::Acquire);
        let document = self.document.lock().await;
        let failure = document.failure.clone();
        let failure = failure.filter(|_| self.requests.load(Ordering::Acquire) > before);
        (document, failure)
    }

    /// Keeps how a request for `document` ended at `now`.
    pub(super) fn keep(
        &self,
        document: &mut Document<T, E>,
        fetched: Result<T, E>,
        now: u64,
    ) -> Result<Arc<T>, E> {
        self.requests.fetch_add(1, Ordering::Release);
        document.failure = fetched.as_ref().err().cloned();
        let value = Arc::new(fetched?);
        document.cached = Some(Cached { value: Arc::clone(&value), fetched: now });
        Ok(value)
    }
}
