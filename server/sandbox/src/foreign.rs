//! Other identity providers whose tokens Graph accepts. There are none unless a file names them, since
//! Microsoft accepts none. With one, an app that signs in elsewhere can be tried against Graph.
//!
//! Source: RFC 9068 (access tokens as JWT).

use std::collections::BTreeSet;

use jsonwebtoken::dangerous;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::accounts::Account;
use crate::directory::{AcceptedIssuer, Directory};
use crate::issuer_keys::{IssuerKeys, KeyError};
use crate::scope::Permission;

/// Every provider that is accepted.
#[derive(Debug)]
pub struct Foreign(Vec<(AcceptedIssuer, IssuerKeys)>);

/// What a valid token says.
#[derive(Debug)]
pub struct ForeignToken {
    /// Whose mailbox it opens.
    pub account: &'static Account,
    /// What it allows.
    pub permissions: BTreeSet<Permission>,
    /// When it expires.
    pub expires: OffsetDateTime,
}

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ForeignError {
    /// The file names no such issuer.
    #[error("its issuer is not accepted")]
    Issuer,
    /// It isn't a JWT.
    #[error(transparent)]
    Syntax(#[from] jsonwebtoken::errors::Error),
    /// It was not verified.
    #[error(transparent)]
    Token(#[from] KeyError),
    /// It names no account.
    #[error("it names no account of the sandbox, and the file names none for it")]
    Account,
    /// `exp` is not a date.
    #[error("its exp is not a date")]
    Expiry(#[from] time::error::ComponentRange),
}

#[derive(Debug, Deserialize)]
struct Claims {
    exp: i64,
    sub: Option<String>,
    oid: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
    scp: Option<String>,
    scope: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Named {
    iss: String,
}

impl Foreign {
    /// The providers of a file; `http` fetches their keys.
    pub fn new(accepted: Vec<AcceptedIssuer>, http: &reqwest::Client) -> Self {
        let with_keys = |mut accepted: AcceptedIssuer| {
            let given = accepted.keys.take();
            let keys = IssuerKeys::new(accepted.issuer.as_str(), given, http.clone());
            (accepted, keys)
        };
        Self(accepted.into_iter().map(with_keys).collect())
    }

    /// Forgets every key that was fetched.
    pub fn forget_keys(&self) {
        self.0.iter().for_each(|(_, keys)| keys.forget());
    }

    /// Reads a token that the sandbox did not issue. Its age is for the caller to judge.
    pub async fn read(
        &self,
        token: &str,
        directory: &Directory,
        now: OffsetDateTime,
    ) -> Result<ForeignToken, ForeignError> {
        if self.0.is_empty() {
            return Err(ForeignError::Issuer);
        }
        let Named { iss } = dangerous::insecure_decode_claims(token)?;
        let (accepted, keys) =
            self.0.iter().find(|(_, keys)| keys.is_of(&iss)).ok_or(ForeignError::Issuer)?;
        let claims: Claims = keys
            .decode(
                token,
                |validation| {
                    validation.validate_exp = false;
                    validation.set_required_spec_claims(&["exp", "iss"]);
                    match &accepted.audience {
                        Some(audience) => {
                            validation.set_audience(&[audience]);
                            validation.required_spec_claims.insert("aud".to_owned());
                        }
                        None => validation.validate_aud = false,
                    }
                },
                now,
            )
            .await?;
        Ok(ForeignToken {
            account: claims.account(directory).or(accepted.account).ok_or(ForeignError::Account)?,
            permissions: claims.permissions().unwrap_or_else(|| accepted.permissions.clone()),
            expires: OffsetDateTime::from_unix_timestamp(claims.exp)?,
        })
    }
}

impl Claims {
    fn account(&self, directory: &Directory) -> Option<&'static Account> {
        [&self.oid, &self.preferred_username, &self.email, &self.sub]
            .into_iter()
            .flatten()
            .find_map(|name| directory.by_id_or_address(name))
    }

    /// Those that it names, with or without their resource; nothing if it names none.
    fn permissions(&self) -> Option<BTreeSet<Permission>> {
        let named: BTreeSet<Permission> = [&self.scp, &self.scope]
            .into_iter()
            .flatten()
            .flat_map(|scopes| scopes.split_ascii_whitespace())
            .filter_map(|scope| Permission::parse(scope.rsplit('/').next()?))
            .collect();
        (!named.is_empty()).then_some(named)
    }
}
