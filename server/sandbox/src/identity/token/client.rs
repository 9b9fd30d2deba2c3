//! Client authentication at the token endpoint: a web client by its secret, in the form or in HTTP Basic;
//! a public client without one.
//!
//! Sources: RFC 6749, section 2.3.1;
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret>.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use crate::directory::Directory;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::params::Params;
use crate::registration::{Platform, Registration};
use crate::tenant::Tenant;

/// What the request says about its sender.
#[derive(Debug)]
pub struct Credentials {
    id: String,
    secret: Option<String>,
    has_assertion: bool,
    cross_origin: bool,
}

impl Credentials {
    /// Reads header and form. More than one way of authentication in one request is refused.
    pub fn read(headers: &HeaderMap, form: &Params) -> Result<Self, Refusal> {
        let in_form = form.get("client_secret").map(ToOwned::to_owned);
        let (id, secret) = match basic(headers)? {
            Some(_) if in_form.is_some() => {
                return Err(Refusal::about(Aadsts::Malformed, "The secret comes twice."));
            }
            Some((id, _)) if form.get("client_id").is_some_and(|other| other != id) => {
                return Err(Refusal::about(Aadsts::Malformed, "Two client ids."));
            }
            Some((id, secret)) => (id, Some(secret)),
            None => (form.require("client_id")?.to_owned(), in_form),
        };
        Ok(Self {
            id,
            secret,
            has_assertion: form.get("client_assertion").is_some(),
            cross_origin: headers.contains_key(ORIGIN),
        })
    }

    /// The client that it says it is, as far as it can be used here.
    pub fn registration(
        &self,
        directory: &Directory,
        tenant: Tenant,
    ) -> Result<&'static Registration, Refusal> {
        let registration = directory
            .registration(&self.id)
            .ok_or_else(|| Refusal::about(Aadsts::ClientNotFound, format!("'{}'.", self.id)))?;
        if registration.disabled {
            return Err(Aadsts::ClientDisabled.into());
        }
        registration.check_tenant(tenant)?;
        Ok(registration)
    }

    /// Whether it sends a client assertion, which is still to be checked.
    pub fn has_assertion(&self) -> bool {
        self.has_assertion
    }

    /// Whether it sends any credential.
    pub fn is_confidential(&self) -> bool {
        self.secret.is_some() || self.has_assertion
    }

    /// Whether it authenticates in the way of its kind: a web client by a good secret or by an assertion,
    /// a public one by neither.
    pub fn authenticate(
        &self,
        registration: &Registration,
        platform: Platform,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        match platform {
            Platform::Web if self.cross_origin => Err(Aadsts::CrossOrigin.into()),
            Platform::Web => self.check_secret(registration, now),
            Platform::SinglePage | Platform::Public if self.is_confidential() => {
                Err(Aadsts::SecretOfPublicClient.into())
            }
            Platform::SinglePage if !self.cross_origin => Err(Aadsts::OriginMissing.into()),
            Platform::SinglePage | Platform::Public => Ok(()),
        }
    }

    fn check_secret(
        &self,
        registration: &Registration,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let Some(value) = &self.secret else {
            return if self.has_assertion { Ok(()) } else { Err(Aadsts::SecretMissing.into()) };
        };
        if self.has_assertion {
            return Err(Refusal::about(Aadsts::Malformed, "Both a secret and an assertion."));
        }
        match registration.secrets.iter().find(|secret| secret.value == *value) {
            None => Err(Aadsts::SecretWrong.into()),
            Some(secret) if secret.expires.is_some_and(|end| end <= now) => {
                Err(Aadsts::SecretExpired.into())
            }
            Some(_) => Ok(()),
        }
    }
}

/// Id and secret of `Authorization: Basic`, each form-encoded before they were joined.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let malformed = || Refusal::about(Aadsts::Malformed, "The Authorization header.");
    let (scheme, value) =
        header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let bytes = STANDARD.decode(value.trim()).map_err(|_| malformed())?;
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    let (id, secret) = text.split_once(':').ok_or_else(malformed)?;
    Ok(Some((form_decoded(id), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    // A name without `=` and `&` is one whole name of a form.
    url::form_urlencoded::parse(text.replace('=', "%3D").replace('&', "%26").as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_form_encoded_before_they_are_joined() {
        let mut headers = HeaderMap::new();
        let value = format!("Basic {}", STANDARD.encode("client%21+id:se%3Acret%25=&"));
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        let read = basic(&headers).unwrap();
        assert_eq!(read, Some(("client! id".to_owned(), "se:cret%=&".to_owned())));
    }
}
