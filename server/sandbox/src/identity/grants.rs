//! Authorization codes and tokens, by value, and how long each lives. Tokens are looked up instead of
//! parsed, so that every check is exact whatever a token looks like.
//!
//! Source of lifetimes: <https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes>
//! and <https://learn.microsoft.com/entra/identity-platform/refresh-tokens>.

use std::collections::{BTreeSet, HashMap, HashSet};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::accounts::Account;
use crate::identity::aadsts::{Aadsts, Refusal};
use crate::identity::claims::Claims;
use crate::identity::pkce::Challenge;
use crate::organization::Organization;
use crate::registration::{Platform, RedirectUri, Registration};
use crate::scope::{Permission, Scope};
use crate::scopes::Scopes;
use crate::tenant::Tenant;

const CODE_LIFETIME: Duration = Duration::minutes(10);
const REFRESH_LIFETIME: Duration = Duration::days(90);
/// Counted from the sign-in, however often the token is exchanged.
const SINGLE_PAGE_LIFETIME: Duration = Duration::hours(24);

/// How long codes and access tokens are remembered after they expire, so that a late client learns why.
const CODE_AFTERLIFE: Duration = Duration::hours(24);
/// The same for refresh tokens.
const REFRESH_AFTERLIFE: Duration = Duration::days(30);
/// How often expired grants are looked for.
const SWEEP: Duration = Duration::minutes(1);

/// What an authorization code stands for.
#[derive(Debug, Clone)]
pub struct Code {
    /// The application it was issued to.
    pub registration: &'static Registration,
    /// The endpoint it was asked for at.
    pub tenant: Tenant,
    /// The redirect URI it was sent to; the token request repeats it.
    pub redirect: RedirectUri,
    /// What the client has to prove.
    pub challenge: Option<Challenge>,
    /// The scopes of the authorize request.
    pub scopes: Scopes,
    /// For the id_token.
    pub nonce: Option<String>,
    /// What the client asked of the token.
    pub claims: Claims,
    /// Who signed in.
    pub account: &'static Account,
    /// The id of the browser's session.
    pub session: Uuid,
    /// When it was issued. It lives ten minutes.
    pub issued: OffsetDateTime,
}

/// One redeemed code. Every token that goes back to it is of this family.
#[derive(Debug, Clone)]
pub struct Family {
    /// The family's own id.
    pub id: Uuid,
    /// The application that redeemed the code.
    pub registration: &'static Registration,
    /// What kind of client that is.
    pub platform: Platform,
    /// Who signed in.
    pub account: &'static Account,
    /// The id of the browser's session that it began in: `sid`.
    pub session: Uuid,
    /// When the code was redeemed.
    pub since: OffsetDateTime,
    /// The authentication contexts that the person satisfied.
    pub contexts: BTreeSet<String>,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// The sign-in it goes back to.
    pub family: Family,
    /// The scopes it was issued with.
    pub scopes: Scopes,
    /// When it was issued; it lives 90 days from then.
    pub issued: OffsetDateTime,
}

impl Refresh {
    fn end(&self) -> OffsetDateTime {
        let inactive = self.issued + REFRESH_LIFETIME;
        match self.family.platform {
            Platform::SinglePage => inactive.min(self.family.since + SINGLE_PAGE_LIFETIME),
            Platform::Web | Platform::Public => inactive,
        }
    }
}

/// What an access token for Graph stands for.
#[derive(Debug, Clone)]
pub struct Access {
    /// The family of the sign-in it goes back to.
    pub family: Uuid,
    /// The person it was issued for; none where the application has it for itself.
    pub account: Option<&'static Account>,
    /// The tenant of a token that the application has for itself.
    pub organization: Option<&'static Organization>,
    /// Which application it was issued to.
    pub registration: &'static Registration,
    /// What it allows.
    pub permissions: BTreeSet<Permission>,
    /// The scopes of OpenID Connect that came with it: what userinfo tells.
    pub openid: BTreeSet<Scope>,
    /// When it expires.
    pub expires: OffsetDateTime,
}

/// Everything that was issued.
#[derive(Debug, Default)]
pub struct Grants {
    codes: HashMap<String, (Code, Redeemed)>,
    refresh: HashMap<String, (Refresh, Redeemed)>,
    access: HashMap<String, Access>,
    revoked: HashSet<Uuid>,
    signed_out: HashSet<Uuid>,
    swept: Option<OffsetDateTime>,
}

type Redeemed = bool;

impl Grants {
    /// Keeps an authorization code that was issued.
    pub fn add_code(&mut self, value: String, code: Code) {
        self.forget_old(code.issued);
        self.codes.insert(value, (code, false));
    }

    /// A code that can still be redeemed.
    pub fn code(&self, value: &str, now: OffsetDateTime) -> Result<&Code, Refusal> {
        match self.codes.get(value) {
            None => Err(Aadsts::GrantInvalid.into()),
            Some((_, true)) => Err(Aadsts::CodeRedeemed.into()),
            Some((code, _)) if now - code.issued >= CODE_LIFETIME => {
                Err(Aadsts::GrantExpired.into())
            }
            Some((code, false)) => Ok(code),
        }
    }

    /// Notes that a code was redeemed: it serves once.
    pub fn redeem(&mut self, value: &str) {
        if let Some((_, redeemed)) = self.codes.get_mut(value) {
            *redeemed = true;
        }
    }

    /// Issues a refresh token. The ones before it stay valid, as at Microsoft.
    pub fn add_refresh(&mut self, value: String, refresh: Refresh) {
        self.forget_old(refresh.issued);
        self.refresh.insert(value, (refresh, false));
    }

    /// A refresh token that is still good, redeemed before or not.
    pub fn refresh(&self, value: &str, now: OffsetDateTime) -> Result<&Refresh, Refusal> {
        match self.refresh.get(value) {
            None => Err(Aadsts::GrantInvalid.into()),
            Some((refresh, _))
                if self.revoked.contains(&refresh.family.id)
                    || self.signed_out.contains(&refresh.family.id) =>
            {
                Err(Aadsts::GrantRevoked.into())
            }
            Some((refresh, _)) if now - refresh.issued >= REFRESH_LIFETIME => {
                Err(Aadsts::RefreshInactive.into())
            }
            Some((refresh, _))
                if refresh.family.platform == Platform::SinglePage
                    && now - refresh.family.since >= SINGLE_PAGE_LIFETIME =>
            {
                Err(Aadsts::SinglePageRefreshOver.into())
            }
            Some((refresh, _)) => Ok(refresh),
        }
    }

    /// Notes that a refresh token brought newer ones.
    pub fn redeem_refresh(&mut self, value: &str) {
        if let Some((_, redeemed)) = self.refresh.get_mut(value) {
            *redeemed = true;
        }
    }

    /// Ends the family of a refresh token that comes a second time (RFC 9700, section 4.14.2).
    pub fn punish_reuse(&mut self, value: &str) {
        if let Some((refresh, true)) = self.refresh.get(value) {
            self.revoked.insert(refresh.family.id);
        }
    }

    /// Ends every refresh token of an account. Access tokens live on until they expire, as at Microsoft.
    ///
    /// Source: <https://learn.microsoft.com/graph/api/user-revokesigninsessions>.
    pub fn revoke_sign_ins(&mut self, account: &Account) {
        let families = self.refresh.values().map(|(refresh, _)| &refresh.family);
        self.signed_out
            .extend(families.filter(|family| family.account == account).map(|family| family.id));
    }

    /// Keeps an access token that was issued.
    pub fn add_access(&mut self, value: String, access: Access, now: OffsetDateTime) {
        self.forget_old(now);
        self.access.insert(value, access);
    }

    /// An access token, good or expired. One whose family was revoked is none.
    pub fn access(&self, value: &str) -> Option<&Access> {
        self.access.get(value).filter(|access| !self.revoked.contains(&access.family))
    }

    /// Forgets what expired so long ago that no client asks for it.
    fn forget_old(&mut self, now: OffsetDateTime) {
        if self.swept.is_some_and(|swept| (now - swept).abs() < SWEEP) {
            return;
        }
        self.swept = Some(now);
        self.codes.retain(|_, (code, _)| now - code.issued < CODE_LIFETIME + CODE_AFTERLIFE);
        self.access.retain(|_, access| now - access.expires < CODE_AFTERLIFE);
        self.refresh.retain(|_, (refresh, _)| now < refresh.end() + REFRESH_AFTERLIFE);
        let families: HashSet<Uuid> = (self.refresh.values())
            .map(|(refresh, _)| refresh.family.id)
            .chain(self.access.values().map(|access| access.family))
            .collect();
        self.revoked.retain(|family| families.contains(family));
        self.signed_out.retain(|family| families.contains(family));
    }

    /// Whose code or refresh token this is, good or not.
    pub fn owner(&self, value: &str) -> Option<&'static Account> {
        let code = self.codes.get(value).map(|(code, _)| code.account);
        code.or_else(|| self.refresh.get(value).map(|(refresh, _)| refresh.family.account))
    }

    /// Which kind of client a code or refresh token was issued to, good or not.
    pub fn platform(&self, value: &str) -> Option<Platform> {
        let code = self.codes.get(value).map(|(code, _)| code.redirect.platform);
        code.or_else(|| self.refresh.get(value).map(|(refresh, _)| refresh.family.platform))
    }
}
