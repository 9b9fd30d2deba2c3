//! The token endpoint: exchanges a code or a refresh token for tokens through the `oauth2` crate.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures::future::BoxFuture;
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, ErrorResponse,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::provider::Metadata;
use crate::{
    Settings,
    http_client::{HttpClient, TransportError, retry_after},
};

/// The token endpoint's response (RFC 6749, section 5.1).
pub(crate) struct Tokens {
    /// For calls to the API. Opaque to a client.
    pub(crate) access_token: SecretString,
    /// For the next access token, where `offline_access` was granted.
    pub(crate) refresh_token: Option<SecretString>,
    /// Who signed in. It is checked and not kept.
    pub(crate) id_token: Option<SecretString>,
    /// Seconds the access token lives.
    pub(crate) expires_in: u64,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No response.
    #[error("the token endpoint: {0}")]
    Transport(#[from] TransportError),
    /// The endpoint is down (5xx) or asks for a pause (429).
    #[error("the token endpoint answered {status}")]
    Unavailable {
        /// 429 or 5xx.
        status: StatusCode,
        /// Seconds to wait, where it said so.
        retry_after: Option<u64>,
    },
    /// It refused, in the form of RFC 6749, section 5.2.
    #[error("the token endpoint refused: {:?}", .0.error)]
    Refused(Box<Refusal>),
    /// A response that can't be read.
    #[error("the token endpoint's response can't be read")]
    Unreadable,
}

/// A refusal with the fields Microsoft adds to RFC 6749, section 5.2. Decisions go by `error`;
/// the numbers choose help texts.
#[derive(Clone, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{error}")]
pub struct Refusal {
    /// Such as `invalid_grant`.
    pub error: String,
    /// For people, with ids at its end.
    pub error_description: Option<String>,
    /// AADSTS numbers.
    #[serde(default)]
    pub error_codes: Vec<u32>,
    /// When it happened, for support.
    pub timestamp: Option<String>,
    /// Names the request at Microsoft, for support.
    pub trace_id: Option<String>,
    /// Names the sign-in at Microsoft, for support.
    pub correlation_id: Option<String>,
}

impl ErrorResponse for Refusal {}

/// OpenID Connect's addition to a token response.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct IdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

/// The `oauth2` crate can print responses; a token must not be printed.
impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken")
    }
}

type OidcTokenResponse = StandardTokenResponse<IdToken, BasicTokenType>;

/// The `oauth2` crate's client with our responses, and without endpoints.
type OidcClient = Client<
    Refusal,
    OidcTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// The confidential client of RFC 6749, section 2.3.1.
pub(crate) struct TokenClient {
    pub(super) oidc: OidcClient,
    http: Arc<HttpClient>,
    time_out: Duration,
}

impl TokenClient {
    /// The client that `settings` describe. Its secret goes in the body, as Microsoft documents it.
    pub(crate) fn new(settings: &Settings, redirect_uri: &Url, http: Arc<HttpClient>) -> Self {
        let secret = settings.client_secret.expose_secret().to_owned();
        let oidc = OidcClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(AuthType::RequestBody)
            .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()));
        Self { oidc, http, time_out: settings.time_out }
    }

    /// Exchanges `code` (RFC 6749, section 4.1.3), which only the attempt's own verifier can do.
    /// Once: a code is never sent twice.
    pub(super) async fn exchange(
        &self,
        metadata: &Metadata,
        code: String,
        code_verifier: String,
    ) -> Result<Tokens, TokenError> {
        let endpoint = TokenUrl::from_url(metadata.token_endpoint.clone());
        let client = self.oidc.clone().set_token_uri(endpoint);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier));
        tokens(&request.request_async(self).await.map_err(token_error)?)
    }

    /// Exchanges `refresh_token` (RFC 6749, section 6). The caller sees to it that this never
    /// happens twice at a time.
    pub(super) async fn refresh(
        &self,
        metadata: &Metadata,
        refresh_token: &SecretString,
    ) -> Result<Tokens, TokenError> {
        let endpoint = TokenUrl::from_url(metadata.token_endpoint.clone());
        let client = self.oidc.clone().set_token_uri(endpoint);
        let refresh_token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&refresh_token);
        tokens(&request.request_async(self).await.map_err(token_error)?)
    }
}

/// Makes the `oauth2` crate's requests with our HTTP client. A 429 or 5xx ends here, since the crate
/// would lose its status.
impl<'c> AsyncHttpClient<'c> for TokenClient {
    type Error = TokenError;
    type Future = BoxFuture<'c, Result<HttpResponse, TokenError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = Request::try_from(request).map_err(|_| TokenError::Unreadable)?;
            let answer = self.http.send(request, self.time_out).await?;
            if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
                let retry_after = retry_after(&answer.headers);
                return Err(TokenError::Unavailable { status: answer.status, retry_after });
            }
            let mut response = HttpResponse::new(answer.body.to_vec());
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

fn tokens(response: &OidcTokenResponse) -> Result<Tokens, TokenError> {
    Ok(Tokens {
        access_token: response.access_token().secret().clone().into(),
        refresh_token: response.refresh_token().map(|it| it.secret().clone().into()),
        id_token: response.extra_fields().id_token.clone().map(Into::into),
        expires_in: response.expires_in().ok_or(TokenError::Unreadable)?.as_secs(),
    })
}

/// The `oauth2` crate's `Parse` error holds the raw body, tokens included: it is dropped unseen.
fn token_error(error: RequestTokenError<TokenError, Refusal>) -> TokenError {
    match error {
        RequestTokenError::ServerResponse(refusal) => TokenError::Refused(Box::new(refusal)),
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => TokenError::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::Refusal;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn a_refusal_is_an_object_that_names_its_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            text in "\\{(\"error\":\"[a-z_]{0,9}\",?)?[{}\\[\\]:,\"a-z0-9]{0,40}\\}?",
        ) {
            for bytes in [bytes, text.into_bytes()] {
                let value = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
                let named = value.as_ref().and_then(|it| it.get("error")?.as_str());
                // Other members of the wrong type refuse it too, but none makes one without an error.
                if let Ok(refusal) = serde_json::from_slice::<Refusal>(&bytes) {
                    prop_assert_eq!(Some(refusal.error.as_str()), named);
                }
            }
        }

        #[test]
        fn error_and_numbers_are_read_as_they_are(
            error in "\\PC{0,20}",
            numbers in proptest::collection::vec(any::<u32>(), 0..3),
        ) {
            let body = json!({ "error": error, "error_codes": numbers, "claims": "{}" });
            let refusal: Refusal = serde_json::from_str(&body.to_string()).unwrap();
            prop_assert_eq!(&refusal.error, &error);
            prop_assert_eq!(&refusal.error_codes, &numbers);
        }
    }
}
