//! The client credentials grant: a token for an application without a person, whose roles an
//! administrator granted.
//!
//! Sources: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>;
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes> (7000229, 9001023,
//! 1002012); MicrosoftDocs/azure-docs#30777 (7000216).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::grants::Access;
use crate::identity::params::Params;
use crate::identity::signing::SigningError;
use crate::identity::token::mint::{GRAPH_RESOURCE, sign_for_graph};
use crate::organization::Organization;
use crate::platform::Platform;
use crate::registration::Registration;
use crate::scopes::{ScopeError, Scopes};
use crate::tenant::Tenant;

/// Documented as 3599 in Microsoft's example; 60 minutes for clients without continuous access evaluation.
const LIFETIME: u64 = 3599;

/// An application that may get a token for itself.
#[derive(Debug)]
pub struct AppOnly {
    registration: &'static Registration,
    organization: &'static Organization,
    by_assertion: bool,
}

impl AppOnly {
    /// Checks the scope, and that the application exists in the tenant.
    pub fn check(
        app: &Platform,
        organization: &'static Organization,
        registration: &'static Registration,
        form: &Params,
    ) -> Result<Self, Refusal> {
        check_scope(app, form.require("scope")?)?;
        let known = organization == registration.organization
            || app.world().consents.has_service_principal(registration, organization);
        if !known {
            return Err(Refusal::about(
                Aadsts::NoServicePrincipal,
                format!("'{}' in '{}'.", registration.client_id, organization.id),
            ));
        }
        let by_assertion = form.get("client_assertion").is_some();
        Ok(Self { registration, organization, by_assertion })
    }

    /// The answer of the token endpoint: no refresh token, no id_token, no scope.
    pub fn answer(&self, app: &Platform) -> Result<Value, SigningError> {
        let lifetime = app.token_lifetime.unwrap_or(LIFETIME);
        let now = app.clock.now();
        let expires = now + Duration::seconds(lifetime.cast_signed());
        let token = self.token(app, expires.unix_timestamp())?;
        let access = Access {
            family: app.random.guid(),
            account: None,
            registration: self.registration,
            organization: Some(self.organization),
            permissions: self.registration.application_permissions.clone(),
            openid: BTreeSet::new(),
            expires,
        };
        app.world().grants.add_access(token.clone(), access, now);
        Ok(json!({
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }))
    }

    fn token(&self, app: &Platform, expires: i64) -> Result<String, SigningError> {
        let now = app.clock.now().unix_timestamp();
        let principal = self.principal_id();
        let roles: Vec<&str> =
            self.registration.application_permissions.iter().map(|role| role.name()).collect();
        let mut claims = json!({
            "aud": GRAPH_RESOURCE,
            "iss": format!("{}/{}/", app.base, self.organization.id),
            "iat": now,
            "nbf": now,
            "exp": expires,
            "aio": app.random.base64url(60),
            "app_displayname": self.registration.name,
            "appid": self.registration.client_id,
            "appidacr": if self.by_assertion { "2" } else { "1" },
            "idp": format!("{}/{}/", app.base, self.organization.id),
            "idtyp": "app",
            "oid": principal,
            "rh": format!("1.A{}", app.random.base64url(90)),
            "sub": principal,
            "tenant_region_scope": "EU",
            "tid": self.organization.id,
            "uti": app.random.base64url(22),
            "ver": "1.0",
        });
        // Without a role there is no claim either.
        if let (Some(claims), false) = (claims.as_object_mut(), roles.is_empty()) {
            claims.insert("roles".to_owned(), json!(roles));
        }
        sign_for_graph(app, &claims)
    }

    /// The object id of the application's service principal in the tenant.
    fn principal_id(&self) -> String {
        let pair = format!("{}:{}", self.registration.client_id, self.organization.id);
        let digest = Sha256::digest(pair.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// The tenant that a token is for: the application's own at `organizations`, none at the other names of
/// several tenants.
pub fn organization(
    tenant: Tenant,
    registration: &'static Registration,
) -> Result<&'static Organization, Refusal> {
    match tenant {
        Tenant::Common | Tenant::Consumers => Err(Aadsts::GrantTypeNeedsTenant.into()),
        Tenant::Organizations => Ok(registration.organization),
        Tenant::One(organization) => Ok(organization),
    }
}

/// The scope has to be `.default` of one resource: what an administrator granted is not for the client to
/// choose from.
fn check_scope(app: &Platform, text: &str) -> Result<(), Refusal> {
    let invalid = || Refusal::about(Aadsts::ScopeNotDefault, format!("'{text}'."));
    if text.split_ascii_whitespace().count() != 1 || !text.trim().ends_with("/.default") {
        return Err(invalid());
    }
    match Scopes::parse(text, &app.base) {
        Ok(_) => Ok(()),
        Err(error @ ScopeError::OtherResource { .. }) => Err(error.into()),
        Err(_) => Err(invalid()),
    }
}
