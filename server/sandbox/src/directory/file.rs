//! How a directory is written down in TOML: the entries, and what is refused in them.

use std::collections::BTreeSet;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;
use uuid::Uuid;

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::certificate::{Certificate, CertificateError};
use crate::directory::{AcceptedIssuer, Directory};
use crate::organization::Organization;
use crate::registration::{
    Audience, FederatedCredential, OptionalClaim, Platform, Registered, Registration, Secret,
};
use crate::scope::Permission;

const LONGEST_URI: usize = 256;
const REFUSED_IN_URIS: [char; 8] = ['!', '$', '\'', '(', ')', ',', ';', '*'];

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
    /// No application can have it for itself.
    #[error("'{0}' is a delegated permission only, so it can't be an application permission")]
    DelegatedOnly(&'static str),
    /// Not a JSON Web Key Set.
    #[error("jwks is not a JSON Web Key Set: {0}")]
    Keys(#[from] serde_json::Error),
    /// A certificate that no assertion could be checked against.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
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
    certificates: Vec<String>,
    #[serde(default)]
    federated_credentials: Vec<FederatedEntry>,
    permissions: Option<Vec<String>>,
    #[serde(default)]
    application_permissions: Vec<String>,
    #[serde(default)]
    optional_claims: Vec<OptionalClaim>,
    front_channel_logout_url: Option<Url>,
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
            certificates: self
                .certificates
                .iter()
                .map(|pem| Certificate::parse(pem))
                .collect::<Result<_, _>>()?,
            federated_credentials: self
                .federated_credentials
                .into_iter()
                .map(FederatedEntry::read)
                .collect::<Result<_, _>>()?,
            permissions: match self.permissions {
                Some(names) => permissions(names)?,
                None => BTreeSet::from([Permission::UserRead]),
            },
            application_permissions: application_permissions(self.application_permissions)?,
            optional_claims: self.optional_claims,
            front_channel_logout_url: self.front_channel_logout_url,
            disabled: self.disabled,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FederatedEntry {
    issuer: String,
    subject: String,
    #[serde(default = "token_exchange")]
    audience: String,
    jwks: Option<String>,
}

impl FederatedEntry {
    fn read(self) -> Result<FederatedCredential, DirectoryError> {
        let keys = self.jwks.as_deref().map(serde_json::from_str).transpose()?;
        let Self { issuer, subject, audience, .. } = self;
        Ok(FederatedCredential { issuer, subject, audience, keys })
    }
}

/// The audience that Microsoft recommends for federated credentials.
fn token_exchange() -> String {
    "api://AzureADTokenExchange".to_owned()
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
        Ok(AcceptedIssuer {
            issuer: self.issuer,
            audience: self.audience,
            account: self.account.map(account).transpose()?,
            permissions: permissions(self.permissions)?,
            keys: self.jwks.as_deref().map(serde_json::from_str).transpose()?,
        })
    }
}

fn permissions(names: Vec<String>) -> Result<BTreeSet<Permission>, DirectoryError> {
    let permission =
        |name: String| Permission::parse(&name).ok_or(DirectoryError::UnknownPermission(name));
    names.into_iter().map(permission).collect()
}

fn application_permissions(names: Vec<String>) -> Result<BTreeSet<Permission>, DirectoryError> {
    let all = permissions(names)?;
    match all.iter().find(|permission| !permission.is_for_applications()) {
        Some(other) => Err(DirectoryError::DelegatedOnly(other.name())),
        None => Ok(all),
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
