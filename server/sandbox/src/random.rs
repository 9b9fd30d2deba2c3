//! Random ids and values. The system is asked once, at start, so that a machine without randomness is
//! refused there and nothing later has to handle the failure.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A stream of bytes out of one secret seed: SHA-256 over the seed and a counter.
#[derive(Debug)]
pub struct Random {
    seed: [u8; 32],
    counter: AtomicU64,
}

impl Random {
    /// A generator with a seed from the system.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system's generator")]
    pub fn from_system() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self { seed, counter: AtomicU64::new(0) })
    }

    /// This many random bytes.
    pub fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 32);
        while bytes.len() < length {
            bytes.extend_from_slice(&self.block());
        }
        bytes.truncate(length);
        bytes
    }

    /// This many random characters of base64url.
    pub fn base64url(&self, characters: usize) -> String {
        let mut text = URL_SAFE_NO_PAD.encode(self.bytes(characters));
        text.truncate(characters);
        text
    }

    /// This many random bytes as standard base64, which needs encoding in URLs and forms.
    pub fn base64(&self, bytes: usize) -> String {
        STANDARD.encode(self.bytes(bytes))
    }

    /// A random GUID.
    pub fn guid(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.block()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A number from `low` up to, but not with, `high`.
    pub fn between(&self, low: u64, high: u64) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.block()[..8]);
        low + u64::from_le_bytes(bytes) % high.saturating_sub(low).max(1)
    }

    fn block(&self) -> [u8; 32] {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        Sha256::new().chain_update(self.seed).chain_update(number.to_le_bytes()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_values_are_the_same_and_lengths_are_as_asked() {
        let random = Random::from_system().unwrap();
        assert_ne!(random.base64url(43), random.base64url(43));
        assert_ne!(random.guid(), random.guid());
        assert_eq!(random.base64url(1401).len(), 1401);
        assert_eq!(random.bytes(33).len(), 33);
    }

    #[test]
    fn numbers_stay_between_their_bounds() {
        let random = Random::from_system().unwrap();
        for _ in 0..1000 {
            assert!((3600..5400).contains(&random.between(3600, 5400)));
        }
    }
}
