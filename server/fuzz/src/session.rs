//! What the codec takes from `bff::session`.

use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[path = "../../bff/src/session/codec.rs"]
mod codec;

pub trait Profile: Clone + Send + Sync + Serialize + DeserializeOwned + 'static {}

impl<T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static> Profile for T {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionId(pub [u8; 16]);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonId(pub String);

#[derive(Clone, Debug)]
pub struct Session<P> {
    pub id: SessionId,
    pub generation: u32,
    pub person_id: PersonId,
    pub profile: P,
    pub access_token: SecretString,
    pub refresh_token: Option<SecretString>,
    pub token_ends: u64,
    pub began: u64,
    pub ends: u64,
    pub logout_hint: Option<String>,
    pub last_used: u64,
}

pub fn encode<P: Profile>(session: &Session<P>) -> Vec<u8> {
    codec::encode(session)
}

pub fn decode<P: Profile>(bytes: &[u8]) -> Option<Session<P>> {
    codec::decode(bytes)
}
