//! Begins an attempt: the authorization request (RFC 6749, section 4.1.1; OpenID Connect Core,
//! section 3.1.2.1; RFC 7636).

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use url::Url;

use super::{
    ProviderError, ReturnTo,
    attempt::{Attempt, OldSession},
};
use crate::{
    Bff, Visitor,
    session::{Profile, Session},
    system::NoRandomness,
};

/// What the provider is told to ask the person (OpenID Connect Core, section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Whatever it finds necessary.
    Default,
    /// Which account to use.
    SelectAccount,
}

/// Why no attempt was begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The provider couldn't be asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// No secret could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl<P: Profile> Bff<P> {
    /// Begins an attempt to sign in, keeps it in a cookie of the answer, and gives the URL to
    /// redirect the browser to (303). Call it only for the person's own press: see
    /// [`is_own_press`](crate::is_own_press).
    ///
    /// # Errors
    /// [`BeginError`].
    pub async fn begin_sign_in(
        &self,
        visitor: &Visitor<P>,
        return_to: &ReturnTo,
        prompt: Prompt,
    ) -> Result<Url, BeginError> {
        let now = self.now();
        let metadata = self.parts.provider.metadata(now).await?;
        let old: Option<Session<P>> = self.parts.sessions.carried(visitor.jar());
        let old = old.map(|it| OldSession { id: it.id, ends: it.ends });
        let attempt = Attempt::new(return_to.as_str(), old, now)?;
        attempt.keep(visitor.jar(), self.keys(), now);

        let endpoint = AuthUrl::from_url(metadata.authorization_endpoint.clone());
        let client = self.parts.token_client.oidc.clone().set_auth_uri(endpoint);
        let verifier = PkceCodeVerifier::new(attempt.code_verifier);
        let mut request = client
            .authorize_url(|| CsrfToken::new(attempt.state))
            .add_scopes(self.settings().scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("response_mode", "query")
            .add_extra_param("nonce", attempt.nonce);
        if prompt == Prompt::SelectAccount {
            request = request.add_extra_param("prompt", "select_account");
        }
        Ok(request.url().0)
    }
}
