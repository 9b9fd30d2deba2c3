//! Other identity providers whose tokens Graph accepts. There are none unless a file names them, since
//! Microsoft accepts none. With one, an app that signs in elsewhere can be tried against Graph.
//!
//! Sources: OpenID Connect Discovery 1.0, section 4; RFC 9068 (access tokens as JWT).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous, decode, decode_header};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use url::Url;

use crate::accounts::Account;
use crate::directory::{AcceptedIssuer, Directory};
use crate::scope::Permission;

const TIMEOUT: Duration = Duration::from_secs(10);

/// So long nothing is fetched again after it did not help: nobody can make the sandbox fetch for ever.
const PAUSE: time::Duration = time::Duration::seconds(10);

/// Only signatures that need no shared secret.
const ALGORITHMS: [Algorithm; 7] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Every provider that is accepted.
#[derive(Debug)]
pub struct Foreign {
    issuers: Vec<Issuer>,
    http: reqwest::Client,
}

#[derive(Debug)]
struct Issuer {
    said: AcceptedIssuer,
    /// Locked while keys are fetched; a reset puts another in its place and waits for nobody.
    fetched: Mutex<Arc<tokio::sync::Mutex<Fetched>>>,
}

/// What is known of an issuer's keys.
#[derive(Debug, Default)]
struct Fetched {
    keys: Option<JwkSet>,
    in_vain: Option<OffsetDateTime>,
}

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
    /// It isn't a valid JWT of this issuer.
    #[error(transparent)]
    Token(#[from] jsonwebtoken::errors::Error),
    /// Its algorithm is not an asymmetric one.
    #[error("its algorithm is not accepted")]
    Algorithm,
    /// Not one of the issuer's keys.
    #[error("its key is not one of the issuer's")]
    Key,
    /// The issuer's documents cannot be read.
    #[error("the issuer's keys cannot be fetched")]
    Fetch(#[from] reqwest::Error),
    /// It names no account.
    #[error("it names no account of the sandbox, and the file names none for it")]
    Account,
    /// `exp` is not a date.
    #[error("its exp is not a date")]
    Expiry(#[from] time::error::ComponentRange),
}

impl ForeignError {
    /// Whether another key might find the token good.
    fn is_about_the_key(&self) -> bool {
        match self {
            Self::Key => true,
            Self::Token(error) => {
                matches!(error.kind(), ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm)
            }
            _ => false,
        }
    }
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

#[derive(Debug, Deserialize)]
struct Document {
    jwks_uri: Url,
}

impl Foreign {
    /// Nothing is fetched before a token comes.
    pub fn new(accepted: Vec<AcceptedIssuer>) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()?;
        let issuers =
            accepted.into_iter().map(|said| Issuer { said, fetched: Mutex::default() }).collect();
        Ok(Self { issuers, http })
    }

    /// Forgets every key that was fetched.
    pub fn forget_keys(&self) {
        for issuer in &self.issuers {
            *issuer.fetched.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        }
    }

    /// Reads a token that the sandbox did not issue. Its age is for the caller to judge.
    pub async fn read(
        &self,
        token: &str,
        directory: &Directory,
        now: OffsetDateTime,
    ) -> Result<ForeignToken, ForeignError> {
        if self.issuers.is_empty() {
            return Err(ForeignError::Issuer);
        }
        let Named { iss } = dangerous::insecure_decode_claims(token)?;
        let named =
            |issuer: &&Issuer| without_slash(issuer.said.issuer.as_str()) == without_slash(&iss);
        let issuer = self.issuers.iter().find(named).ok_or(ForeignError::Issuer)?;
        let header = decode_header(token)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(ForeignError::Algorithm);
        }
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "iss"]);
        match &issuer.said.audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                validation.required_spec_claims.insert("aud".to_owned());
            }
            None => validation.validate_aud = false,
        }
        let id = header.kid.as_deref();
        let verify = |keys: &JwkSet| -> Result<Claims, ForeignError> {
            let key = find(keys, id).ok_or(ForeignError::Key)?;
            Ok(decode(token, &DecodingKey::from_jwk(&key)?, &validation)?.claims)
        };
        let claims = match &issuer.said.keys {
            Some(given) => verify(given)?,
            None => self.verify_by_fetched(issuer, verify, now).await?,
        };
        Ok(ForeignToken {
            account: claims
                .account(directory)
                .or(issuer.said.account)
                .ok_or(ForeignError::Account)?,
            permissions: claims.permissions().unwrap_or_else(|| issuer.said.permissions.clone()),
            expires: OffsetDateTime::from_unix_timestamp(claims.exp)?,
        })
    }

    /// By the keys that are known; if none of them fits, by those that are published now. A provider that
    /// was set up anew may use an old name for a new key.
    async fn verify_by_fetched(
        &self,
        issuer: &Issuer,
        verify: impl Fn(&JwkSet) -> Result<Claims, ForeignError>,
        now: OffsetDateTime,
    ) -> Result<Claims, ForeignError> {
        let fetched = Arc::clone(&*issuer.fetched.lock().unwrap_or_else(PoisonError::into_inner));
        let mut fetched = fetched.lock().await;
        let known = fetched.keys.as_ref().map_or(Err(ForeignError::Key), &verify);
        let pausing = fetched.in_vain.is_some_and(|since| now - since < PAUSE);
        match known {
            Err(error) if error.is_about_the_key() && !pausing => {}
            decided => return decided,
        }
        fetched.in_vain = Some(now);
        let decided = verify(fetched.keys.insert(self.published_keys(issuer).await?));
        if !decided.as_ref().is_err_and(ForeignError::is_about_the_key) {
            fetched.in_vain = None;
        }
        decided
    }

    async fn published_keys(&self, issuer: &Issuer) -> Result<JwkSet, reqwest::Error> {
        let base = without_slash(issuer.said.issuer.as_str());
        let document: Document =
            self.get(format!("{base}/.well-known/openid-configuration")).await?;
        self.get(document.jwks_uri).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        url: impl reqwest::IntoUrl,
    ) -> Result<T, reqwest::Error> {
        self.http.get(url).send().await?.error_for_status()?.json().await
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

/// The key with an id; the only key where a token names none.
fn find(keys: &JwkSet, id: Option<&str>) -> Option<Jwk> {
    match (id, keys.keys.as_slice()) {
        (Some(id), _) => keys.find(id).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}
