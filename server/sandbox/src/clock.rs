//! Owns what time it is in the sandbox. Nothing else asks the system, so a test can let ten minutes
//! pass at once.

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

/// The system's time, set forward by as much as a test wants.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: Mutex<Duration>,
}

impl Clock {
    /// What time it is.
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + self.ahead()
    }

    /// Lets time pass, as long as the clock is then at most ten years ahead.
    pub fn advance(&self, by: Duration) -> Result<(), TooFar> {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.checked_add(by).filter(|sum| *sum <= LIMIT).ok_or(TooFar)?;
        Ok(())
    }

    /// Back to the system's time.
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
}
