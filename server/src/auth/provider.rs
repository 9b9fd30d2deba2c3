//! The identity provider as its discovery document and key set describe it, cached. Takes a
//! document only if it is the configured authority's own (OpenID Connect Discovery 1.0, 4.3).

use std::{sync::Arc, time::Duration};

use app::pages::Fault;
use axum::http::{Method, StatusCode};
use jsonwebtoken::DecodingKey;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::fetched::Fetched;
use crate::{
    outgoing::{NoAnswer, Outgoing, is_safe},
    system::Clock,
};

/// Seconds a document is used before it is asked for again; Microsoft says a day.
const DOCUMENT_LIFETIME: u64 = 24 * 3600;

/// Seconds between two requests for a document that is there: for the key set because of an
/// unknown key id, for the discovery document because it is old.
const PAUSE: u64 = 60;

/// The tenant of personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The literal text that stands for the person's tenant in the issuer of `common`.
const TENANT_TEMPLATE: &str = "{tenantid}";

/// What this client needs of a discovery document.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: Url,
    /// Where the code goes.
    pub token_endpoint: Url,
    jwks_uri: Url,
    /// Where the browser goes to sign out, where there is such a place (OpenID Connect
    /// RP-Initiated Logout 1.0).
    pub end_session_endpoint: Option<Url>,
}

impl Metadata {
    /// The issuer of a token that names tenant `tid`.
    #[must_use]
    pub fn issuer_for(&self, tid: Option<&str>) -> String {
        with_tenant(&self.issuer, tid)
    }
}

/// A key that signs id_tokens.
#[derive(Clone, Debug, Deserialize)]
pub struct SigningKey {
    kid: String,
    n: String,
    e: String,
    /// Microsoft says which issuer a key is for; a template stands for all tenants.
    issuer: Option<String>,
}

impl SigningKey {
    /// The key signs for tenant `tid` of `issuer`.
    #[must_use]
    pub fn signs_for(&self, issuer: &str, tid: Option<&str>) -> bool {
        self.issuer.as_deref().is_none_or(|own| with_tenant(own, tid) == issuer)
    }

    /// The key, ready to verify with.
    #[must_use]
    pub fn decoding_key(&self) -> Option<DecodingKey> {
        DecodingKey::from_rsa_components(&self.n, &self.e).ok()
    }
}

fn with_tenant(issuer: &str, tid: Option<&str>) -> String {
    tid.map_or_else(|| issuer.to_owned(), |tid| issuer.replace(TENANT_TEMPLATE, tid))
}

/// Why the provider's own description could not be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// No answer.
    #[error("the identity platform gave no answer: {0}")]
    NoAnswer(#[from] NoAnswer),
    /// An answer that is no description.
    #[error("the identity platform answered {0}")]
    Status(StatusCode),
    /// An answer that cannot be read.
    #[error("the identity platform's document cannot be read")]
    Nonsense,
    /// The document belongs to another authority, or names an endpoint in the clear.
    #[error("the discovery document is not the configured authority's")]
    NotTheAuthority,
}

impl ProviderError {
    /// What is wrong with the service, in the words of a page.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::NoAnswer(error) => error.fault(),
            Self::Status(StatusCode::TOO_MANY_REQUESTS) => Fault::Busy { retry_after: None },
            Self::Status(status) if status.as_u16() >= 500 => Fault::Down,
            Self::Status(_) | Self::Nonsense | Self::NotTheAuthority => Fault::Nonsense,
        }
    }
}

/// The configured authority.
pub struct Provider {
    authority: String,
    tenant: String,
    discovery: Url,
    outgoing: Arc<Outgoing>,
    clock: Clock,
    time_out: Duration,
    metadata: Fetched<Metadata, ProviderError>,
    keys: Fetched<Vec<SigningKey>, ProviderError>,
}

impl Provider {
    /// The provider of `tenant` at `login_url`.
    ///
    /// # Errors
    /// Where they make no URL together.
    pub fn new(
        login_url: &Url,
        tenant: &str,
        outgoing: Arc<Outgoing>,
        clock: Clock,
        time_out: Duration,
    ) -> Result<Self, url::ParseError> {
        let authority = login_url.as_str().trim_end_matches('/').to_owned();
        let discovery =
            Url::parse(&format!("{authority}/{tenant}/v2.0/.well-known/openid-configuration"))?;
        Ok(Self {
            authority,
            tenant: tenant.to_owned(),
            discovery,
            outgoing,
            clock,
            time_out,
            metadata: Fetched::new(),
            keys: Fetched::new(),
        })
    }

    /// The discovery document.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn metadata(&self) -> Result<Arc<Metadata>, ProviderError> {
        let (mut document, failure) = self.metadata.settled().await;
        let now = self.clock.now();
        if let Some(cached) = &document.cached
            && now.saturating_sub(cached.fetched) < DOCUMENT_LIFETIME
        {
            return Ok(Arc::clone(&cached.value));
        }
        if let Some(error) = failure {
            return Err(error);
        }
        let fetched = self.own_metadata().await;
        if let Err(error @ (ProviderError::NoAnswer(_) | ProviderError::Status(_))) = &fetched
            && let Some(cached) = &mut document.cached
        {
            // Better an old document than none: endpoints hardly ever change.
            tracing::warn!(event = "identity_platform_unavailable", %error);
            cached.fetched = now.saturating_sub(DOCUMENT_LIFETIME - PAUSE);
            return Ok(Arc::clone(&cached.value));
        }
        self.metadata.keep(&mut document, fetched, now)
    }

    async fn own_metadata(&self) -> Result<Metadata, ProviderError> {
        let metadata: Metadata = self.get(self.discovery.clone()).await?;
        let endpoints =
            [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        let safe = endpoints.into_iter().chain(&metadata.end_session_endpoint).all(is_safe);
        if !self.is_own_issuer(&metadata.issuer) || !safe {
            return Err(ProviderError::NotTheAuthority);
        }
        self.outgoing.allow(&metadata.token_endpoint);
        self.outgoing.allow(&metadata.jwks_uri);
        Ok(metadata)
    }

    /// The key with this id. An unknown id has the key set fetched again, at most once a minute:
    /// keys roll without notice.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn key(&self, kid: &str) -> Result<Option<SigningKey>, ProviderError> {
        let url = self.metadata().await?.jwks_uri.clone();
        let (mut document, failure) = self.keys.settled().await;
        let now = self.clock.now();
        if let Some(cached) = &document.cached {
            let age = now.saturating_sub(cached.fetched);
            let known = cached.value.iter().find(|key| key.kid == kid);
            if age < PAUSE || (known.is_some() && age < DOCUMENT_LIFETIME) {
                return Ok(known.cloned());
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        let fetched = self.own_keys(url).await;
        let keys = self.keys.keep(&mut document, fetched, now)?;
        Ok(keys.iter().find(|key| key.kid == kid).cloned())
    }

    async fn own_keys(&self, url: Url) -> Result<Vec<SigningKey>, ProviderError> {
        #[derive(Deserialize)]
        struct KeySet {
            keys: Vec<serde_json::Value>,
        }
        let set: KeySet = self.get(url).await?;
        // Keys of other kinds may be in the set; they are none of ours.
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }

    async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, ProviderError> {
        let request = Outgoing::request(Method::GET, url);
        let answer = self.outgoing.send(request, self.time_out).await?;
        if answer.status != StatusCode::OK {
            return Err(ProviderError::Status(answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Nonsense)
    }

    /// The issuer is `{authority}/{tenant}/v2.0`, where the tenant may be written as the template
    /// (`common`, `organizations`) or as the GUID that a name such as `consumers` or a domain
    /// stands for.
    fn is_own_issuer(&self, issuer: &str) -> bool {
        let tenant = issuer
            .strip_prefix(&self.authority)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|rest| rest.strip_suffix("/v2.0"));
        let Some(tenant) = tenant else { return false };
        match self.tenant.as_str() {
            "common" | "organizations" => tenant == TENANT_TEMPLATE,
            "consumers" => tenant == CONSUMERS,
            own => tenant == own || (own.contains('.') && uuid::Uuid::parse_str(tenant).is_ok()),
        }
    }
}
