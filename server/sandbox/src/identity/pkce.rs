//! Proof Key for Code Exchange: RFC 7636, sections 4.2 to 4.6.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::identity::aadsts::{Aadsts, Refusal};

/// What a client promised to be able to prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// base64url of its SHA-256.
    S256(String),
}

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method` of an authorize request.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, Refusal> {
        let Some(challenge) = challenge else {
            return match method {
                Some(_) => Err(Aadsts::ChallengeMissing.into()),
                None => Ok(None),
            };
        };
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&challenge.len()) || !challenge.bytes().all(unreserved) {
            return Err(Aadsts::ChallengeInvalid.into());
        }
        match method {
            Some("S256") => Ok(Some(Self::S256(challenge.to_owned()))),
            Some("plain") | None => Ok(Some(Self::Plain(challenge.to_owned()))),
            Some(other) => {
                Err(Refusal::about(Aadsts::ChallengeMissing, format!("Method '{other}'.")))
            }
        }
    }

    fn matches(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
        }
    }
}

/// Whether the token request proves what the authorize request promised. A verifier that nothing asked
/// for is refused too: somebody may have taken the challenge out of the request on its way (RFC 9700,
/// section 4.8.2).
pub fn check(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Refusal> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Aadsts::VerifierMissing.into()),
        (Some(challenge), Some(verifier)) if challenge.matches(verifier) => Ok(()),
        (_, Some(_)) => Err(Aadsts::VerifierWrong.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn the_example_of_the_rfc_holds() {
        let challenge =
            Challenge::parse(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some("S256"))
                .unwrap();
        let right = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(check(challenge.as_ref(), Some(right)), Ok(()));
        assert_eq!(check(challenge.as_ref(), None), Err(Aadsts::VerifierMissing.into()));
        assert_eq!(check(challenge.as_ref(), Some("x")), Err(Aadsts::VerifierWrong.into()));
        assert_eq!(check(None, Some(right)), Err(Aadsts::VerifierWrong.into()));
    }

    #[test]
    fn a_challenge_has_43_to_128_unreserved_characters() {
        let ok = |text: &str| Challenge::parse(Some(text), Some("S256")).is_ok();
        assert!(ok(&"a".repeat(43)) && ok(&"a".repeat(128)));
        assert!(!ok(&"a".repeat(42)) && !ok(&"a".repeat(129)));
        assert!(!ok(&"+".repeat(43)));
    }

    #[test]
    fn no_method_means_plain() {
        let text = "b".repeat(43);
        let challenge = Challenge::parse(Some(&text), None).unwrap();
        assert_eq!(check(challenge.as_ref(), Some(&text)), Ok(()));
    }
}
