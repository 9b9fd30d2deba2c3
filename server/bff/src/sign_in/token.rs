//! The token endpoint: exchanges a code or a refresh token for tokens through the `oauth2` crate.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures::future::BoxFuture;
use oauth2::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ErrorResponse, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
    basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::http_client::{HttpClient, TransportError, retry_after};

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
#[derive(Clone, Debug, Serialize, Deserialize)]
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

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl ErrorResponse for Refusal {}

/// OpenID Connect's addition to a token response.
#[derive(Serialize, Deserialize)]
struct IdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

/// The crate prints responses in debug builds of its own; a token must not be printed.
impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken")
    }
}

type OidcTokenResponse = StandardTokenResponse<IdToken, BasicTokenType>;

/// The crate's client with our responses; it has a token endpoint, and no other.
type OidcClient = Client<
    Refusal,
    OidcTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The client as the token endpoint knows it.
pub(crate) struct TokenClient {
    /// The registration's client id.
    pub(crate) client_id: String,
    /// One of its secrets.
    pub(crate) client_secret: SecretString,
    /// The registered redirect URI, as it was sent to the authorization endpoint.
    pub(crate) redirect_uri: Url,
    pub(crate) http: Arc<HttpClient>,
    /// For one call.
    pub(crate) time_out: Duration,
}

impl TokenClient {
    /// Exchanges `code` (RFC 6749, section 4.1.3), which only the attempt's own verifier can do.
    /// Once: a code is never sent twice.
    pub(crate) async fn exchange(
        &self,
        token_endpoint: Url,
        code: String,
        code_verifier: String,
    ) -> Result<Tokens, TokenError> {
        let client = self
            .client(token_endpoint)
            .set_redirect_uri(RedirectUrl::from_url(self.redirect_uri.clone()));
        let response = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier))
            .request_async(&self.http())
            .await
            .map_err(token_error)?;
        tokens(&response)
    }

    /// Exchanges `refresh_token` (RFC 6749, section 6). The caller sees to it that this never
    /// happens twice at a time.
    pub(crate) async fn refresh(
        &self,
        token_endpoint: Url,
        refresh_token: &SecretString,
    ) -> Result<Tokens, TokenError> {
        let refresh_token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let response = self
            .client(token_endpoint)
            .exchange_refresh_token(&refresh_token)
            .request_async(&self.http())
            .await
            .map_err(token_error)?;
        tokens(&response)
    }

    /// The confidential client of RFC 6749, section 2.3.1, with its secret in the body, as
    /// Microsoft documents it.
    fn client(&self, token_endpoint: Url) -> OidcClient {
        Client::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose_secret().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(token_endpoint))
    }

    fn http(
        &self,
    ) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, TokenError>> + use<> {
        let (http, time_out) = (Arc::clone(&self.http), self.time_out);
        move |request| Box::pin(call(Arc::clone(&http), time_out, request))
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

/// Makes the crate's requests with our client. A response that is none of a token endpoint ends
/// here, since the crate would lose its status.
async fn call(
    http: Arc<HttpClient>,
    time_out: Duration,
    request: HttpRequest,
) -> Result<HttpResponse, TokenError> {
    let request = reqwest::Request::try_from(request).map_err(|_| TokenError::Unreadable)?;
    let answer = http.send(request, time_out).await?;
    if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
        let retry_after = retry_after(&answer.headers);
        return Err(TokenError::Unavailable { status: answer.status, retry_after });
    }
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// The crate's `Parse` error holds the raw body, tokens included: it is dropped unseen.
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
