//! What a registered application is, who may sign in to it, and the rules for its redirect URIs. Fixed
//! for the application that is built in: the app, its tests and its documentation rely on it.
//!
//! Source of the rules: <https://learn.microsoft.com/entra/identity-platform/reply-url>.

use std::collections::BTreeSet;

use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use crate::accounts::{Account, Kind};
use crate::certificate::Certificate;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::organization::Organization;
use crate::scope::Permission;
use crate::tenant::Tenant;

/// The application (client) id of the application that is built in.
pub const CLIENT_ID: &str = "11111111-1111-4111-8111-111111111111";
/// The client secret's value.
pub const CLIENT_SECRET: &str = "sandbox-secret";
/// The registered redirect URI.
pub const REDIRECT_URI: &str = "http://localhost:5000/login/authorized";
/// The tenant it is registered in, which is also the tenant of every built-in work account.
pub const TENANT: &str = "22222222-2222-4222-8222-222222222222";

/// A registered application.
#[derive(Debug, PartialEq, Eq)]
pub struct Registration {
    /// The application (client) id.
    pub client_id: String,
    /// What the consent page calls it.
    pub name: String,
    /// Where it is registered.
    pub organization: &'static Organization,
    /// Who may sign in.
    pub audience: Audience,
    /// Where answers may go.
    pub redirect_uris: Vec<Registered>,
    /// Any of them proves that a request is the application's.
    pub secrets: Vec<Secret>,
    /// Certificates whose keys may sign client assertions.
    pub certificates: Vec<Certificate>,
    /// Identity providers whose tokens count as client assertions.
    pub federated_credentials: Vec<FederatedCredential>,
    /// The permissions of Graph that the registration lists, which `.default` asks for.
    pub permissions: BTreeSet<Permission>,
    /// The permissions that an administrator granted to the application itself: `roles` of its tokens.
    pub application_permissions: BTreeSet<Permission>,
    /// Claims of id_tokens that Microsoft leaves out unless the registration asks for them.
    pub optional_claims: Vec<OptionalClaim>,
    /// Where a browser that signs out is sent in a hidden frame, so that the application signs out too.
    pub front_channel_logout_url: Option<Url>,
    /// Whether somebody has switched it off.
    pub disabled: bool,
}

/// Who may sign in: `signInAudience` of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Audience {
    /// Everybody.
    #[default]
    #[serde(rename = "AzureADandPersonalMicrosoftAccount")]
    Everybody,
    /// Work and school accounts of every tenant.
    #[serde(rename = "AzureADMultipleOrgs")]
    Organizations,
    /// Accounts of the application's own tenant.
    #[serde(rename = "AzureADMyOrg")]
    OwnTenant,
    /// Personal accounts.
    #[serde(rename = "PersonalMicrosoftAccount")]
    Consumers,
}

/// What kind of client listens at a redirect URI. It decides how the client authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// A server, with a secret.
    Web,
    /// Scripts of a page, which can keep none.
    SinglePage,
    /// A program on a device, which can keep none either.
    Public,
}

/// A redirect URI of a registration.
#[derive(Debug, PartialEq, Eq)]
pub struct Registered {
    /// As it was registered.
    pub uri: String,
    /// Who listens there.
    pub platform: Platform,
}

/// A claim that id_tokens have on request.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/optional-claims-reference>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionalClaim {
    /// The id of the browser's session, "used for per-session user sign out".
    Sid,
}

/// A client secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its value.
    pub value: String,
    /// Until when it is good.
    pub expires: Option<OffsetDateTime>,
}

/// A federated identity credential: which tokens of another provider prove that a request is the
/// application's. All three are compared letter by letter.
#[derive(Debug, PartialEq, Eq)]
pub struct FederatedCredential {
    /// `iss` of the tokens.
    pub issuer: String,
    /// `sub` of the tokens.
    pub subject: String,
    /// `aud` of the tokens.
    pub audience: String,
    /// The provider's keys, where they are not to be fetched.
    pub keys: Option<JwkSet>,
}

impl Registration {
    /// The redirect URI of a request, if it is registered: compared exactly, but the port of localhost
    /// does not count.
    pub fn redirect(&self, text: &str) -> Option<RedirectUri> {
        let url = Url::parse(text).ok()?;
        let registered =
            self.redirect_uris.iter().find(|known| comparable(&known.uri) == comparable(text))?;
        Some(RedirectUri { text: text.to_owned(), url, platform: registered.platform })
    }

    /// What kind of client it is as far as nothing tells it apart: the first redirect URI's.
    pub fn usual_platform(&self) -> Platform {
        self.redirect_uris.first().map_or(Platform::Web, |registered| registered.platform)
    }

    /// A secret that is good now.
    pub fn secret(&self, now: OffsetDateTime) -> Option<&str> {
        let good = |secret: &&Secret| secret.expires.is_none_or(|end| now < end);
        self.secrets.iter().find(good).map(|secret| secret.value.as_str())
    }

    /// The endpoint at which everybody may sign in who may sign in at all.
    pub fn widest_tenant(&self) -> Tenant {
        match self.audience {
            Audience::Everybody => Tenant::Common,
            Audience::Organizations => Tenant::Organizations,
            Audience::OwnTenant => Tenant::One(self.organization),
            Audience::Consumers => Tenant::Consumers,
        }
    }

    /// Whether the application can be used at an endpoint at all.
    pub fn check_tenant(&self, tenant: Tenant) -> Result<(), Refusal> {
        match (self.audience, tenant) {
            (Audience::OwnTenant, Tenant::Common | Tenant::Organizations) => {
                Err(Aadsts::SingleTenant.into())
            }
            (Audience::OwnTenant, Tenant::One(other)) if other != self.organization => {
                Err(Refusal::about(Aadsts::ClientNotFound, format!("'{}'.", self.client_id)))
            }
            (Audience::OwnTenant | Audience::Organizations, Tenant::Consumers) => {
                Err(Aadsts::NotForConsumers.into())
            }
            (Audience::Consumers, Tenant::Consumers) => Ok(()),
            (Audience::Consumers, _) => Err(Aadsts::OnlyForConsumers.into()),
            _ => Ok(()),
        }
    }

    /// Whether an account may sign in to it.
    pub fn accepts(&self, account: &Account) -> bool {
        match (self.audience, account.kind) {
            (Audience::Everybody, _)
            | (Audience::Organizations, Kind::Work(_))
            | (Audience::Consumers, Kind::Personal) => true,
            (Audience::OwnTenant, Kind::Work(organization)) => organization == self.organization,
            _ => false,
        }
    }
}

/// A redirect URI that a registration allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    /// As the client wrote it: the token request has to repeat it letter by letter.
    text: String,
    url: Url,
    /// Who listens there.
    pub platform: Platform,
}

impl RedirectUri {
    /// As the client wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Parsed, to add an answer to it.
    pub fn to_url(&self) -> Url {
        self.url.clone()
    }
}

/// A URI in two parts, of which the port of localhost is none. Works on the text and not on the parsed
/// URL, since parsing repairs what must not match: letter case, dots, encodings.
fn comparable(uri: &str) -> (&str, &str) {
    const LOCALHOST: &str = "http://localhost";
    let Some(rest) = uri.strip_prefix(LOCALHOST) else {
        return ("", uri);
    };
    let digits = |port: &str| port.bytes().take_while(u8::is_ascii_digit).count();
    match rest.strip_prefix(':') {
        Some(port) if digits(port) > 0 => (LOCALHOST, &port[digits(port)..]),
        _ => (LOCALHOST, rest),
    }
}

#[cfg(test)]
mod tests {
    use crate::directory::Directory;

    #[test]
    fn only_the_port_of_localhost_may_differ() {
        let directory = Directory::built_in();
        let registration = directory.registration(super::CLIENT_ID).unwrap();
        for allowed in [
            "http://localhost:5000/login/authorized",
            "http://localhost:49152/login/authorized",
            "http://localhost/login/authorized",
        ] {
            assert!(registration.redirect(allowed).is_some(), "{allowed}");
        }
        for refused in [
            "http://localhost:5000/login/authorized/",
            "http://localhost:5000/Login/authorized",
            "http://localhost:5000/login/../login/authorized",
            "http://localhost:5000/login/authorized?next=1",
            "http://localhost:5000/login/authorized#x",
            "https://localhost:5000/login/authorized",
            "http://127.0.0.1:5000/login/authorized",
            "http://localhost.evil.example/login/authorized",
            "http://localhost:/login/authorized",
            "http://localhost:99999/login/authorized",
            "HTTP://LOCALHOST:5000/login/authorized",
            "",
        ] {
            assert!(registration.redirect(refused).is_none(), "{refused}");
        }
    }
}
