//! The `{tenant}` in the paths of the identity platform: its spellings, the accounts that each accepts,
//! and issuers.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints>.

use crate::accounts::{Account, Kind, PERSONAL_TENANT};
use crate::organization::Organization;

/// A tenant, or one of Microsoft's names for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenant {
    /// Any account.
    Common,
    /// Any work or school account.
    Organizations,
    /// Any personal account.
    Consumers,
    /// One organization, by its id or its domain.
    One(&'static Organization),
}

impl Tenant {
    /// The segment in the URLs of its discovery document: a domain has become the id.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
            Self::One(organization) => &organization.id,
        }
    }

    /// The `issuer` of its discovery document: for several tenants a template with the literal text
    /// `{tenantid}`.
    pub fn issuer(self, base: &str) -> String {
        match self {
            Self::Common | Self::Organizations => issuer_of("{tenantid}", base),
            Self::Consumers => issuer_of(PERSONAL_TENANT, base),
            Self::One(organization) => issuer_of(&organization.id, base),
        }
    }

    /// Whether this account may sign in here.
    pub fn accepts(self, account: &Account) -> bool {
        match (self, account.kind) {
            (Self::Common, _)
            | (Self::Organizations, Kind::Work(_))
            | (Self::Consumers, Kind::Personal) => true,
            (Self::One(organization), Kind::Work(own)) => organization == own,
            _ => false,
        }
    }
}

/// The `iss` of tokens for accounts of a tenant.
pub fn issuer_of(tenant_id: &str, base: &str) -> String {
    format!("{base}/{tenant_id}/v2.0")
}
