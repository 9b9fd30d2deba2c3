//! The identity provider as its discovery document and key set describe it, cached. A document
//! counts only if it is the configured authority's own (OpenID Connect Discovery 1.0, section 4.3).

use std::{sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use futures::FutureExt;
use reqwest::Request;
use serde::{Deserialize, de::DeserializeOwned};
use url::{ParseError, Url};

use super::cached_document::{CachedDocument, Fetch};
use crate::{
    Settings,
    http_client::{HttpClient, TransportError, is_encrypted_or_loopback, retry_after},
};

/// Seconds a document is used before it is fetched again; Microsoft says a day.
const LIFETIME: u64 = 24 * 3600;

/// Seconds between two fetches of a document that is there: of the key set because of an unknown
/// key id, of the discovery document because it is old.
const PAUSE: u64 = 60;

/// The tenant of personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The literal text that stands for the person's tenant in the issuer of `common`.
const TENANT_TEMPLATE: &str = "{tenantid}";

/// What this client needs of a discovery document.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    /// Where the browser goes to sign in.
    pub(super) authorization_endpoint: Url,
    /// Where a code or a refresh token is exchanged.
    pub(super) token_endpoint: Url,
    jwks_uri: Url,
    /// Where the browser goes to sign out, where there is such a place (OpenID Connect
    /// RP-Initiated Logout 1.0).
    pub(super) end_session_endpoint: Option<Url>,
}

/// A key that signs id_tokens.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct SigningKey {
    kid: String,
    /// Modulus and exponent (RFC 7518, section 6.3.1).
    pub(super) n: String,
    pub(super) e: String,
    /// Microsoft says which issuer a key is for; a template stands for all tenants.
    issuer: Option<String>,
}

impl SigningKey {
    /// The key signs for tenant `tid` of `issuer`.
    pub(super) fn signs_for(&self, issuer: &str, tid: Option<&str>) -> bool {
        let Some(own) = &self.issuer else { return true };
        with_tenant(own, tid).is_some_and(|own| own == issuer)
    }
}

/// The issuer of a token that names tenant `tid`: `issuer` with `tid` in place of the template;
/// `None` where the template would stay.
pub(super) fn with_tenant(issuer: &str, tid: Option<&str>) -> Option<String> {
    match tid {
        Some(tid) => Some(issuer.replace(TENANT_TEMPLATE, tid)),
        None => (!issuer.contains(TENANT_TEMPLATE)).then(|| issuer.to_owned()),
    }
}

/// Why the provider's own description isn't there.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// No response.
    #[error("the identity platform: {0}")]
    Transport(#[from] TransportError),
    /// A response that is no description.
    #[error("the identity platform answered {status}")]
    Status {
        /// Anything but 200.
        status: StatusCode,
        /// Seconds to wait, where it said so.
        retry_after: Option<u64>,
    },
    /// A response that can't be read.
    #[error("the identity platform's document can't be read")]
    Unreadable,
    /// The document belongs to another authority, or names an unencrypted endpoint.
    #[error("the discovery document is not the configured authority's")]
    NotTheAuthority,
}

/// The configured authority.
pub(crate) struct Provider {
    authority: String,
    tenant: String,
    discovery: Url,
    http: Arc<HttpClient>,
    time_out: Duration,
    metadata: Arc<CachedDocument<Metadata, ProviderError>>,
    keys: Arc<CachedDocument<Vec<SigningKey>, ProviderError>>,
}

impl Provider {
    /// The provider of the settings' tenant at its login URL.
    pub(crate) fn new(settings: &Settings, http: Arc<HttpClient>) -> Result<Arc<Self>, ParseError> {
        let (tenant, time_out) = (settings.tenant.clone(), settings.time_out);
        let authority = settings.login_url.as_str().trim_end_matches('/').to_owned();
        let discovery =
            Url::parse(&format!("{authority}/{tenant}/v2.0/.well-known/openid-configuration"))?;
        let (metadata, keys) = (CachedDocument::empty(), CachedDocument::empty());
        Ok(Arc::new(Self { authority, tenant, discovery, http, time_out, metadata, keys }))
    }

    /// The discovery document. Nobody waits for a newer one while an old one is there: it is
    /// fetched in the background, at most once a minute.
    pub(super) async fn metadata(
        self: &Arc<Self>,
        now: u64,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let Some(cached) = self.metadata.cached() else {
            return self.fetch_metadata(now).await;
        };
        if cached.fetched + LIFETIME <= now && cached.asked + PAUSE <= now {
            drop(self.fetch_metadata(now));
        }
        Ok(cached.document)
    }

    fn fetch_metadata(self: &Arc<Self>, now: u64) -> Fetch<Metadata, ProviderError> {
        let this = Arc::clone(self);
        let logged = async move { this.read_metadata().await }.inspect(|fetched| {
            if let Err(error) = fetched {
                tracing::warn!(event = "identity_platform_unavailable", %error);
            }
        });
        self.metadata.fetch(now, logged)
    }

    /// The key with this id. For an unknown id the key set is fetched again, at most once a minute:
    /// keys roll without notice.
    pub(super) async fn key(
        self: &Arc<Self>,
        kid: &str,
        now: u64,
    ) -> Result<Option<SigningKey>, ProviderError> {
        if let Some(cached) = self.keys.cached() {
            let known = cached.document.iter().find(|key| key.kid == kid);
            let used_for = if known.is_some() { LIFETIME } else { PAUSE };
            if now < cached.fetched + used_for {
                return Ok(known.cloned());
            }
        }
        let url = self.metadata(now).await?.jwks_uri.clone();
        let this = Arc::clone(self);
        let keys = self.keys.fetch(now, async move { this.read_keys(url).await }).await?;
        Ok(keys.iter().find(|key| key.kid == kid).cloned())
    }

    /// `organizations` takes no personal accounts.
    pub(super) fn takes_accounts_of(&self, tid: Option<&str>) -> bool {
        let personal = tid.is_some_and(|it| it.eq_ignore_ascii_case(CONSUMERS));
        !(personal && self.tenant == "organizations")
    }

    async fn read_metadata(&self) -> Result<Metadata, ProviderError> {
        let found: Metadata = self.get(self.discovery.clone()).await?;
        let endpoints = [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri];
        let mut endpoints = endpoints.iter().copied().chain(&found.end_session_endpoint);
        if !self.is_own_issuer(&found.issuer) || !endpoints.all(is_encrypted_or_loopback) {
            return Err(ProviderError::NotTheAuthority);
        }
        self.http.allow(&found.token_endpoint);
        self.http.allow(&found.jwks_uri);
        Ok(found)
    }

    async fn read_keys(&self, url: Url) -> Result<Vec<SigningKey>, ProviderError> {
        #[derive(Deserialize)]
        struct KeySet {
            keys: Vec<serde_json::Value>,
        }
        let set: KeySet = self.get(url).await?;
        // The set may hold keys of other kinds, which aren't for us.
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }

    async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, ProviderError> {
        let request = Request::new(Method::GET, url);
        let response = self.http.send(request, self.time_out).await?;
        if response.status != StatusCode::OK {
            let retry_after = retry_after(&response.headers);
            return Err(ProviderError::Status { status: response.status, retry_after });
        }
        serde_json::from_slice(&response.body).map_err(|_| ProviderError::Unreadable)
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
