//! The identity platform: OpenID Connect and OAuth 2.0 as Microsoft Entra v2.0 speaks them.

pub mod aadsts;
pub mod authorize;
pub mod claims;
pub mod consents;
pub mod device;
pub mod devices;
pub mod discovery;
pub mod fault;
pub mod grants;
pub mod instance;
pub mod logout;
pub mod params;
pub mod pkce;
pub mod sessions;
pub mod signing;
pub mod token;
pub mod trace;
pub mod transactions;
