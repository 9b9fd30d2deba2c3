//! Device codes: what a device without a browser polls with while a person signs in elsewhere.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>; RFC 8628.

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::accounts::Account;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::random::Random;
use crate::registration::Registration;
use crate::scopes::Scopes;
use crate::tenant::Tenant;

/// `expires_in` of Microsoft's example.
pub const LIFETIME: Duration = Duration::seconds(900);
/// How long a code is remembered after it expires, so that a late device learns why.
const AFTERLIFE: Duration = Duration::hours(24);
/// Letters and digits that nobody mistakes for others.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const USER_CODE_LENGTH: usize = 9;

/// What a device asked for.
#[derive(Debug, Clone)]
pub struct DeviceRequest {
    /// The application on the device.
    pub registration: &'static Registration,
    /// The endpoint it asked at.
    pub tenant: Tenant,
    /// The scopes it asked for, or those that were granted.
    pub scopes: Scopes,
}

#[derive(Debug)]
struct Device {
    request: DeviceRequest,
    user_code: String,
    issued: OffsetDateTime,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Pending,
    Approved { account: &'static Account, session: Uuid },
    Declined,
    Redeemed,
}

/// Devices that wait, by their device code.
#[derive(Debug, Default)]
pub struct Devices(HashMap<String, Device>);

impl Devices {
    /// Notes a device under a new code; what the person has to type.
    pub fn add(
        &mut self,
        device_code: String,
        request: DeviceRequest,
        random: &Random,
        now: OffsetDateTime,
    ) -> String {
        self.0.retain(|_, device| now - device.issued < LIFETIME + AFTERLIFE);
        let letter = |byte: u8| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
        let user_code: String = random.bytes(USER_CODE_LENGTH).into_iter().map(letter).collect();
        let device =
            Device { request, user_code: user_code.clone(), issued: now, state: State::Pending };
        self.0.insert(device_code, device);
        user_code
    }

    /// The device that waits under a code that a person typed, in any letter case, and its device code.
    pub fn waiting(&self, user_code: &str, now: OffsetDateTime) -> Option<(String, DeviceRequest)> {
        let typed = user_code.trim();
        let fits = |device: &Device| {
            device.user_code.eq_ignore_ascii_case(typed)
                && matches!(device.state, State::Pending)
                && now - device.issued < LIFETIME
        };
        let (code, device) = self.0.iter().find(|(_, device)| fits(device))?;
        Some((code.clone(), device.request.clone()))
    }

    /// A person signed in and consented.
    pub fn approve(
        &mut self,
        device_code: &str,
        scopes: Scopes,
        account: &'static Account,
        session: Uuid,
    ) {
        if let Some(device) = self.0.get_mut(device_code) {
            device.request.scopes = scopes;
            device.state = State::Approved { account, session };
        }
    }

    /// A person declined.
    pub fn decline(&mut self, device_code: &str) {
        if let Some(device) = self.0.get_mut(device_code) {
            device.state = State::Declined;
        }
    }

    /// What a poll of the device brings, once: the request as it was granted, and to whom.
    pub fn redeem(
        &mut self,
        device_code: &str,
        client: &'static Registration,
        now: OffsetDateTime,
    ) -> Result<(DeviceRequest, &'static Account, Uuid), Refusal> {
        let device = self.0.get_mut(device_code);
        let device = device.filter(|device| device.request.registration == client);
        let device = device.ok_or(Aadsts::DeviceCodeUnknown)?;
        match device.state {
            State::Approved { account, session } => {
                device.state = State::Redeemed;
                Ok((device.request.clone(), account, session))
            }
            State::Redeemed => Err(Aadsts::CodeRedeemed.into()),
            State::Declined => Err(Aadsts::DeviceDeclined.into()),
            State::Pending if now - device.issued >= LIFETIME => {
                Err(Aadsts::DeviceCodeExpired.into())
            }
            State::Pending => Err(Aadsts::DevicePending.into()),
        }
    }
}
