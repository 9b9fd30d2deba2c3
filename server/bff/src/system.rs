//! Time and randomness, as inputs: an app passes its clock in, so that tests can move it.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Tells the time in Unix seconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// A clock that asks `now` for Unix seconds.
    pub fn new(now: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The clock of this computer.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system's time")]
    pub fn system() -> Self {
        Self::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }

    /// Unix seconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        (self.0)()
    }
}

/// The system's random generator failed, so no secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("the system's random generator failed")]
pub struct NoRandomness(#[from] getrandom::Error);

/// `N` bytes from the system's generator.
///
/// # Errors
/// [`NoRandomness`].
#[expect(clippy::disallowed_methods, reason = "the one place that makes random bytes")]
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// `N` random bytes as base64url text without padding.
///
/// # Errors
/// [`NoRandomness`].
pub fn random_text<const N: usize>() -> Result<String, NoRandomness> {
    Ok(URL_SAFE_NO_PAD.encode(random::<N>()?))
}
