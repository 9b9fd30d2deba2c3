//! A certificate with its key, for the tests of client assertions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A certificate with its key, as an application has it.
pub struct Credential {
    pub key: EncodingKey,
    pub pem: String,
    pub der: Vec<u8>,
}

impl Credential {
    pub fn new() -> Self {
        Self::valid_for(365)
    }

    pub fn valid_for(days: i64) -> Self {
        let now = time::OffsetDateTime::from_unix_timestamp(
            jsonwebtoken::get_current_timestamp().cast_signed(),
        );
        let start = now.unwrap() - time::Duration::days(30);
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.not_before = start;
        params.not_after = start + time::Duration::days(30 + days);
        let certificate = params.self_signed(&pair).unwrap();
        Self {
            key: EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap(),
            pem: certificate.pem(),
            der: certificate.der().to_vec(),
        }
    }

    pub fn sha256(&self) -> Vec<u8> {
        Sha256::digest(&self.der).to_vec()
    }

    pub fn sha1(&self) -> Vec<u8> {
        let digest = &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
        aws_lc_rs::digest::digest(digest, &self.der).as_ref().to_vec()
    }

    /// The header that Microsoft's documentation shows.
    pub fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::PS256);
        header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode(self.sha256()));
        header
    }

    pub fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.key).unwrap()
    }
}
