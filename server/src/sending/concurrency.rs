//! The concurrency limit at a mailbox: at most four calls at once, the others wait. Graph refuses
//! the fifth with 429 (Graph, "Service-specific throttling limits", Outlook).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::session::PersonId;

/// Calls at once at one mailbox.
const AT_ONCE: usize = 4;

/// The mailboxes that are being called, and those that calls wait for; no others.
#[derive(Default)]
pub struct ConcurrencyLimit(Mutex<HashMap<PersonId, Arc<Semaphore>>>);

/// Permission for one call, which ends when this is dropped.
pub struct Permit<'a> {
    limit: &'a ConcurrencyLimit,
    person: &'a PersonId,
    mailbox: Arc<Semaphore>,
    /// `None` while the call waits.
    permit: Option<OwnedSemaphorePermit>,
}

impl ConcurrencyLimit {
    /// Waits until the mailbox of `person` may be called; `None` where that takes longer than
    /// `patience`.
    pub async fn acquire<'a>(
        &'a self,
        person: &'a PersonId,
        patience: Duration,
    ) -> Option<Permit<'a>> {
        let mailbox = {
            let mut mailboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mailbox = mailboxes.entry(person.clone());
            Arc::clone(mailbox.or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        let mut permit = Permit { limit: self, person, mailbox, permit: None };
        let acquired = Arc::clone(&permit.mailbox).acquire_owned();
        permit.permit = Some(timeout(patience, acquired).await.ok()?.ok()?);
        Some(permit)
    }

    /// How many mailboxes are remembered.
    #[must_use]
    pub fn mailboxes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut mailboxes = self.limit.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.permit.take());
        // The map's and this one: others are made under the lock, so nobody calls or waits.
        if Arc::strong_count(&self.mailbox) == 2 {
            mailboxes.remove(self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::future::join_all;

    use super::{AT_ONCE, ConcurrencyLimit};
    use crate::session::PersonId;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn four_calls_at_once_and_the_fifth_when_one_has_ended() {
        let limit = ConcurrencyLimit::default();
        let person = PersonId("person".to_owned());
        let first = limit.acquire(&person, PATIENCE).await;
        let others = join_all((1..AT_ONCE).map(|_| limit.acquire(&person, PATIENCE))).await;
        assert!(first.is_some() && others.iter().all(Option::is_some));
        assert!(limit.acquire(&person, Duration::ZERO).await.is_none(), "the fifth");
        let other = PersonId("another".to_owned());
        assert!(limit.acquire(&other, Duration::ZERO).await.is_some(), "at another mailbox");
        let (fifth, ()) = tokio::join!(limit.acquire(&person, PATIENCE), async { drop(first) });
        assert!(fifth.is_some());
    }

    #[tokio::test]
    async fn mailboxes_that_nobody_calls_are_forgotten_at_once() {
        let limit = ConcurrencyLimit::default();
        let person = PersonId("person".to_owned());
        let held = join_all((0..AT_ONCE).map(|_| limit.acquire(&person, PATIENCE))).await;
        assert!(limit.acquire(&person, Duration::ZERO).await.is_none());
        assert_eq!(limit.mailboxes(), 1);
        {
            let waiting = limit.acquire(&person, PATIENCE);
            tokio::pin!(waiting);
            assert!(futures::poll!(waiting.as_mut()).is_pending());
            drop(held);
            assert_eq!(limit.mailboxes(), 1, "one still waits");
        }
        assert_eq!(limit.mailboxes(), 0);
    }
}
