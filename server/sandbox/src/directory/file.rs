//! How a directory is written down in TOML: the entries, and what is refused in them.

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::directory::checks::{no_two, organization, permissions};
use crate::directory::error::DirectoryError;
use crate::directory::registration_entry::RegistrationEntry;
use crate::directory::{AcceptedIssuer, Directory};
use crate::organization::Organization;

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

fn yes() -> bool {
    true
}
