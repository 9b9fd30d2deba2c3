//! Certificates of registered applications: client assertions are checked against them.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use time::OffsetDateTime;
use time::error::ComponentRange;
use x509_parser::pem::parse_x509_pem;

/// The public half of a certificate that was uploaded to a registration.
#[derive(Debug, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-1 of the DER form: `x5t`.
    pub sha1: Vec<u8>,
    /// SHA-256 of the DER form: `x5t#S256`.
    pub sha256: Vec<u8>,
    /// The RSA key: DER of `RSAPublicKey` (RFC 8017, appendix A.1.1).
    pub public_key: Vec<u8>,
    /// `notBefore`.
    pub starts: OffsetDateTime,
    /// `notAfter`.
    pub ends: OffsetDateTime,
}

/// Why a certificate of the file is refused.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It isn't PEM, or not a certificate.
    #[error("a certificate is not in PEM, or is not X.509")]
    Syntax,
    /// Its dates are no dates.
    #[error("a certificate's dates are out of range")]
    Dates(#[from] ComponentRange),
    /// Entra takes RSA keys here.
    #[error("a certificate's key is not RSA")]
    NotRsa,
}

impl Certificate {
    /// Reads the first certificate of a PEM text.
    pub fn parse(pem: &str) -> Result<Self, CertificateError> {
        let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| CertificateError::Syntax)?;
        let x509 = pem.parse_x509().map_err(|_| CertificateError::Syntax)?;
        let key = x509.public_key();
        let rsa =
            key.parsed().is_ok_and(|key| matches!(key, x509_parser::public_key::PublicKey::RSA(_)));
        if !rsa {
            return Err(CertificateError::NotRsa);
        }
        let date = OffsetDateTime::from_unix_timestamp;
        Ok(Self {
            sha1: digest(&SHA1_FOR_LEGACY_USE_ONLY, &pem.contents).as_ref().to_vec(),
            sha256: digest(&SHA256, &pem.contents).as_ref().to_vec(),
            public_key: key.subject_public_key.data.to_vec(),
            starts: date(x509.validity().not_before.timestamp())?,
            ends: date(x509.validity().not_after.timestamp())?,
        })
    }
}
