//! Checks that an id_token proves who signed in, here and now (OpenID Connect Core 1.0, 3.1.3.7;
//! Entra, "ID token claims reference" and "Validate tokens").

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;

use super::provider::{ProviderError, with_tenant};
use crate::{
    Bff,
    session::{PersonId, Profile},
};

/// Seconds by which the two clocks may differ.
const SKEW: u64 = 300;

/// Why an id_token proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// The provider's keys could not be had.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// It is not a token of three readable parts.
    #[error("the id_token cannot be read")]
    Malformed,
    /// Its header names extensions that must be understood (RFC 7515, section 4.1.11).
    #[error("the id_token's header has critical extensions")]
    Critical,
    /// Another algorithm than RS256.
    #[error("the id_token is not signed with RS256")]
    Algorithm,
    /// No published key has this id, or the key is for another issuer.
    #[error("the id_token's key is not published for its issuer")]
    Key,
    /// The signature is not the key's.
    #[error("the id_token's signature does not match")]
    Signature,
    /// For another client only.
    #[error("the id_token's audience is another client")]
    Audience,
    /// From another issuer, or of a kind of account that the tenant doesn't take.
    #[error("the id_token's issuer is not the configured one")]
    Issuer,
    /// Expired or not valid yet.
    #[error("the id_token's time is over or has not begun")]
    Time,
    /// Made for another attempt.
    #[error("the id_token's nonce is not the attempt's")]
    Nonce,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    exp: u64,
    nbf: Option<u64>,
    nonce: Option<String>,
    sub: String,
    tid: Option<String>,
    oid: Option<String>,
    login_hint: Option<String>,
}

/// Whom an id_token names.
pub(super) struct Identity {
    /// Who it is.
    pub(super) person_id: PersonId,
    /// What the provider wants to be told at sign-out (Entra's optional claim `login_hint`).
    pub(super) logout_hint: Option<String>,
}

impl<P: Profile> Bff<P> {
    /// Checks `token`, which belongs to the attempt with this `nonce`, and tells whom it names.
    pub(super) async fn verify(&self, token: &str, nonce: &str) -> Result<Identity, IdTokenError> {
        let (provider, now) = (&self.parts.provider, self.now());
        let header = decode_header(token).map_err(|_| IdTokenError::Malformed)?;
        if header.alg != Algorithm::RS256 {
            return Err(IdTokenError::Algorithm);
        }
        // None is understood here.
        if header.crit.is_some() {
            return Err(IdTokenError::Critical);
        }
        let kid = header.kid.ok_or(IdTokenError::Key)?;
        let key = provider.key(&kid, now).await?.ok_or(IdTokenError::Key)?;
        let decoding_key =
            DecodingKey::from_rsa_components(&key.n, &key.e).map_err(|_| IdTokenError::Key)?;

        // Checks the signature and the audience. The other claims are checked below, with this
        // server's clock and the token's own tenant.
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_required_spec_claims(&["aud"]);
        validation.set_audience(&[&self.settings().client_id]);
        validation.validate_exp = false;
        let claims: Claims = decode(token, &decoding_key, &validation)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => IdTokenError::Signature,
                ErrorKind::InvalidAudience => IdTokenError::Audience,
                _ => IdTokenError::Malformed,
            })?
            .claims;

        let tid = claims.tid.as_deref();
        let issuer = with_tenant(&provider.metadata(now).await?.issuer, tid);
        let is_issuer = tid.is_none_or(is_plain_guid) && issuer.as_ref() == Some(&claims.iss);
        if !is_issuer || !provider.takes_accounts_of(tid) {
            return Err(IdTokenError::Issuer);
        }
        if !key.signs_for(&claims.iss, tid) {
            return Err(IdTokenError::Key);
        }
        let begins = claims.nbf.unwrap_or(0);
        if claims.exp.saturating_add(SKEW) <= now || begins > now.saturating_add(SKEW) {
            return Err(IdTokenError::Time);
        }
        if claims.nonce.as_deref() != Some(nonce) {
            return Err(IdTokenError::Nonce);
        }
        let person_id = PersonId(match (claims.tid, claims.oid) {
            (Some(tid), Some(oid)) => format!("{tid} {oid}"),
            _ => format!("{} {}", claims.iss, claims.sub),
        });
        Ok(Identity { person_id, logout_hint: claims.login_hint })
    }
}

/// A GUID as Entra writes it, with hyphens and without braces.
fn is_plain_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::parse_str(text).is_ok()
}
