//! Ends a session, here or at the provider too.

use url::Url;

use super::ProviderError;
use crate::{
    Bff, Visitor,
    session::{Profile, Session},
};

impl<P: Profile> Bff<P> {
    /// Ends the session that `visitor` carries, live or not, and every cookie of it. Gives the
    /// session, for [`end_session_url`](Self::end_session_url).
    pub async fn end_session(&self, visitor: &Visitor<P>) -> Option<Session<P>> {
        let session: Option<Session<P>> = self.parts.sessions.carried(visitor.jar());
        if let Some(session) = &session {
            self.parts.sessions.end(session.id, session.ends, self.now()).await;
        }
        self.parts.sessions.clear(visitor.jar());
        session
    }

    /// Ends `session`, which the API has refused, so that the next sign-in asks the provider.
    pub async fn end_refused_session(&self, session: &Session<P>) {
        self.parts.sessions.end(session.id, session.ends, self.now()).await;
    }

    /// Where the provider signs the person out (OpenID Connect RP-Initiated Logout 1.0, section 2);
    /// `None` where it has no such place. It leads back to the redirect URI, which is registered.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn end_session_url(
        &self,
        session: Option<&Session<P>>,
    ) -> Result<Option<Url>, ProviderError> {
        let metadata = self.parts.provider.metadata(self.now()).await?;
        let Some(mut url) = metadata.end_session_endpoint.clone() else { return Ok(None) };
        let hint = session.and_then(|it| it.logout_hint.as_deref());
        url.query_pairs_mut()
            .append_pair("post_logout_redirect_uri", self.redirect_uri().as_str())
            .extend_pairs(hint.map(|hint| ("logout_hint", hint)));
        Ok(Some(url))
    }
}
