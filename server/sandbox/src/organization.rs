//! A Microsoft Entra tenant as the sandbox's file describes it.

/// An organization with work accounts.
#[derive(Debug, PartialEq, Eq)]
pub struct Organization {
    /// The tenant's id, a GUID: `tid` of its accounts' tokens.
    pub id: String,
    /// Its verified domain.
    pub domain: String,
}
