use crate::words::KnownErrorWords;

/// An error of the identity platform that has an explanation of its own. Source: Entra,
/// "Authentication and authorization error codes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownError {
    /// AADSTS7000215.
    WrongSecret,
    /// AADSTS7000222.
    ExpiredSecret,
    /// AADSTS7000218.
    MissingSecret,
    /// AADSTS700016.
    UnknownClient,
    /// AADSTS90002.
    UnknownTenant,
    /// AADSTS50194.
    SingleTenant,
    /// AADSTS50105.
    NotAssigned,
    /// AADSTS50020.
    OtherOrganization,
    /// AADSTS53000 to 53003, and 530035.
    BlockedByPolicy,
}

impl KnownError {
    /// The known error with this AADSTS number.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            7_000_215 => Self::WrongSecret,
            7_000_222 => Self::ExpiredSecret,
            7_000_218 => Self::MissingSecret,
            700_016 => Self::UnknownClient,
            90_002 => Self::UnknownTenant,
            50_194 => Self::SingleTenant,
            50_105 => Self::NotAssigned,
            50_020 => Self::OtherOrganization,
            53_000..=53_003 | 530_035 => Self::BlockedByPolicy,
            _ => return None,
        })
    }

    /// Only the site owner can do something about it.
    pub(super) const fn is_setup(self) -> bool {
        !matches!(self, Self::NotAssigned | Self::OtherOrganization | Self::BlockedByPolicy)
    }

    pub(super) const fn text(self, words: &KnownErrorWords) -> &'static str {
        match self {
            Self::WrongSecret => words.wrong_secret,
            Self::ExpiredSecret => words.expired_secret,
            Self::MissingSecret => words.missing_secret,
            Self::UnknownClient => words.unknown_client,
            Self::UnknownTenant => words.unknown_tenant,
            Self::SingleTenant => words.single_tenant,
            Self::NotAssigned => words.not_assigned,
            Self::OtherOrganization => words.other_organization,
            Self::BlockedByPolicy => words.blocked_by_policy,
        }
    }
}
