//! The parts of a request to the identity platform: the tenant in its path, parameters in query or form.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::directory::Directory;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::tenant::Tenant;

/// The tenant of a path.
pub fn tenant_of(directory: &Directory, segment: &str) -> Result<Tenant, Refusal> {
    let domain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let code = match segment.bytes().all(domain) {
        true => Aadsts::TenantNotFound,
        false => Aadsts::TenantMalformed,
    };
    directory.tenant(segment).ok_or_else(|| Refusal::about(code, format!("'{segment}'.")))
}

/// Parameters by name. Unknown ones are kept and never looked at: clients send many of their own.
#[derive(Debug, Clone)]
pub struct Params(HashMap<String, String>);

impl Params {
    /// Reads `application/x-www-form-urlencoded`. A name must not come twice (RFC 6749, section 3.1).
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let mut values = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(text) {
            match values.entry(name.into_owned()) {
                Entry::Vacant(place) => place.insert(value.into_owned()),
                Entry::Occupied(seen) => {
                    let detail = format!("'{}' comes twice.", seen.key());
                    return Err(Refusal::about(Aadsts::Malformed, detail));
                }
            };
        }
        Ok(Self(values))
    }

    /// A parameter; one without a value counts as absent (RFC 6749, section 3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.even_empty(name).filter(|value| !value.is_empty())
    }

    /// A parameter, with or without a value.
    pub fn even_empty(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that has to be there.
    pub fn require(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }
}
