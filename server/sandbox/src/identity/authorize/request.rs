//! Reading an authorize request: what is asked, where the answer goes, and which mistakes go back to
//! the client and which stay on a page.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>.

use crate::accounts::Account;
use crate::directory::Directory;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::authorize::answer::{Destination, ResponseMode};
use crate::identity::claims::Claims;
use crate::identity::devices::DeviceRequest;
use crate::identity::params::{Params, tenant_of};
use crate::identity::pkce::Challenge;
use crate::registration::{RedirectUri, Registration};
use crate::scopes::Scopes;
use crate::tenant::Tenant;

/// A valid authorize request.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest {
    /// The endpoint's tenant.
    pub tenant: Tenant,
    /// The application that asks.
    pub registration: &'static Registration,
    /// Who gets the answer.
    pub answer_to: AnswerTo,
    /// The scopes it asks for.
    pub scopes: Scopes,
    /// For the id_token.
    pub nonce: Option<String>,
    /// The `claims` parameter.
    pub claims: Claims,
    /// The PKCE challenge that the token request has to answer.
    pub challenge: Option<Challenge>,
    /// Which pages the client wants shown.
    pub prompt: Prompt,
    /// The address whose button gets the focus.
    pub login_hint: Option<String>,
    /// The tenant whose accounts are offered.
    pub domain_hint: Option<Tenant>,
    /// Whether the answer carries `client_info`.
    pub client_info: bool,
}

/// Who gets the answer of a sign-in.
#[derive(Debug, Clone)]
pub enum AnswerTo {
    /// The client, at its redirect URI.
    Client(Destination),
    /// The device that polls with this code.
    Device(String),
}

/// Which pages the client wants shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Only the pages that are needed.
    Needed,
    /// No page: `prompt=none`.
    Nothing,
    /// The picker; `login` and `select_account` are one here, since nobody has a password.
    Account,
    /// The consent page.
    Consent,
}

/// Why a request is refused, by who is told.
#[derive(Debug)]
pub enum Refused {
    /// The person, on a page: nobody knows whether the redirect URI can be trusted.
    OnPage(Refusal),
    /// The client, at its redirect URI.
    AtClient(Box<Destination>, Refusal),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::OnPage(refusal)
    }
}

impl AuthorizeRequest {
    /// Reads the request. `base` is the sandbox's own address, whose Graph scopes may name.
    pub fn parse(
        directory: &Directory,
        base: &str,
        tenant: &str,
        sent: &[u8],
    ) -> Result<Self, Refused> {
        let tenant = tenant_of(directory, tenant)?;
        let params = Params::parse(sent)?;
        let (registration, redirect) = client_and_redirect(directory, tenant, &params)?;
        let mode = match params.get("response_mode") {
            None => ResponseMode::Query,
            Some(mode) => ResponseMode::parse(mode)
                .ok_or_else(|| Refusal::about(Aadsts::ResponseModeUnknown, format!("'{mode}'.")))?,
        };
        let state = params.even_empty("state").map(ToOwned::to_owned);
        let destination = Destination { redirect, mode, state };
        let rest = Rest { directory, base, tenant, registration, params: &params };
        rest.read(destination.clone())
            .map_err(|refusal| Refused::AtClient(Box::new(destination), refusal))
    }

    /// A sign-in on behalf of a device.
    pub fn of_device(device_code: String, device: DeviceRequest) -> Self {
        Self {
            tenant: device.tenant,
            registration: device.registration,
            answer_to: AnswerTo::Device(device_code),
            scopes: device.scopes,
            nonce: None,
            claims: Claims::default(),
            challenge: None,
            prompt: Prompt::Account,
            login_hint: None,
            domain_hint: None,
            client_info: false,
        }
    }

    /// Whether an account may sign in at this endpoint to this application.
    pub fn accepts(&self, account: &Account) -> bool {
        self.tenant.accepts(account) && self.registration.accepts(account)
    }
}

/// What is left to read once the answer's destination is known: its mistakes go back to the client.
struct Rest<'a> {
    directory: &'a Directory,
    base: &'a str,
    tenant: Tenant,
    registration: &'static Registration,
    params: &'a Params,
}

impl Rest<'_> {
    fn read(self, destination: Destination) -> Result<AuthorizeRequest, Refusal> {
        let Self { directory, base, tenant, registration, params } = self;
        match params.require("response_type")? {
            "code" => {}
            known @ ("code id_token" | "id_token" | "id_token token" | "token") => {
                return Err(Refusal::about(Aadsts::ResponseTypeNotEnabled, format!("'{known}'.")));
            }
            other => {
                return Err(Refusal::about(Aadsts::ResponseTypeUnknown, format!("'{other}'.")));
            }
        }
        Ok(AuthorizeRequest {
            tenant,
            registration,
            answer_to: AnswerTo::Client(destination),
            scopes: Scopes::parse(params.require("scope")?, base)?,
            claims: Claims::parse(params.get("claims"))?,
            nonce: params.get("nonce").map(ToOwned::to_owned),
            challenge: Challenge::parse(
                params.get("code_challenge"),
                params.get("code_challenge_method"),
            )?,
            prompt: parse_prompt(params.get("prompt"))?,
            login_hint: params.get("login_hint").map(ToOwned::to_owned),
            domain_hint: params.get("domain_hint").and_then(|hint| directory.tenant(hint)),
            client_info: params.get("client_info") == Some("1"),
        })
    }
}

/// Checks who asks and where an answer may go.
pub fn client_and_redirect(
    directory: &Directory,
    tenant: Tenant,
    params: &Params,
) -> Result<(&'static Registration, RedirectUri), Refusal> {
    let client = params.require("client_id")?;
    let registration = directory
        .registration(client)
        .ok_or_else(|| Refusal::about(Aadsts::ClientNotFound, format!("'{client}'.")))?;
    if registration.disabled {
        return Err(Aadsts::ClientDisabled.into());
    }
    registration.check_tenant(tenant)?;
    if registration.redirect_uris.is_empty() {
        return Err(Aadsts::RedirectNotRegistered.into());
    }
    let text = params.require("redirect_uri")?;
    let redirect = registration
        .redirect(text)
        .ok_or_else(|| Refusal::about(Aadsts::RedirectMismatch, format!("'{text}'.")))?;
    Ok((registration, redirect))
}

fn parse_prompt(prompt: Option<&str>) -> Result<Prompt, Refusal> {
    match prompt {
        None => Ok(Prompt::Needed),
        Some("none") => Ok(Prompt::Nothing),
        Some("login" | "select_account") => Ok(Prompt::Account),
        Some("consent") => Ok(Prompt::Consent),
        Some(other) => Err(Refusal::about(Aadsts::PromptUnknown, format!("'{other}'."))),
    }
}
