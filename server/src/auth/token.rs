//! The token endpoint: exchanges a code or a refresh token for tokens through the `oauth2` crate,
//! and tells its refusals apart. Keeps nothing.

use std::{fmt, sync::Arc, time::Duration};

use app::{pages::Fault, wire::Ids};
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

use crate::{
    graph::retry_after,
    outgoing::{NoAnswer, Outgoing},
};

/// What the token endpoint gave.
pub struct Tokens {
    /// For calls to Graph. Opaque to a client.
    pub access_token: SecretString,
    /// For the next access token, where `offline_access` was granted.
    pub refresh_token: Option<SecretString>,
    /// Who signed in; not kept.
    pub id_token: Option<SecretString>,
    /// Seconds the access token lives.
    pub expires_in: u64,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No answer.
    #[error("the token endpoint gave no answer: {0}")]
    NoAnswer(NoAnswer),
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
    /// An answer that cannot be read.
    #[error("the token endpoint's answer cannot be read")]
    Nonsense,
}

impl TokenError {
    /// What is wrong with the service, in the words of a page; `None` where it refused.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::NoAnswer(error) => Some(error.fault()),
            Self::Unavailable { status: StatusCode::TOO_MANY_REQUESTS, retry_after } => {
                Some(Fault::Busy { retry_after: *retry_after })
            }
            Self::Unavailable { .. } => Some(Fault::Down),
            Self::Nonsense => Some(Fault::Nonsense),
            Self::Refused(_) => None,
        }
    }
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
    timestamp: Option<String>,
    trace_id: Option<String>,
    correlation_id: Option<String>,
}

impl Refusal {
    /// What support asks for.
    #[must_use]
    pub fn ids(&self) -> Ids {
        let number = self.error_codes.first().map(|number| format!("AADSTS{number}"));
        [
            ("Error", Some(self.error.clone())),
            ("Error number", number),
            ("Trace ID", self.trace_id.clone()),
            ("Correlation ID", self.correlation_id.clone()),
            ("Time", self.timestamp.clone()),
        ]
        .into_iter()
        .filter_map(|(label, value)| Some((label.to_owned(), value?)))
        .collect()
    }
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
pub struct TokenClient {
    /// The registration's client id.
    pub client_id: String,
    /// One of its secrets.
    pub client_secret: SecretString,
    /// The registered redirect URI, as it was sent to the authorization endpoint.
    pub redirect_uri: Url,
    /// The way out.
    pub outgoing: Arc<Outgoing>,
    /// For one call.
    pub time_out: Duration,
}

impl TokenClient {
    /// Exchanges `code` (RFC 6749, section 4.1.3), which only the attempt's own verifier can do.
    /// Once: a code is never sent twice.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn exchange(
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

    /// Exchanges `refresh_token` (RFC 6749, section 6). Never twice at a time: that is the
    /// caller's to see to.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn refresh(
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
        let (outgoing, time_out) = (Arc::clone(&self.outgoing), self.time_out);
        move |request| Box::pin(call(Arc::clone(&outgoing), time_out, request))
    }
}

fn tokens(response: &OidcTokenResponse) -> Result<Tokens, TokenError> {
    Ok(Tokens {
        access_token: response.access_token().secret().clone().into(),
        refresh_token: response.refresh_token().map(|it| it.secret().clone().into()),
        id_token: response.extra_fields().id_token.clone().map(Into::into),
        expires_in: response.expires_in().ok_or(TokenError::Nonsense)?.as_secs(),
    })
}

/// The crate's HTTP client: ours. An answer that is no answer of a token endpoint ends here, since
/// the crate would lose its status.
async fn call(
    outgoing: Arc<Outgoing>,
    time_out: Duration,
    request: HttpRequest,
) -> Result<HttpResponse, TokenError> {
    let request = reqwest::Request::try_from(request).map_err(|_| TokenError::Nonsense)?;
    let answer = outgoing.send(request, time_out).await.map_err(TokenError::NoAnswer)?;
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
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => TokenError::Nonsense,
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
        fn any_bytes_are_a_refusal_or_none(
            bytes in proptest::collection::vec(any::<u8>(), 0..80),
            text in "\\{(\"error\":\"[a-z_]{0,9}\",?)?[{}\\[\\]:,\"a-z0-9]{0,40}\\}?",
        ) {
            for bytes in [bytes, text.into_bytes()] {
                if let Ok(refusal) = serde_json::from_slice::<Refusal>(&bytes) {
                    prop_assert!(refusal.ids().iter().any(|it| it.0 == "Error"));
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
