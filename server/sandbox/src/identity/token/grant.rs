//! The grants at the token endpoint in which a person takes part: authorization code, refresh token and
//! device code.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.

use std::collections::BTreeSet;

use crate::accounts::{Account, Kind};
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::claims::Claims;
use crate::identity::consents::Missing;
use crate::identity::grants::{Family, Refresh};
use crate::identity::params::Params;
use crate::identity::pkce;
use crate::identity::token::mint::Grant;
use crate::platform::{Platform, World};
use crate::registration::{self, Registration};
use crate::scope::Scope;
use crate::scopes::{ScopeError, Scopes};
use crate::tenant::Tenant;

type Client = &'static Registration;

/// A redeemed code may bring these although the authorization request did not name them.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret>,
/// on `scope`.
const FREE_AT_REDEMPTION: [Scope; 3] = [Scope::OpenId, Scope::Profile, Scope::Email];

/// `grant_type=authorization_code`. A request that is refused leaves the code as it is.
pub fn by_code(
    app: &Platform,
    tenant: Tenant,
    client: Client,
    form: &Params,
) -> Result<Grant, Refusal> {
    let value = form.require("code")?;
    let redirect = form.require("redirect_uri")?;
    let asked = asked_scopes(app, form)?;
    let claims = Claims::parse(form.get("claims"))?;
    let mut world = app.world();
    let code = world.grants.code(value, app.clock.now())?.clone();
    if code.registration != client {
        return Err(foreign());
    }
    if code.tenant != tenant {
        return Err(Aadsts::CodeForOtherTenant.into());
    }
    if code.redirect.as_str() != redirect {
        return Err(Aadsts::RedirectDiffers.into());
    }
    if code.redirect.platform == registration::Platform::SinglePage && code.challenge.is_none() {
        return Err(Aadsts::ChallengeNeeded.into());
    }
    pkce::check(code.challenge.as_ref(), form.get("code_verifier"))?;
    claims.satisfied_by(&code.claims.contexts)?;
    let scopes = match asked {
        None => code.scopes,
        Some(asked) => {
            consented(&world, client, code.account, &asked)?;
            let allowed = &code.scopes.set() | &BTreeSet::from(FREE_AT_REDEMPTION);
            if !asked.set().is_subset(&allowed) {
                return Err(Refusal::about(
                    Aadsts::ScopeInvalid,
                    "The scope asks for more than the authorization request did.",
                ));
            }
            let granted = world.consents.default_permissions(client, code.account, false);
            asked.with_default(granted)
        }
    };
    let scopes = with_granted_before(&world, client, code.account, scopes);
    world.grants.redeem(value);
    let family = Family {
        id: app.random.guid(),
        registration: client,
        platform: code.redirect.platform,
        account: code.account,
        session: code.session,
        since: app.clock.now(),
        contexts: code.claims.contexts,
    };
    Ok(Grant {
        family,
        scopes,
        nonce: code.nonce,
        continuous: claims.continuous || code.claims.continuous,
        client_info: form.get("client_info") == Some("1"),
    })
}

/// `grant_type=refresh_token`. It may ask for anything that is consented to, as at Microsoft, where a
/// refresh token is not bound to the scopes it was issued with.
pub fn by_refresh_token(
    app: &Platform,
    tenant: Tenant,
    client: Client,
    form: &Params,
) -> Result<Grant, Refusal> {
    let value = form.require("refresh_token")?;
    let asked = asked_scopes(app, form)?;
    let claims = Claims::parse(form.get("claims"))?;
    let mut world = app.world();
    if app.punish_refresh_reuse {
        world.grants.punish_reuse(value);
    }
    let Refresh { family, scopes, .. } = world.grants.refresh(value, app.clock.now())?.clone();
    if family.registration != client {
        return Err(foreign());
    }
    if !tenant.accepts(family.account) {
        return Err(Aadsts::CodeForOtherTenant.into());
    }
    claims.satisfied_by(&family.contexts)?;
    let granted = world.consents.default_permissions(client, family.account, false);
    let scopes = asked.map_or(scopes, |asked| asked.with_default(granted));
    consented(&world, client, family.account, &scopes)?;
    let scopes = with_granted_before(&world, client, family.account, scopes);
    world.grants.redeem_refresh(value);
    Ok(Grant {
        family,
        scopes,
        nonce: None,
        continuous: claims.continuous,
        client_info: form.get("client_info") == Some("1"),
    })
}

/// `grant_type=urn:ietf:params:oauth:grant-type:device_code`
pub fn by_device_code(
    app: &Platform,
    tenant: Tenant,
    client: Client,
    form: &Params,
) -> Result<Grant, Refusal> {
    let value = form.require("device_code")?;
    let now = app.clock.now();
    let mut world = app.world();
    let (request, account, session) = world.devices.redeem(value, client, now)?;
    if request.tenant != tenant {
        return Err(Aadsts::CodeForOtherTenant.into());
    }
    let scopes = with_granted_before(&world, client, account, request.scopes);
    let family = Family {
        id: app.random.guid(),
        registration: client,
        platform: client.usual_platform(),
        account,
        session,
        since: now,
        contexts: BTreeSet::new(),
    };
    Ok(Grant {
        family,
        scopes,
        nonce: None,
        continuous: false,
        client_info: form.get("client_info") == Some("1"),
    })
}

/// The `scope` parameter, if there is one. Here it may name one resource only.
fn asked_scopes(app: &Platform, form: &Params) -> Result<Option<Scopes>, Refusal> {
    let Some(text) = form.even_empty("scope") else {
        return Ok(None);
    };
    match Scopes::parse(text, &app.base) {
        Ok(scopes) => Ok(Some(scopes)),
        Err(ScopeError::Empty) => Err(Aadsts::ScopeEmpty.into()),
        Err(ScopeError::OtherResource { beside_graph: true, .. }) => {
            Err(Aadsts::SeveralResources.into())
        }
        Err(other) => Err(other.into()),
    }
}

/// A work account's token carries what was granted before, whatever it is asked for. Of personal accounts
/// nothing is documented.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>.
fn with_granted_before(
    world: &World,
    client: Client,
    account: &'static Account,
    scopes: Scopes,
) -> Scopes {
    match account.kind {
        Kind::Work(_) => scopes.with_granted_before(world.consents.permissions(client, account)),
        Kind::Personal => scopes,
    }
}

/// Something was issued to somebody else.
fn foreign() -> Refusal {
    Refusal::about(Aadsts::GrantInvalid, "It was issued to another client.")
}

fn consented(
    world: &World,
    client: Client,
    account: &'static Account,
    scopes: &Scopes,
) -> Result<(), Refusal> {
    let asked = &scopes.set() - &BTreeSet::from(FREE_AT_REDEMPTION);
    match world.consents.missing(client, account, &asked) {
        Missing::Nothing => Ok(()),
        Missing::Consent | Missing::Administrator => Err(Aadsts::ConsentNeeded.into()),
    }
}
