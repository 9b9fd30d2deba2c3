//! How often somebody may do something that costs: in one session, and from one address. Knows no
//! route.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Once};

use bff::SessionId;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use ipnet::IpNet;

/// From one address come many people: an office, a school.
const PEOPLE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// Keys after which those that are idle again are forgotten.
const MANY: usize = 10_000;

type Limiter<K> =
    RateLimiter<K, HashMapStateStore<K>, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

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
            by_session: RateLimiter::hashmap(Quota::per_minute(times)),
            by_address: RateLimiter::hashmap(Quota::per_minute(times.saturating_mul(PEOPLE))),
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
            check(&self.by_session, &session)?;
        }
        match address {
            Some(address) => check(&self.by_address, &network(address)),
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

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), TooOften> {
    if limiter.len() > MANY {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(limiter.clock().now());
        TooOften(wait.as_secs() + 1)
    })
}

/// What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: IpAddr) -> IpNet {
    let bits = if address.is_ipv4() { 32 } else { 64 };
    IpNet::new(address, bits).map_or_else(|_| IpNet::from(address), |it| it.trunc())
}
