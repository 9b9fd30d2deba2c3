//! Owns what time it is in the sandbox. Nothing else asks the system, so a test can let ten minutes
//! pass at once.
#![expect(clippy::disallowed_methods, reason = "the one place that asks the system's time")]

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;
use time::OffsetDateTime;

/// The HTTP date so long from now, as clients will understand it: by the system's own time, which also
/// stands in `Date`.
pub fn http_date(from_now: Duration) -> Option<HeaderValue> {
    HeaderValue::try_from(httpdate::fmt_http_date(SystemTime::now() + from_now)).ok()
}

/// Ten years: longer than anything lives.
const LIMIT: Duration = Duration::from_secs(10 * 365 * 86400);

/// Time would have passed that no date has a place for.
#[derive(Debug, thiserror::Error)]
#[error("the clock is at most ten years ahead")]
pub struct TooFar;

/// The system's time, or the one moment at which it stands still, set forward by as much as a test
/// wants.
#[derive(Debug, Default)]
pub struct Clock {
    stands_at: Option<OffsetDateTime>,
    ahead: Mutex<Duration>,
}

impl Clock {
    /// A clock that only [`Clock::advance`] moves.
    pub fn still() -> Self {
        Self { stands_at: Some(OffsetDateTime::now_utc()), ahead: Mutex::default() }
    }

    /// What time it is.
    pub fn now(&self) -> OffsetDateTime {
        self.stands_at.unwrap_or_else(OffsetDateTime::now_utc) + self.ahead()
    }

    /// Lets time pass, as long as the clock is then at most ten years ahead.
    pub fn advance(&self, by: Duration) -> Result<(), TooFar> {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.checked_add(by).filter(|sum| *sum <= LIMIT).ok_or(TooFar)?;
        Ok(())
    }

    /// Back to where nobody has moved it.
    pub fn reset(&self) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Duration::ZERO;
    }

    fn ahead(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_when_told_and_comes_back_on_reset() {
        let clock = Clock::default();
        let start = clock.now();
        clock.advance(Duration::from_secs(600)).unwrap();
        assert!(clock.advance(LIMIT).is_err());
        assert!(clock.now() - start >= time::Duration::seconds(600));
        clock.reset();
        assert!(clock.now() - start < time::Duration::seconds(60));
    }

    #[test]
    fn a_clock_that_stands_still_moves_only_when_told() {
        let clock = Clock::still();
        let start = clock.now();
        while OffsetDateTime::now_utc() == start {}
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_secs(1)).unwrap();
        assert_eq!(clock.now() - start, time::Duration::SECOND);
        clock.reset();
        assert_eq!(clock.now(), start);
    }
}
