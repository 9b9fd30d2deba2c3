//! The authorization code grant of RFC 6749 with PKCE (RFC 7636), as OpenID Connect uses it.

mod attempt;
mod authorization;
mod cached_document;
mod id_token;
mod provider;
mod redeem;
mod refresh;
mod return_to;
mod sign_out;
mod token;

pub use attempt::NoAttempt;
pub use authorization::{BeginError, Prompt};
pub use id_token::IdTokenError;
pub use provider::ProviderError;
pub use redeem::{AuthorizationResponse, BeginSessionError, RedeemError, Redeemed};
pub use refresh::RefreshError;
pub use return_to::ReturnTo;
pub use token::{Refusal, TokenError};

pub(crate) use provider::Provider;
pub(crate) use refresh::Refresher;
pub(crate) use token::TokenClient;
