//! How a person signs in: the authorization code grant of RFC 6749 with PKCE (RFC 7636), as OpenID
//! Connect uses it. This server is the confidential client; no token reaches a browser's script.
//!
//! 1. `GET /login` ([`login`]) makes `state`, `nonce` and the PKCE verifier, seals them into a
//!    cookie of this attempt ([`attempt`]) and redirects to the authorization endpoint, which the
//!    provider's discovery document ([`provider`]) names.
//! 2. The person signs in and consents there. This server sees nothing of it.
//! 3. `GET /login/authorized` ([`callback`]), the redirect URI, finds the attempt of this `state`,
//!    spends it, exchanges the code for tokens ([`token`]), checks the id_token ([`id_token`]),
//!    asks Graph who it is, and seals the session into the session cookie.
//! 4. It answers with a page that moves on to where the person wanted to be.
//! 5. From then on each use of the access token refreshes it first where that is due ([`refresh`]).
//! 6. `POST /logout` ([`logout`]) ends the session, here or at the provider too.

mod admin;
pub mod attempt;
pub mod callback;
mod failure;
mod fetched;
pub mod id_token;
pub mod login;
pub mod logout;
pub mod provider;
pub mod refresh;
pub mod return_to;
pub mod token;

/// What is asked for: to know who it is, a refresh token, the profile, and to send mail. Nothing
/// that needs an administrator by Microsoft's default.
pub const SCOPES: [&str; 5] = ["openid", "profile", "offline_access", "User.Read", "Mail.Send"];

/// The path of the registered redirect URI.
pub const REDIRECT_PATH: &str = "/login/authorized";
