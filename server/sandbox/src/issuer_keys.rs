//! The signing keys of another identity provider: given in the file, or fetched through its discovery
//! document when a token comes that the known keys do not fit.
//!
//! Source: OpenID Connect Discovery 1.0, section 4.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(10);

/// How long nothing is fetched again after a fetch did not help, so that nobody can make the sandbox fetch
/// without end.
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

/// The keys of one provider.
#[derive(Debug)]
pub struct IssuerKeys {
    issuer: String,
    given: Option<JwkSet>,
    http: reqwest::Client,
    /// Locked while keys are fetched; a reset puts another in its place and waits for nobody.
    fetched: Mutex<Arc<tokio::sync::Mutex<Fetched>>>,
}

/// What is known of a provider's keys.
#[derive(Debug, Default)]
struct Fetched {
    keys: Option<JwkSet>,
    in_vain: Option<OffsetDateTime>,
}

/// Why a token was not verified.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It isn't a JWT, its signature is wrong, or a claim is.
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
}

impl KeyError {
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
struct Document {
    jwks_uri: Url,
}

/// The client that fetches keys: no redirects, no proxy for what is usually this computer.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none()).no_proxy().build()
}

impl IssuerKeys {
    /// Nothing is fetched before a token comes, and nothing ever where the keys are given.
    pub fn new(issuer: impl Into<String>, given: Option<JwkSet>, http: reqwest::Client) -> Self {
        Self { issuer: issuer.into(), given, http, fetched: Mutex::default() }
    }

    /// Whether it is this provider; a slash at the end makes no difference.
    pub fn is_of(&self, issuer: &str) -> bool {
        without_slash(&self.issuer) == without_slash(issuer)
    }

    /// Forgets the keys that were fetched.
    pub fn forget(&self) {
        *self.fetched.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    /// Reads a token of this provider. `rules` are those beyond algorithm and key.
    pub async fn decode<T: DeserializeOwned>(
        &self,
        token: &str,
        rules: impl FnOnce(&mut Validation),
        now: OffsetDateTime,
    ) -> Result<T, KeyError> {
        let header = decode_header(token)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(KeyError::Algorithm);
        }
        let mut validation = Validation::new(header.alg);
        rules(&mut validation);
        let verify = |keys: &JwkSet| -> Result<T, KeyError> {
            let key = find(keys, header.kid.as_deref()).ok_or(KeyError::Key)?;
            Ok(decode(token, &DecodingKey::from_jwk(&key)?, &validation)?.claims)
        };
        match &self.given {
            Some(given) => verify(given),
            None => self.verify_by_fetched(verify, now).await,
        }
    }

    /// By the keys that are known; if none of them fits, by those that are published now. A provider that
    /// was set up anew may use an old name for a new key.
    async fn verify_by_fetched<T>(
        &self,
        verify: impl Fn(&JwkSet) -> Result<T, KeyError>,
        now: OffsetDateTime,
    ) -> Result<T, KeyError> {
        let fetched = Arc::clone(&*self.fetched.lock().unwrap_or_else(PoisonError::into_inner));
        let mut fetched = fetched.lock().await;
        let known = fetched.keys.as_ref().map_or(Err(KeyError::Key), &verify);
        let pausing = fetched.in_vain.is_some_and(|since| now - since < PAUSE);
        match known {
            Err(error) if error.is_about_the_key() && !pausing => {}
            decided => return decided,
        }
        fetched.in_vain = Some(now);
        let decided = verify(fetched.keys.insert(self.published().await?));
        if !decided.as_ref().is_err_and(KeyError::is_about_the_key) {
            fetched.in_vain = None;
        }
        decided
    }

    async fn published(&self) -> Result<JwkSet, reqwest::Error> {
        let base = without_slash(&self.issuer);
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
