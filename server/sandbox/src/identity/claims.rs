//! The `claims` parameter: what a client can do, and what a resource demanded of a token.
//!
//! Sources: OpenID Connect Core 1.0, section 5.5;
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::identity::aadsts::{Aadsts, Refusal};

/// What a request says about claims, as far as it means something here. Claims for the id_token are
/// wishes, which may stay unfulfilled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Whether the client can handle claims challenges (`xms_cc` with `cp1`): then Graph may send some,
    /// and access tokens live for a day.
    pub continuous: bool,
    /// Authentication contexts that the token has to have. They take a person at a browser.
    pub contexts: BTreeSet<String>,
}

/// What a request wants of one claim.
#[derive(Deserialize)]
struct RequestedClaim {
    value: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

impl Claims {
    /// Reads the parameter.
    pub fn parse(text: Option<&str>) -> Result<Self, Refusal> {
        let Some(text) = text else {
            return Ok(Self::default());
        };
        let malformed = |error: serde_json::Error| {
            Refusal::about(Aadsts::Malformed, format!("The parameter 'claims': {error}."))
        };
        let parameter: Map<String, Value> = serde_json::from_str(text).map_err(malformed)?;
        let access_token = parameter.get("access_token");
        let values = |name: &str| -> Result<BTreeSet<String>, Refusal> {
            let asked = access_token
                .and_then(|claims| claims.get(name))
                .filter(|asked| !asked.is_null())
                .cloned();
            let asked: Option<RequestedClaim> =
                asked.map(serde_json::from_value).transpose().map_err(malformed)?;
            Ok(asked
                .into_iter()
                .flat_map(|asked| asked.values.into_iter().chain(asked.value))
                .collect())
        };
        Ok(Self {
            continuous: values("xms_cc")?.iter().any(|value| value.eq_ignore_ascii_case("cp1")),
            contexts: values("acrs")?,
        })
    }

    /// Whether a sign-in in which a person satisfied some contexts is enough.
    pub fn satisfied_by(&self, contexts: &BTreeSet<String>) -> Result<(), Refusal> {
        match self.contexts.difference(contexts).next() {
            None => Ok(()),
            Some(missing) => {
                let claims =
                    json!({ "access_token": { "acrs": { "essential": true, "value": missing } } });
                Err(Refusal::from(Aadsts::MfaNeeded).with_claims(claims.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_and_contexts_are_read_and_everything_else_is_ignored() {
        let read = |text: &str| Claims::parse(Some(text)).unwrap();
        let capable = read(r#"{"access_token":{"xms_cc":{"values":["CP1"]}},"userinfo":null}"#);
        assert!(capable.continuous && capable.contexts.is_empty());
        let stepped =
            read(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"nbf":null}}"#);
        assert_eq!(stepped.contexts, BTreeSet::from(["c1".to_owned()]));
        assert_eq!(read(r#"{"id_token":{"login_hint":{"essential":false}}}"#), Claims::default());
    }

    #[test]
    fn what_is_not_a_claims_request_is_refused() {
        for text in ["", "nonsense", "[]", r#"{"access_token":{"acrs":"c1"}}"#] {
            let refusal = Claims::parse(Some(text)).unwrap_err();
            assert_eq!(refusal.code, Aadsts::Malformed, "{text}");
        }
    }
}
