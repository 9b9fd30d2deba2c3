//! What a sandbox knows from its start: tenants, registered applications, people. It is read from TOML
//! (`file`); what is built in is such a file, `sandbox.toml`, which also documents every key.
//!
//! Entries live as long as the process, so that everything can point at them. A sandbox reads one file
//! in its life, and the file is small.

mod checks;
pub mod error;
mod file;
mod registration_entry;

use std::collections::BTreeSet;

use jsonwebtoken::jwk::JwkSet;
use url::Url;

use crate::accounts::{Account, PERSONAL_TENANT};
use crate::organization::Organization;
use crate::registration::{FederatedCredential, Registration};
use crate::scope::Permission;
use crate::tenant::Tenant;

/// The file that is built in.
pub const BUILT_IN: &str = include_str!("../sandbox.toml");

/// What a file says about one provider.
#[derive(Debug)]
pub struct AcceptedIssuer {
    /// Its `iss`, letter by letter.
    pub issuer: Url,
    /// The `aud` of its tokens, where it has to be a certain one.
    pub audience: Option<String>,
    /// Whose mailbox a token opens that names nobody here.
    pub account: Option<&'static Account>,
    /// What a token allows that names no permission of Graph.
    pub permissions: BTreeSet<Permission>,
    /// Its keys, where they are not to be fetched.
    pub keys: Option<JwkSet>,
}

/// Who and what is known.
#[derive(Debug)]
pub struct Directory {
    /// Everyone, in the order of the picker.
    pub accounts: &'static [Account],
    /// Identity providers whose tokens Graph takes.
    pub accepted_issuers: Vec<AcceptedIssuer>,
    /// Whether the file wants reuse of refresh tokens punished.
    pub punish_refresh_reuse: bool,
    organizations: &'static [Organization],
    registrations: &'static [Registration],
}

impl Directory {
    /// Reads the path segment that names a tenant.
    pub fn tenant(&self, segment: &str) -> Option<Tenant> {
        match segment.to_ascii_lowercase().as_str() {
            "common" => Some(Tenant::Common),
            "organizations" => Some(Tenant::Organizations),
            "consumers" | PERSONAL_TENANT => Some(Tenant::Consumers),
            other => self
                .organizations
                .iter()
                .find(|it| it.id == other || it.domain.eq_ignore_ascii_case(other))
                .map(Tenant::One),
        }
    }

    /// The application with this id.
    pub fn registration(&self, client_id: &str) -> Option<&'static Registration> {
        self.registrations.iter().find(|it| it.client_id.eq_ignore_ascii_case(client_id))
    }

    /// The federated credentials of every application.
    pub fn federated_credentials(&self) -> impl Iterator<Item = &'static FederatedCredential> {
        self.registrations.iter().flat_map(|it| &it.federated_credentials)
    }

    /// The first application that is not switched off.
    pub fn first_registration(&self) -> Option<&'static Registration> {
        self.registrations.iter().find(|it| !it.disabled)
    }

    /// A redirect URI of any application.
    pub fn any_redirect(&self, text: &str) -> Option<Url> {
        self.registrations.iter().find_map(|it| it.redirect(text)).map(|uri| uri.to_url())
    }

    /// The account with this address, whatever the case of its letters.
    pub fn by_address(&self, address: &str) -> Option<&'static Account> {
        self.accounts.iter().find(|account| account.address.eq_ignore_ascii_case(address))
    }

    /// The account that `/users/{id | userPrincipalName}` means.
    pub fn by_id_or_address(&self, key: &str) -> Option<&'static Account> {
        self.accounts
            .iter()
            .find(|account| account.graph_id.eq_ignore_ascii_case(key))
            .or_else(|| self.by_address(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, TENANT};

    impl Directory {
        /// What is built in.
        pub fn built_in() -> Self {
            Self::parse(BUILT_IN).unwrap()
        }
    }

    #[test]
    fn what_is_built_in_is_what_the_library_promises() {
        let directory = Directory::built_in();
        let registration = directory.registration(CLIENT_ID).unwrap();
        assert_eq!(registration.organization.id, TENANT);
        assert_eq!(registration.secrets[0].value, CLIENT_SECRET);
        assert!(registration.redirect(REDIRECT_URI).is_some());
    }

    #[test]
    fn addresses_are_found_in_any_letter_case() {
        let directory = Directory::built_in();
        let found = directory.by_address("WORK@Sandbox.Example");
        assert_eq!(found.map(|account| account.address.as_str()), Some("work@sandbox.example"));
        assert_eq!(directory.by_address("work@sandbox.example.org"), None);
    }

    #[test]
    fn a_personal_id_is_the_end_of_its_object_id() {
        let directory = Directory::built_in();
        let personal = directory.by_address("personal@sandbox.example").unwrap();
        assert_eq!(personal.object_id, "00000000-0000-0000-4444-444444444402");
        assert_eq!(personal.graph_id, "4444444444444402");
    }

    #[test]
    fn a_tenant_goes_by_its_id_or_its_domain_in_any_letter_case() {
        let directory = Directory::built_in();
        let id_of = |segment: &str| directory.tenant(segment).map(Tenant::segment);
        assert_eq!(id_of(TENANT), Some(TENANT));
        assert_eq!(id_of("Sandbox.Example"), Some(TENANT));
        assert_eq!(id_of("COMMON"), Some("common"));
        assert_eq!(id_of("contoso.com"), None);
        assert_eq!(id_of(""), None);
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_and_the_mistake_named() {
        for (old, new, named) in [
            ("[[tenant]]", "[[tennant]]", "tennant"),
            ("tenant = \"consumers\"", "tenant = \"contoso.com\"", "contoso.com"),
            ("markup@sandbox.example", "WORK@sandbox.example", "WORK@sandbox.example"),
            ("http://localhost:5000/login", "http://example.com/login", "http://example.com/login"),
            ("00000000-0000-0000-4444", "00000000-0000-1000-4444", "00000000-0000-1000-4444"),
            ("consent = \"nobody\"", "consent = \"some\"", "some"),
            (
                "value = \"sandbox-secret\"",
                "value = \"sandbox-secret\", expires = 2030-01-01",
                "2030-01-01",
            ),
        ] {
            assert!(BUILT_IN.contains(old), "{old}");
            let error = Directory::parse(&BUILT_IN.replace(old, new)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
