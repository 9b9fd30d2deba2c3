//! How a person signs in: what [`bff`] leaves to the app. The flow itself is the authorization code
//! grant of RFC 6749 with PKCE (RFC 7636), as OpenID Connect uses it. This server is the
//! confidential client; no token reaches a browser's script.
//!
//! 1. `GET /login` ([`login`]) has `bff` make `state`, `nonce` and the PKCE verifier, which are
//!    sealed into a cookie of this attempt, and redirects to the authorization endpoint, which the
//!    provider's discovery document names.
//! 2. The person signs in and consents there. This server sees nothing of it.
//! 3. `GET /login/authorized` ([`callback`]), the redirect URI, has `bff` find the attempt of this
//!    `state`, spend it, exchange the code for tokens and check the id_token; asks Graph who it is;
//!    and has `bff` seal the session into the session cookie.
//! 4. It answers with a page that moves on to where the person wanted to be.
//! 5. From then on each use of the access token refreshes it first where that is due.
//! 6. `POST /logout` ([`logout`]) ends the session, here or at the provider too.

mod admin;
pub mod callback;
mod failure;
pub mod login;
pub mod logout;

use std::sync::Arc;

use crate::{graph::Graph, rates::Rate};

pub use admin::AdminConsent;

/// What the handlers of a sign-in need beside `bff` and the pages. Cheap to clone.
#[derive(Clone)]
pub struct SignIn {
    /// Tells who a person is.
    pub graph: Arc<Graph>,
    /// How often a sign-in may begin.
    pub rate: Arc<Rate>,
    /// What an administrator is asked for.
    pub admin_consent: Arc<AdminConsent>,
}
