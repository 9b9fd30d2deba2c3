//! Owns what a sandbox knows from its start: tenants, registered applications, people. Reads it from
//! TOML; what is built in is such a file, `sandbox.toml`, which also documents every key.
//!
//! Entries live as long as the process, so that everything can point at them. A sandbox reads one file
//! in its life, and the file is small.

use std::collections::BTreeSet;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;
use uuid::Uuid;

use crate::accounts::{Account, ConsentPolicy, Kind, PERSONAL_TENANT};
use crate::foreign::AcceptedIssuer;
use crate::registration::{Audience, Platform, Registered, Registration, Secret};
use crate::scope::Permission;
use crate::tenant::{Organization, Tenant};

/// The file that is built in.
pub const BUILT_IN: &str = include_str!("../sandbox.toml");

const LONGEST_URI: usize = 256;
const REFUSED_IN_URIS: [char; 8] = ['!', '$', '\'', '(', ')', ',', ';', '*'];

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

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Not TOML, or a key of another name or type.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A tenant that no entry describes.
    #[error("'{0}' is not the domain of a [[tenant]]")]
    UnknownTenant(String),
    /// There is nothing to sign in to.
    #[error("there is no [[tenant]]")]
    NoTenant,
    /// Two entries with one key.
    #[error("'{0}' comes twice")]
    Twice(String),
    /// Microsoft would not register it.
    #[error(
        "'{0}' cannot be a redirect URI: it has to be https or http://localhost, at most 256 characters, without any of !$'(),;*"
    )]
    RedirectUri(String),
    /// An account that no entry describes.
    #[error("'{0}' is not the address of an [[account]]")]
    UnknownAccount(String),
    /// Graph has no such permission here.
    #[error("'{0}' is not a permission that the sandbox knows")]
    UnknownPermission(String),
    /// Not a JSON Web Key Set.
    #[error("jwks is not a JSON Web Key Set: {0}")]
    Keys(#[from] serde_json::Error),
    /// A date that does not say where.
    #[error("'{0}' is not a date and time with an offset, such as 2030-12-31T00:00:00Z")]
    Date(String),
    /// The object id of a personal account has a fixed beginning.
    #[error("the object_id of a personal account begins with 00000000-0000-0000-, not {0}")]
    PersonalId(Uuid),
}

impl Directory {
    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, DirectoryError> {
        let file: File = toml::from_str(text)?;
        let organizations: Vec<Organization> = file.tenant.into_iter().map(Into::into).collect();
        no_two(organizations.iter().flat_map(|it| [&it.id, &it.domain]))?;
        let organizations: &'static [Organization] = organizations.leak();

        let read = |entry: RegistrationEntry| entry.read(organizations);
        let registrations =
            file.registration.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        no_two(registrations.iter().map(|it| &it.client_id))?;

        let read = |entry: AccountEntry| entry.read(organizations);
        let accounts = file.account.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        no_two(accounts.iter().flat_map(|it| [&it.address, &it.object_id]))?;
        let accounts: &'static [Account] = accounts.leak();

        let read = |entry: IssuerEntry| entry.read(accounts);
        let accepted_issuers =
            file.accepted_issuer.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self {
            accounts,
            accepted_issuers,
            punish_refresh_reuse: file.punish_refresh_reuse,
            organizations,
            registrations: registrations.leak(),
        })
    }

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

/// A whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    punish_refresh_reuse: bool,
    tenant: Vec<TenantEntry>,
    registration: Vec<RegistrationEntry>,
    account: Vec<AccountEntry>,
    #[serde(default)]
    accepted_issuer: Vec<IssuerEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantEntry {
    id: Uuid,
    domain: String,
}

impl From<TenantEntry> for Organization {
    fn from(entry: TenantEntry) -> Self {
        Self { id: entry.id.to_string(), domain: entry.domain }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationEntry {
    client_id: Uuid,
    name: String,
    tenant: Option<String>,
    #[serde(default)]
    sign_in_audience: Audience,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    spa_redirect_uris: Vec<String>,
    #[serde(default)]
    public_redirect_uris: Vec<String>,
    #[serde(default)]
    secrets: Vec<SecretEntry>,
    #[serde(default)]
    disabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretEntry {
    value: String,
    expires: Option<toml::value::Datetime>,
}

impl RegistrationEntry {
    fn read(self, organizations: &'static [Organization]) -> Result<Registration, DirectoryError> {
        let organization = match self.tenant {
            Some(domain) => organization(organizations, domain)?,
            None => organizations.first().ok_or(DirectoryError::NoTenant)?,
        };
        let by_platform = [
            (Platform::Web, self.redirect_uris),
            (Platform::SinglePage, self.spa_redirect_uris),
            (Platform::Public, self.public_redirect_uris),
        ];
        let redirect_uris = by_platform
            .into_iter()
            .flat_map(|(platform, uris)| uris.into_iter().map(move |uri| (platform, uri)))
            .map(|(platform, uri)| Ok(Registered { uri: registrable(uri)?, platform }))
            .collect::<Result<Vec<_>, DirectoryError>>()?;
        no_two(redirect_uris.iter().map(|it| &it.uri))?;
        Ok(Registration {
            client_id: self.client_id.to_string(),
            name: self.name,
            organization,
            audience: self.sign_in_audience,
            redirect_uris,
            secrets: self
                .secrets
                .into_iter()
                .map(SecretEntry::read)
                .collect::<Result<_, DirectoryError>>()?,
            disabled: self.disabled,
        })
    }
}

impl SecretEntry {
    fn read(self) -> Result<Secret, DirectoryError> {
        let date = |text: String| {
            OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| DirectoryError::Date(text))
        };
        let expires = self.expires.map(|at| date(at.to_string())).transpose()?;
        Ok(Secret { value: self.value, expires })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountEntry {
    address: String,
    given_name: String,
    surname: String,
    display_name: Option<String>,
    tenant: String,
    object_id: Uuid,
    #[serde(default)]
    consent: ConsentPolicy,
    #[serde(default)]
    administrator: bool,
    #[serde(default = "yes")]
    mailbox: bool,
    #[serde(default)]
    photo: bool,
    mail: Option<String>,
    #[serde(default)]
    about: String,
}

impl AccountEntry {
    fn read(self, organizations: &'static [Organization]) -> Result<Account, DirectoryError> {
        let kind = match self.tenant.as_str() {
            "consumers" => Kind::Personal,
            _ => Kind::Work(organization(organizations, self.tenant)?),
        };
        let object_id = self.object_id.to_string();
        let (graph_id, mail, policy) = match kind {
            Kind::Personal => {
                let digits = object_id
                    .strip_prefix("00000000-0000-0000-")
                    .ok_or(DirectoryError::PersonalId(self.object_id))?;
                (digits.replace('-', ""), self.mail, ConsentPolicy::Everything)
            }
            Kind::Work(_) => {
                let mail = self.mail.unwrap_or_else(|| self.address.clone());
                let everything = ConsentPolicy::Everything;
                let policy = if self.administrator { everything } else { self.consent };
                (object_id.clone(), Some(mail), policy)
            }
        };
        let full_name = || format!("{} {}", self.given_name, self.surname);
        Ok(Account {
            display_name: self.display_name.unwrap_or_else(full_name),
            address: self.address,
            given_name: self.given_name,
            surname: self.surname,
            mail,
            object_id,
            graph_id,
            kind,
            policy,
            administrator: self.administrator && kind != Kind::Personal,
            has_mailbox: self.mailbox,
            has_photo: self.photo,
            about: self.about,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerEntry {
    issuer: Url,
    audience: Option<String>,
    account: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
    jwks: Option<String>,
}

impl IssuerEntry {
    fn read(self, accounts: &'static [Account]) -> Result<AcceptedIssuer, DirectoryError> {
        let account = |address: String| {
            let known = accounts.iter().find(|it| it.address.eq_ignore_ascii_case(&address));
            known.ok_or(DirectoryError::UnknownAccount(address))
        };
        let permission =
            |name: String| Permission::parse(&name).ok_or(DirectoryError::UnknownPermission(name));
        Ok(AcceptedIssuer {
            issuer: self.issuer,
            audience: self.audience,
            account: self.account.map(account).transpose()?,
            permissions: self.permissions.into_iter().map(permission).collect::<Result<_, _>>()?,
            keys: self.jwks.as_deref().map(serde_json::from_str).transpose()?,
        })
    }
}

fn yes() -> bool {
    true
}

fn organization(
    organizations: &'static [Organization],
    domain: String,
) -> Result<&'static Organization, DirectoryError> {
    let known = organizations.iter().find(|it| it.domain == domain);
    known.ok_or(DirectoryError::UnknownTenant(domain))
}

/// Source: <https://learn.microsoft.com/entra/identity-platform/reply-url>. `http://127.0.0.1` goes
/// through the manifest editor there.
fn registrable(uri: String) -> Result<String, DirectoryError> {
    let allowed = Url::parse(&uri).is_ok_and(|url| {
        url.scheme() == "https"
            || (url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1")))
    });
    if allowed && uri.len() <= LONGEST_URI && !uri.contains(REFUSED_IN_URIS) {
        Ok(uri)
    } else {
        Err(DirectoryError::RedirectUri(uri))
    }
}

fn no_two<'a>(keys: impl Iterator<Item = &'a String>) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key.to_ascii_lowercase()) {
            return Err(DirectoryError::Twice(key.clone()));
        }
    }
    Ok(())
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
