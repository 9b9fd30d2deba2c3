//! Owns what may stand in the place of `{tenant}` in the paths of the identity platform, which accounts
//! each accepts, and issuers.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints>.

use crate::accounts::{Account, Kind, PERSONAL_TENANT, WORK_DOMAIN, WORK_TENANT};

/// A tenant, or one of Microsoft's names for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenant {
    /// Any account.
    Common,
    /// Any work or school account.
    Organizations,
    /// Any personal account.
    Consumers,
    /// The sandbox's own work tenant, by its id or its domain.
    Work,
}

impl Tenant {
    /// Reads the path segment.
    pub fn parse(segment: &str) -> Option<Self> {
        match segment.to_ascii_lowercase().as_str() {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" | PERSONAL_TENANT => Some(Self::Consumers),
            WORK_TENANT | WORK_DOMAIN => Some(Self::Work),
            _ => None,
        }
    }

    /// The segment in the URLs of its discovery document: a domain has become the id.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
            Self::Work => WORK_TENANT,
        }
    }

    /// The `issuer` of its discovery document: for several tenants a template with the literal text
    /// `{tenantid}`.
    pub fn issuer(self, base: &str) -> String {
        match self {
            Self::Common | Self::Organizations => issuer_of("{tenantid}", base),
            Self::Consumers => issuer_of(PERSONAL_TENANT, base),
            Self::Work => issuer_of(WORK_TENANT, base),
        }
    }

    /// Whether this account may sign in here.
    pub fn accepts(self, account: &Account) -> bool {
        match self {
            Self::Common => true,
            Self::Organizations | Self::Work => account.kind == Kind::Work,
            Self::Consumers => account.kind == Kind::Personal,
        }
    }
}

/// The `iss` of tokens for accounts of a tenant.
pub fn issuer_of(tenant_id: &str, base: &str) -> String {
    format!("{base}/{tenant_id}/v2.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_goes_by_its_id_or_its_domain_in_any_letter_case() {
        assert_eq!(Tenant::parse(WORK_TENANT), Some(Tenant::Work));
        assert_eq!(Tenant::parse("Sandbox.Example"), Some(Tenant::Work));
        assert_eq!(Tenant::parse("COMMON"), Some(Tenant::Common));
        assert_eq!(Tenant::parse("contoso.com"), None);
        assert_eq!(Tenant::parse(""), None);
    }
}
