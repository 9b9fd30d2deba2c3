//! How a registered application is written down in TOML, and what is refused in it.

use std::collections::BTreeSet;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;
use uuid::Uuid;

use crate::certificate::Certificate;
use crate::directory::checks::{no_two, organization, permissions};
use crate::directory::error::DirectoryError;
use crate::organization::Organization;
use crate::registration::{
    Audience, FederatedCredential, OptionalClaim, Platform, Registered, Registration, Secret,
};
use crate::scope::Permission;

const LONGEST_URI: usize = 256;
const REFUSED_IN_URIS: [char; 8] = ['!', '$', '\'', '(', ')', ',', ';', '*'];

/// A `[[registration]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationEntry {
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
    /// The application that it describes.
    pub fn read(
        self,
        organizations: &'static [Organization],
    ) -> Result<Registration, DirectoryError> {
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

fn application_permissions(names: Vec<String>) -> Result<BTreeSet<Permission>, DirectoryError> {
    let all = permissions(names)?;
    match all.iter().find(|permission| !permission.is_for_applications()) {
        Some(other) => Err(DirectoryError::DelegatedOnly(other.name())),
        None => Ok(all),
    }
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
