//! Ends an attempt: takes the provider's answer at the redirect URI, proves who came, and begins
//! their session.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    IdTokenError, NoAttempt, ProviderError, ReturnTo, TokenError,
    attempt::{Attempt, OldSession},
    id_token::Identity,
    token::Tokens,
};
use crate::{
    Bff, Visitor,
    session::{Profile, Session, SessionId, TooLarge},
    system::NoRandomness,
};

/// The authorization response (RFC 6749, sections 4.1.2 and 4.1.2.1), with Microsoft's additions.
/// Empty where nothing in the query can be read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AuthorizationResponse {
    code: Option<String>,
    state: String,
    /// An error code, such as `access_denied`.
    pub error: Option<String>,
    error_description: Option<String>,
    error_subcode: Option<String>,
    /// Only on an administrator's return from the consent link.
    pub admin_consent: Option<String>,
}

impl AuthorizationResponse {
    /// It answers nothing: no code, no error, no attempt named. The way back from the provider's
    /// sign-out looks like this.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.code.is_none() && self.error.is_none() && self.state.is_empty()
    }
}

/// Why an answer proves nobody.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// No attempt of this browser belongs to it.
    #[error(transparent)]
    NoAttempt(#[from] NoAttempt),
    /// The provider answered with an error instead of a code.
    // Quoted, since it comes in a URL and a line of the log must stay one line.
    #[error("the provider answered {error:?}")]
    Refused {
        /// An error code of RFC 6749, section 4.1.2.1, or one of the provider's own.
        error: String,
        /// For people; empty where there is none.
        description: String,
        /// The person went back instead of signing in.
        cancelled: bool,
    },
    /// Neither a code nor an error.
    #[error("the answer has neither a code nor an error")]
    NoCode,
    /// The provider couldn't be asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The code was not exchanged.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The id_token proves nothing.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
}

/// A person who has proved who they are, and whose session has not begun yet.
pub struct Redeemed {
    identity: Identity,
    tokens: Tokens,
    attempt: Attempt,
}

impl Redeemed {
    /// For asking the API who the person is.
    #[must_use]
    pub const fn access_token(&self) -> &SecretString {
        &self.tokens.access_token
    }
}

/// Why a session can't begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginSessionError {
    /// It doesn't fit the cookies.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// No id could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl<P: Profile> Bff<P> {
    /// Proves who came back with `answer`: finds this browser's attempt, spends it, exchanges the
    /// code and checks the id_token.
    ///
    /// # Errors
    /// [`RedeemError`].
    pub async fn redeem(
        &self,
        visitor: &Visitor<P>,
        answer: AuthorizationResponse,
    ) -> Result<Redeemed, RedeemError> {
        let now = self.now();
        // First of all, so that nothing is believed, not even an error, that nobody here asked for.
        let attempt = Attempt::take(visitor.jar(), self.keys(), &answer.state, now)?;
        if let Some(error) = answer.error {
            let cancelled = answer.error_subcode.as_deref() == Some("cancel");
            let description = answer.error_description.unwrap_or_default();
            return Err(RedeemError::Refused { error, description, cancelled });
        }
        let code = answer.code.ok_or(RedeemError::NoCode)?;
        attempt.spend(&*self.parts.state, now).await?;
        let metadata = self.parts.provider.metadata(now).await?;
        let verifier = attempt.code_verifier.clone();
        let tokens = self.parts.token_client.exchange(&metadata, code, verifier).await?;
        let id_token = tokens.id_token.as_ref().ok_or(TokenError::Unreadable)?.expose_secret();
        let identity = self.verify(id_token, &attempt.nonce).await?;
        Ok(Redeemed { identity, tokens, attempt })
    }

    /// Begins the session of `redeemed` with what the app knows of the person, ends those that it
    /// replaces, and gives where the person wanted to be.
    ///
    /// Answer with a page that moves on there, and not with a redirect: browsers withhold the
    /// `SameSite=Strict` session cookie along a redirect chain that began on another site.
    ///
    /// # Errors
    /// [`BeginSessionError`]; no session has begun then.
    pub async fn begin_session(
        &self,
        visitor: &Visitor<P>,
        redeemed: Redeemed,
        profile: P,
    ) -> Result<ReturnTo, BeginSessionError> {
        let now = self.now();
        let sessions = &self.parts.sessions;
        let Redeemed { identity, tokens, attempt } = redeemed;
        let session = Session {
            id: SessionId::new()?,
            generation: 0,
            person_id: identity.person_id,
            profile,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            token_ends: now.saturating_add(tokens.expires_in),
            began: now,
            ends: now.saturating_add(self.settings().lifetime.as_secs()),
            logout_hint: identity.logout_hint,
            last_used: now,
        };
        let found: Option<Session<P>> = sessions.carried(visitor.jar());
        sessions.save(visitor.jar(), &session, now)?;
        // Those that this one replaces: found when the attempt began, and found now.
        let found = found.map(|it| OldSession { id: it.id, ends: it.ends });
        for old in [attempt.old_session, found].into_iter().flatten() {
            sessions.end(old.id, old.ends, now).await;
        }
        tracing::info!(event = "signed_in", person = session.person_id.hashed());
        Ok(self.return_to(&attempt.return_to))
    }
}

#[cfg(test)]
mod tests {
    use axum::{extract::Query, http::Uri};
    use proptest::prelude::*;

    use super::AuthorizationResponse;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_query_is_read_or_refused(
            pairs in proptest::collection::vec(
                ("(code|state|error|error_description|error_subcode|admin_consent|[a-z]{1,4})", "\\PC{0,20}"),
                0..6,
            ),
            raw in "[!-~&&[^#<>\"\\\\^`{|}]]{0,40}",
        ) {
            let encoded = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
            for query in [encoded, raw] {
                let uri: Uri = format!("/login/authorized?{query}").parse().unwrap();
                // Read, or refused as a query that names one thing twice; never a panic.
                if let Ok(Query(answer)) = Query::<AuthorizationResponse>::try_from_uri(&uri) {
                    let named = |name: &str| {
                        url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name)
                    };
                    prop_assert_eq!(answer.code.is_some(), named("code"));
                    prop_assert_eq!(answer.error.is_some(), named("error"));
                }
            }
        }
    }
}
