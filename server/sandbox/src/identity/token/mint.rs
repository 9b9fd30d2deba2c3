//! The tokens themselves: claims, sizes, lifetimes.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>,
//! <https://learn.microsoft.com/entra/identity-platform/access-tokens>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::accounts::{Account, Kind};
use crate::identity::grants::{Access, Family, Refresh};
use crate::identity::signing::SigningError;
use crate::platform::Platform;
use crate::registration::OptionalClaim;
use crate::scope::Scope;
use crate::scopes::Scopes;
use crate::tenant::issuer_of;

/// The resource id of Microsoft Graph, in every cloud.
pub const GRAPH_RESOURCE: &str = "00000003-0000-0000-c000-000000000000";

/// What a token answer is made for.
#[derive(Debug)]
pub struct Grant {
    /// The sign-in it goes back to.
    pub family: Family,
    /// The scopes to grant.
    pub scopes: Scopes,
    /// The nonce of the authorize request.
    pub nonce: Option<String>,
    /// Whether the client can handle claims challenges.
    pub continuous: bool,
    /// Whether the client asked for `client_info`.
    pub client_info: bool,
}

/// Issues tokens and writes the answer of the token endpoint.
pub fn answer(app: &Platform, grant: &Grant) -> Result<Value, SigningError> {
    // Entra, "Configurable token lifetimes" and "Continuous access evaluation": chosen at random.
    let (least, most) = if grant.continuous { (72_000, 100_800) } else { (3600, 5400) };
    let lifetime = app.token_lifetime.unwrap_or_else(|| app.random.between(least, most));
    let mut body = Map::new();
    body.insert("token_type".to_owned(), "Bearer".into());
    body.insert("scope".to_owned(), grant.scopes.granted().into());
    body.insert("expires_in".to_owned(), lifetime.into());
    body.insert("ext_expires_in".to_owned(), lifetime.into());
    body.insert("access_token".to_owned(), access_token(app, grant, lifetime)?.into());
    if grant.scopes.contains(Scope::OfflineAccess) {
        body.insert("refresh_token".to_owned(), refresh_token(app, grant).into());
    }
    if grant.scopes.contains(Scope::OpenId) {
        body.insert("id_token".to_owned(), id_token(app, grant)?.into());
    }
    if grant.client_info {
        body.insert("client_info".to_owned(), client_info(grant.family.account).into());
    }
    Ok(Value::Object(body))
}

/// An authorization code of real size, about 1 kB.
pub fn code(app: &Platform, account: &Account) -> String {
    match account.kind {
        Kind::Work(_) => format!("1.A{}", app.random.base64url(1000)),
        Kind::Personal => format!("M.C500_SN1.2.U.{}", app.random.base64url(1000)),
    }
}

/// `client_info`: who signed in, for a client that keeps no id_token.
pub fn client_info(account: &Account) -> String {
    let body = json!({ "uid": account.object_id, "utid": account.tenant() });
    URL_SAFE_NO_PAD.encode(body.to_string())
}

/// Opaque, about 1.4 kB.
fn refresh_token(app: &Platform, grant: &Grant) -> String {
    let value = match grant.family.account.kind {
        Kind::Work(_) => format!("1.A{}", app.random.base64url(1397)),
        Kind::Personal => format!("M.C500_SN1.0.U.-{}", app.random.base64url(1384)),
    };
    let refresh = Refresh {
        family: grant.family.clone(),
        scopes: grant.scopes.clone(),
        issued: app.clock.now(),
    };
    app.world().grants.add_refresh(value.clone(), refresh);
    value
}

fn access_token(app: &Platform, grant: &Grant, lifetime: u64) -> Result<String, SigningError> {
    let now = app.clock.now();
    let expires = now + Duration::seconds(lifetime.cast_signed());
    let value = match grant.family.account.kind {
        Kind::Work(_) => work_access_token(app, grant, expires.unix_timestamp())?,
        Kind::Personal => format!("EwB4{}", app.random.base64(1500)),
    };
    let access = Access {
        family: grant.family.id,
        account: Some(grant.family.account),
        registration: grant.family.registration,
        organization: None,
        permissions: grant.scopes.permissions(),
        openid: grant.scopes.openid(),
        expires,
    };
    app.world().grants.add_access(value.clone(), access, now);
    Ok(value)
}

/// Signs an access token for Graph, a JWT of the v1 kind. The header that was signed held the hash of the
/// nonce that the written one shows, so that nobody but Graph can check the signature.
pub fn sign_for_graph(app: &Platform, claims: &Value) -> Result<String, SigningError> {
    let nonce = app.random.base64url(43);
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(nonce.as_bytes()));
    let key = app.keys().newest();
    let header = |nonce: &str| {
        let kid = key.id();
        json!({ "typ": "JWT", "nonce": nonce, "alg": "RS256", "x5t": kid, "kid": kid })
    };
    key.sign_as(&header(&nonce), &header(&hash), claims)
}

/// About 2.2 kB and shaped like the real thing.
fn work_access_token(app: &Platform, grant: &Grant, expires: i64) -> Result<String, SigningError> {
    let (account, client) = (grant.family.account, grant.family.registration.client_id.as_str());
    let names: Vec<&str> =
        grant.scopes.permissions().into_iter().map(|permission| permission.name()).collect();
    let now = app.clock.now().unix_timestamp();
    let mut claims = json!({
        "aud": GRAPH_RESOURCE,
        "iss": format!("{}/{}/", app.base, account.tenant()),
        "iat": now,
        "nbf": now,
        "exp": expires,
        "acct": 0,
        "acr": "1",
        "aio": app.random.base64url(180),
        "amr": ["pwd", "mfa"],
        "app_displayname": grant.family.registration.name,
        "appid": client,
        "appidacr": "1",
        "family_name": account.surname,
        "given_name": account.given_name,
        "idtyp": "user",
        "ipaddr": "127.0.0.1",
        "name": account.display_name,
        "oid": account.object_id,
        "platf": "8",
        "puid": "1003200000000000",
        "rh": format!("1.A{}", app.random.base64url(90)),
        "scp": names.join(" "),
        "sid": grant.family.session,
        "sub": subject(account, GRAPH_RESOURCE),
        "tenant_region_scope": "EU",
        "tid": account.tenant(),
        "unique_name": account.address,
        "upn": account.address,
        "uti": app.random.base64url(22),
        "ver": "1.0",
        "wids": ["b79fbf4d-3ef9-4689-8143-76b194e85509"],
        "xms_ftd": app.random.base64url(60),
        "xms_idrel": "1 10",
        "xms_st": { "sub": subject(account, client) },
        "xms_tcdt": 1_700_000_000,
    });
    if let Some(claims) = claims.as_object_mut() {
        if grant.continuous {
            claims.insert("xms_cc".to_owned(), json!(["CP1"]));
        }
        if !grant.family.contexts.is_empty() {
            claims.insert("acrs".to_owned(), json!(grant.family.contexts));
        }
    }
    sign_for_graph(app, &claims)
}

fn id_token(app: &Platform, grant: &Grant) -> Result<String, SigningError> {
    let (account, client) = (grant.family.account, grant.family.registration.client_id.as_str());
    let now = app.clock.now().unix_timestamp();
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    claim("aud", client.into());
    claim("iss", issuer_of(account.tenant(), &app.base).into());
    claim("iat", (now - 300).into());
    claim("nbf", (now - 300).into());
    claim("exp", (now + 3600).into());
    if grant.scopes.contains(Scope::Email) {
        claim("email", account.mailbox().into());
    }
    if grant.scopes.contains(Scope::Profile) {
        claim("name", account.display_name.as_str().into());
        claim("oid", account.object_id.as_str().into());
        claim("preferred_username", account.address.as_str().into());
    }
    if let Some(nonce) = &grant.nonce {
        claim("nonce", nonce.as_str().into());
    }
    claim("rh", format!("1.A{}", app.random.base64url(90)).into());
    if grant.family.registration.optional_claims.contains(&OptionalClaim::Sid) {
        claim("sid", grant.family.session.to_string().into());
    }
    claim("sub", subject(account, client).into());
    claim("tid", account.tenant().into());
    claim("uti", app.random.base64url(22).into());
    claim("ver", "2.0".into());
    let key = app.keys().newest();
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": key.id() });
    key.sign(&header, &Value::Object(claims))
}

/// Who somebody is to one audience: pairwise, so that two applications cannot compare notes.
pub fn subject(account: &Account, audience: &str) -> String {
    let pair = format!("{audience}:{}:{}", account.tenant(), account.object_id);
    URL_SAFE_NO_PAD.encode(Sha256::digest(pair.as_bytes()))
}
