//! How often somebody may do something that costs: in one session, and from one address. Knows no
//! route.

use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use ipnet::IpNet;

use crate::session::SessionId;

/// From one address come many people: an office, a school.
const PEOPLE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Keys below which those that are idle again need not be forgotten.
const FEW: usize = 10_000;

/// Counts for each key, and forgets keys that are idle again.
struct Limiter<K: Hash + Eq + Clone> {
    rates: RateLimiter<K, HashMapStateStore<K>, MonotonicClock, NoOpMiddleware<Instant>>,
    /// Keys at which the idle ones are forgotten next: twice as many as were left the last time, so
    /// that each call pays for looking at two keys at most, however many there are.
    next_sweep: AtomicUsize,
}

/// Come back in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOften(pub u64);

/// How often one thing may happen.
pub struct Rate {
    by_session: Limiter<SessionId>,
    by_address: Limiter<IpNet>,
    untold: Once,
}

impl Rate {
    /// So many times in a minute for a session, and ten times as many for an address.
    #[must_use]
    pub fn per_minute(times: NonZeroU32) -> Self {
        Self {
            by_session: Limiter::per_minute(times),
            by_address: Limiter::per_minute(times.saturating_mul(PEOPLE)),
            untold: Once::new(),
        }
    }

    /// Counts one time. An address of `None` is one that nobody can tell; it is not counted.
    ///
    /// # Errors
    /// [`TooOften`].
    pub fn count(
        &self,
        session: Option<SessionId>,
        address: Option<IpAddr>,
    ) -> Result<(), TooOften> {
        if let Some(session) = session {
            self.by_session.count(&session)?;
        }
        match address {
            Some(address) => self.by_address.count(&network(address)),
            None => {
                self.untold.call_once(|| {
                    tracing::warn!(
                        event = "address_limit_off",
                        "requests come through a proxy that TRUSTED_PROXIES does not name"
                    );
                });
                Ok(())
            }
        }
    }
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn per_minute(times: NonZeroU32) -> Self {
        let rates = RateLimiter::hashmap(Quota::per_minute(times));
        Self { rates, next_sweep: AtomicUsize::new(FEW) }
    }

    fn count(&self, key: &K) -> Result<(), TooOften> {
        if self.rates.len() >= self.next_sweep.load(Ordering::Relaxed) {
            self.rates.retain_recent();
            self.rates.shrink_to_fit();
            self.next_sweep.store((self.rates.len() * 2).max(FEW), Ordering::Relaxed);
        }
        self.rates.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.rates.clock().now());
            TooOften(wait.as_secs() + 1)
        })
    }
}

/// What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: IpAddr) -> IpNet {
    let bits = if address.is_ipv4() { 32 } else { 64 };
    IpNet::new(address, bits).map_or_else(|_| IpNet::from(address), |it| it.trunc())
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, sync::atomic::Ordering};

    use super::{FEW, Limiter};

    #[test]
    fn keys_that_are_in_use_are_looked_at_again_only_when_there_are_twice_as_many() {
        let limiter = Limiter::per_minute(NonZeroU32::MIN);
        for key in 0..=FEW {
            assert!(limiter.count(&key).is_ok());
        }
        assert_eq!(limiter.next_sweep.load(Ordering::Relaxed), 2 * FEW);
        assert!(limiter.count(&0).is_err(), "what is in use is not forgotten");
    }

    #[test]
    fn keys_that_are_idle_again_are_forgotten() {
        // Idle again after some nanoseconds.
        let limiter = Limiter::per_minute(NonZeroU32::MAX);
        for key in 0..10 * FEW {
            assert!(limiter.count(&key).is_ok());
        }
        assert!(limiter.rates.len() <= 2 * FEW, "{}", limiter.rates.len());
    }
}
