//! What entries of a directory name: tenants, permissions, and themselves, once.

use std::collections::BTreeSet;

use crate::directory::error::DirectoryError;
use crate::organization::Organization;
use crate::scope::Permission;

/// The permissions with these names.
pub fn permissions(names: Vec<String>) -> Result<BTreeSet<Permission>, DirectoryError> {
    let permission =
        |name: String| Permission::parse(&name).ok_or(DirectoryError::UnknownPermission(name));
    names.into_iter().map(permission).collect()
}

/// The tenant with this domain.
pub fn organization(
    organizations: &'static [Organization],
    domain: String,
) -> Result<&'static Organization, DirectoryError> {
    let known = organizations.iter().find(|it| it.domain == domain);
    known.ok_or(DirectoryError::UnknownTenant(domain))
}

/// Refuses keys of which two are the same, whatever their letter case.
pub fn no_two<'a>(keys: impl Iterator<Item = &'a String>) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key.to_ascii_lowercase()) {
            return Err(DirectoryError::Twice(key.clone()));
        }
    }
    Ok(())
}
