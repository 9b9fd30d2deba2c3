//! Claims challenges: access tokens that are valid but lack a claim. A challenged token gets the same
//! challenge until the client brings a newer token, as at Microsoft.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/claims-challenge>.

use std::collections::VecDeque;

use axum::http::StatusCode;
use sha2::{Digest, Sha256};

/// So many tokens are remembered; the oldest challenges go first.
const KEPT: usize = 1000;

/// What tells one token from another, and is worth nothing to anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

/// What a token lacks, and how that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// 401; 403 where one operation asks for more than the others.
    pub status: StatusCode,
    /// Graph's error code.
    pub code: String,
    /// What a better token has, as JSON.
    pub claims: String,
}

/// Tokens that were challenged, the longest ago first.
#[derive(Debug, Default)]
pub struct Challenges(VecDeque<(Fingerprint, Challenge)>);

impl Challenges {
    /// Remembers that a token was challenged.
    pub fn note(&mut self, token: Fingerprint, challenge: Challenge) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((token, challenge));
    }

    /// What a token was challenged with.
    pub fn of(&self, token: Fingerprint) -> Option<&Challenge> {
        self.0.iter().find(|(seen, _)| *seen == token).map(|(_, challenge)| challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_challenges_make_room_for_newer_ones() {
        let challenge = Challenge {
            status: StatusCode::UNAUTHORIZED,
            code: String::new(),
            claims: String::new(),
        };
        let mut challenges = Challenges::default();
        for number in 0..=KEPT {
            challenges.note(Fingerprint::of(&number.to_string()), challenge.clone());
        }
        assert_eq!(challenges.of(Fingerprint::of("0")), None);
        assert_eq!(challenges.of(Fingerprint::of("1")), Some(&challenge));
        assert_eq!(challenges.of(Fingerprint::of(&KEPT.to_string())), Some(&challenge));
    }
}
