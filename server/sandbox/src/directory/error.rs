//! What is wrong with a directory that is written down in TOML.

use uuid::Uuid;

use crate::certificate::CertificateError;

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
