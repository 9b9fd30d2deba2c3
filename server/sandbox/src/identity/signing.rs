//! The keys of the sandbox: makes them at start, publishes them, signs tokens.
//!
//! Sources: RFC 7515 (signatures), RFC 7517 (published keys).

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::tenant::Tenant;

/// The keys that are published: the one that signs stands last, behind the one before it, since tokens
/// that it signed are still good. At the start that one has signed nothing; it is there because
/// Microsoft publishes several, and a client that takes the first instead of looking for the `kid` has to
/// fail.
#[derive(Debug)]
pub struct Keys {
    published: [Arc<SigningKey>; 2],
    first: [Arc<SigningKey>; 2],
}

impl Keys {
    /// Two new keys.
    pub fn generate() -> Result<Self, SigningError> {
        let first = [spare()?, Arc::new(SigningKey::generate()?)];
        Ok(Self { published: first.clone(), first })
    }

    /// The key that signs.
    pub fn newest(&self) -> Arc<SigningKey> {
        let [_, newest] = &self.published;
        Arc::clone(newest)
    }

    /// From now on another key signs. The oldest is published no more.
    pub fn roll(&mut self, next: SigningKey) {
        self.published = [self.newest(), Arc::new(next)];
    }

    /// Back to the keys of the start.
    pub fn reset(&mut self) {
        self.published = self.first.clone();
    }

    /// The JSON Web Key Set that is published (RFC 7517, section 5).
    pub fn to_jwks(&self, base: &str) -> Value {
        json!({ "keys": self.published.each_ref().map(|key| key.to_jwk(base)) })
    }
}

/// A key that signs nothing. One is enough for every sandbox of a process; making one takes longer than
/// all the rest of a start.
fn spare() -> Result<Arc<SigningKey>, SigningError> {
    static SPARE: OnceLock<Arc<SigningKey>> = OnceLock::new();
    if let Some(made) = SPARE.get() {
        return Ok(Arc::clone(made));
    }
    let made = Arc::new(SigningKey::generate()?);
    Ok(Arc::clone(SPARE.get_or_init(|| made)))
}

/// An RSA key with its certificate.
#[derive(Debug)]
pub struct SigningKey {
    pair: KeyPair,
    certificate: Vec<u8>,
    id: String,
}

/// The key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The cryptographic library refused.
    #[error("the signing key failed")]
    Key(#[from] Unspecified),
    /// No certificate could be made for it.
    #[error("the signing key's certificate failed")]
    Certificate(#[from] rcgen::Error),
}

impl SigningKey {
    /// A new key of 2048 bits.
    pub fn generate() -> Result<Self, SigningError> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let certificate = self_signed(&pair)?;
        let thumbprint = digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate);
        Ok(Self { pair, certificate, id: URL_SAFE_NO_PAD.encode(thumbprint) })
    }

    /// Its name, `kid`: the thumbprint of its certificate, as at Microsoft.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn to_jwk(&self, base: &str) -> Value {
        let public = self.pair.public_key();
        let number = |value: &[u8]| URL_SAFE_NO_PAD.encode(value);
        json!({
            "kty": "RSA",
            "use": "sig",
            "kid": self.id,
            "x5t": self.id,
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
            "x5c": [STANDARD.encode(&self.certificate)],
            "issuer": Tenant::Common.issuer(base),
        })
    }

    /// `header.claims.signature` (RFC 7515, section 7.1), signed with RS256.
    pub fn sign(&self, header: &Value, claims: &Value) -> Result<String, SigningError> {
        self.sign_as(header, header, claims)
    }

    /// Signs one header and writes another, which is what makes the signature of Microsoft's access
    /// tokens for Graph fail every ordinary check.
    pub fn sign_as(
        &self,
        written: &Value,
        signed: &Value,
        claims: &Value,
    ) -> Result<String, SigningError> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = part(claims);
        let message = format!("{}.{claims}", part(signed));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature)?;
        Ok(format!("{}.{claims}.{}", part(written), URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn self_signed(pair: &KeyPair) -> Result<Vec<u8>, SigningError> {
    let private: Pkcs8V1Der<'_> = pair.as_der()?;
    let key = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
        &private.as_ref().into(),
        &rcgen::PKCS_RSA_SHA256,
    )?;
    let mut params = rcgen::CertificateParams::new([])?;
    params.distinguished_name.push(rcgen::DnType::CommonName, "Graph Connect sandbox");
    Ok(params.self_signed(&key)?.der().to_vec())
}
