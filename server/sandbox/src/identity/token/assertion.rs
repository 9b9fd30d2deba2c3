//! Client assertions: a client proves who it is by a signed JWT instead of a secret. It is signed with the
//! key of a registered certificate, or by another identity provider that the registration trusts.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>;
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>; RFC 7523, section 3.
//! Numbers beside those of the documentation: 700023 (AzureAD/microsoft-authentication-library-for-dotnet
//! #2746), 50027 for what is malformed, a list in `aud` included (panva/node-openid-client#348), 700024
//! (AzureAD/microsoft-authentication-library-for-java#984), 700211 and 700213
//! (Azure/azure-workload-identity#340, #1200).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, dangerous, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::certificate::Certificate;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::params::Params;
use crate::issuer_keys::{IssuerKeys, KeyError};
use crate::registration::{FederatedCredential, Registration};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far the client's clock may be off.
const SKEW: Duration = Duration::minutes(5);

/// What an assertion is checked against.
#[derive(Debug)]
pub struct Verifier<'a> {
    /// The application that the client says it is.
    pub registration: &'a Registration,
    /// The token endpoint, by every name that `aud` may give it.
    pub endpoints: Vec<String>,
    /// The keys of the providers that registrations trust.
    pub federation: &'a [IssuerKeys],
    /// The time it is.
    pub now: OffsetDateTime,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    /// Seconds, which may have a fraction (RFC 7519, section 2): MSAL for Python's have one.
    exp: f64,
    nbf: Option<f64>,
}

impl Verifier<'_> {
    /// Checks `client_assertion` and its type, in this order: type, syntax, algorithm, certificate,
    /// signature, `aud`, `iss` and `sub`, time. The same assertion may come several times: Microsoft is
    /// not documented to look at `jti`, and MSAL for Python reuses one for minutes.
    pub async fn check(&self, form: &Params) -> Result<(), Refusal> {
        let kind = form.require("client_assertion_type")?;
        if kind != JWT_BEARER {
            let detail = format!("The client_assertion_type '{kind}'.");
            return Err(Refusal::about(Aadsts::Malformed, detail));
        }
        let token = form.require("client_assertion")?;
        let malformed = |error: jsonwebtoken::errors::Error| {
            Refusal::about(Aadsts::AssertionMalformed, format!("{error}."))
        };
        let header = decode_header(token).map_err(malformed)?;
        let claims: Claims = dangerous::insecure_decode_claims(token).map_err(malformed)?;
        if header.x5t.is_some() || header.x5t_s256.is_some() || claims.iss == claims.sub {
            self.by_certificate(token, &header, &claims)
        } else {
            self.by_federation(token, &claims).await
        }
    }

    fn by_certificate(&self, token: &str, header: &Header, claims: &Claims) -> Result<(), Refusal> {
        if !matches!(header.alg, Algorithm::PS256 | Algorithm::RS256) {
            let detail = format!("The algorithm {:?}.", header.alg);
            return Err(Refusal::about(Aadsts::AssertionMalformed, detail));
        }
        let unknown = || Refusal::about(Aadsts::AssertionInvalid, "The key was not found.");
        let certificate = self.certificate(header).ok_or_else(unknown)?;
        let key = DecodingKey::from_rsa_der(&certificate.public_key);
        let mut rules = Validation::new(header.alg);
        signature_only(&mut rules);
        decode::<Value>(token, &key, &rules)
            .map_err(|_| Refusal::from(Aadsts::AssertionInvalid))?;
        if !(certificate.starts..=certificate.ends).contains(&self.now) {
            return Err(Aadsts::CertificateNotValid.into());
        }
        if !self.endpoints.contains(&claims.aud) {
            return Err(Refusal::about(Aadsts::AssertionAudience, format!("'{}'.", claims.aud)));
        }
        let id = &self.registration.client_id;
        if [&claims.iss, &claims.sub].into_iter().any(|name| !name.eq_ignore_ascii_case(id)) {
            return Err(Aadsts::AssertionOfOtherClient.into());
        }
        self.check_time(claims)
    }

    /// The certificate that the header names: in base64 or base64url, padded or not, as clients differ.
    fn certificate(&self, header: &Header) -> Option<&Certificate> {
        let bytes = |text: &Option<String>| {
            let standard = text.as_deref()?.replace('-', "+").replace('_', "/");
            STANDARD_NO_PAD.decode(standard.trim_end_matches('=')).ok()
        };
        let (sha1, sha256) = (bytes(&header.x5t), bytes(&header.x5t_s256));
        self.registration.certificates.iter().find(|certificate| match &sha256 {
            Some(sha256) => certificate.sha256 == *sha256,
            None => sha1.as_ref() == Some(&certificate.sha1),
        })
    }

    async fn by_federation(&self, token: &str, claims: &Claims) -> Result<(), Refusal> {
        let credential = self.federated_credential(claims)?;
        let keys = self.federation.iter().find(|keys| keys.is_of(&credential.issuer));
        let keys = keys.ok_or(Aadsts::FederatedIssuer)?;
        let verified: Result<Value, KeyError> = keys.decode(token, signature_only, self.now).await;
        verified
            .map_err(|error| Refusal::about(Aadsts::AssertionMalformed, format!("{error}.")))?;
        self.check_time(claims)
    }

    /// The credential of the registration that an assertion fits. Case matters, and so does a slash.
    fn federated_credential(&self, claims: &Claims) -> Result<&FederatedCredential, Refusal> {
        let all = &self.registration.federated_credentials;
        let of_issuer = || all.iter().filter(|it| it.issuer == claims.iss);
        let of_subject = || of_issuer().filter(|it| it.subject == claims.sub);
        let refuse = |code: Aadsts, value: &str| Refusal::about(code, format!("'{value}'."));
        if of_issuer().next().is_none() {
            return Err(refuse(Aadsts::FederatedIssuer, &claims.iss));
        }
        if of_subject().next().is_none() {
            let other_case = of_issuer().any(|it| it.subject.eq_ignore_ascii_case(&claims.sub));
            let code =
                if other_case { Aadsts::FederatedSubjectCase } else { Aadsts::FederatedSubject };
            return Err(refuse(code, &claims.sub));
        }
        of_subject()
            .find(|it| it.audience == claims.aud)
            .ok_or_else(|| refuse(Aadsts::FederatedAudience, &claims.aud))
    }

    fn check_time(&self, claims: &Claims) -> Result<(), Refusal> {
        let (now, skew) = (self.now.unix_timestamp() as f64, SKEW.as_seconds_f64());
        if claims.exp + skew <= now || claims.nbf.is_some_and(|nbf| now + skew < nbf) {
            return Err(Aadsts::AssertionTime.into());
        }
        Ok(())
    }
}

/// Every claim has a number of its own when it is wrong, so the library checks none.
fn signature_only(validation: &mut Validation) {
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
}
