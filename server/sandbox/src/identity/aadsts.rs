//! The refusals of the identity platform: Microsoft's numbers, the OAuth error each comes
//! with, and the sentence for people.
//!
//! Source of numbers and meanings:
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>. Suberrors are in no
//! documentation; they stand where somebody published an answer of Microsoft's, and at 53000 to 53002
//! where its developers told: 50173 (recordings of azure-sdk-for-js), 53003 (logs of azidentity for Go),
//! AzureAD/microsoft-authentication-library-for-js#4693 (700084), #5491 (50076) and #903 (53000 to
//! 53002), AzureAD/microsoft-authentication-library-for-dotnet#559 (50079, 65001),
//! microsoft/foundry-dev-tools#707 (700082), simonrob/email-oauth2-proxy#181 (70043).

use axum::http::StatusCode;

use crate::scopes::ScopeError;

/// One row for each code: name, number, OAuth error (with `suberror`), text.
macro_rules! table {
    ($($name:ident = $number:literal, $error:literal $(/ $suberror:literal)?, $text:literal;)*) => {
        /// A refusal of the identity platform.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Aadsts {
            $(#[doc = $text] $name,)*
        }

        impl Aadsts {
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// The number after `AADSTS`.
            pub fn number(self) -> u32 {
                match self { $(Self::$name => $number,)* }
            }

            /// The OAuth `error`: what a client decides by.
            pub fn error(self) -> &'static str {
                match self { $(Self::$name => $error,)* }
            }

            /// Says more precisely what the client should do.
            pub fn suberror(self) -> Option<&'static str> {
                match self { $(Self::$name => [$($suberror)?].first().copied(),)* }
            }

            /// The sentence in `error_description`.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

table! {
    TenantMalformed = 900_023, "invalid_request", "The tenant is neither an id nor a domain.";
    InstanceUnknown = 50049, "invalid_instance", "The authority is not an instance of this identity platform.";
    TenantNotFound = 90002, "invalid_request", "The tenant wasn't found. Check the tenant id, and that the app uses the right cloud.";
    ClientNotFound = 700016, "unauthorized_client", "The application wasn't found in the directory.";
    SingleTenant = 50194, "invalid_request", "The application isn't configured as a multi-tenant application. Use the endpoint of its own tenant, not 'common' or 'organizations'.";
    NotForConsumers = 9_002_332, "invalid_request", "The application is for work and school accounts only and can't be used with the endpoint 'consumers'.";
    OnlyForConsumers = 9_002_331, "invalid_request", "The application is for personal accounts only. Use the endpoint 'consumers'.";
    NoServicePrincipal = 7_000_229, "unauthorized_client", "The application has no service principal in the tenant.";
    ClientDisabled = 7000112, "unauthorized_client", "The application is disabled.";
    RedirectMismatch = 50011, "invalid_request", "The redirect URI in the request doesn't match the redirect URIs registered for the application.";
    RedirectNotRegistered = 500_113, "invalid_request", "No reply address is registered for the application.";
    RedirectDiffers = 500_112, "invalid_grant", "The redirect URI doesn't match the one in the authorization request.";
    ParameterMissing = 900_144, "invalid_request", "The request must contain the parameter";
    Malformed = 9_002_313, "invalid_request", "The request is malformed.";
    QueryTooLong = 90015, "invalid_request", "The query string is too long.";
    WrongMethod = 900_561, "invalid_request", "The endpoint only accepts POST requests.";
    ResponseModeUnknown = 70007, "invalid_request", "The response_mode is not supported.";
    ResponseTypeUnknown = 70005, "unsupported_response_type", "The response_type is not supported.";
    ResponseTypeNotEnabled = 700_054, "unsupported_response_type", "The response_type is not enabled for the application.";
    PromptUnknown = 90023, "invalid_request", "The prompt is not supported.";
    ScopeInvalid = 70011, "invalid_scope", "The scope is not valid.";
    ScopeNotForToken = 28002, "invalid_scope", "The scope isn't valid when requesting an access token.";
    ScopeWithoutResource = 700_023, "invalid_scope", "The scope names no resource.";
    ScopeNotDefault = 1_002_012, "invalid_scope", "The scope isn't valid. Client credential flows need a scope with /.default behind the resource.";
    ScopeEmpty = 28003, "invalid_scope", "The scope can't be empty when requesting an access token.";
    SeveralResources = 700_022, "invalid_scope", "The scope names more than one resource.";
    ResourceNotFound = 500_011, "invalid_resource", "The resource was not found in the tenant.";
    ChallengeMissing = 50147, "invalid_request", "The code_challenge is missing or its method is not supported.";
    ChallengeInvalid = 501_491, "invalid_request", "The code_challenge must have 43 to 128 unreserved characters.";
    VerifierMissing = 50148, "invalid_grant", "The code_verifier is missing, but the authorization request had a code_challenge.";
    VerifierWrong = 501_481, "invalid_grant", "The code_verifier does not match the code_challenge.";
    UserUnknown = 50034, "access_denied", "The account does not exist.";
    UserLocked = 50053, "access_denied", "The account is locked after too many attempts.";
    PasswordExpired = 50055, "access_denied", "The password has expired.";
    UserDisabled = 50057, "access_denied", "The account is disabled.";
    PasswordWrong = 50126, "access_denied", "The user name or password is incorrect.";
    SignInNeeded = 50058, "login_required", "No one is signed in, and the request doesn't allow a sign-in page.";
    ConsentNeeded = 65001, "invalid_grant" / "consent_required", "The user or an administrator has not consented to use the application.";
    ConsentDeclined = 65004, "access_denied", "The user declined to consent to access the app.";
    AdminNeeded = 90094, "access_denied", "An administrator's consent is required.";
    AdminReview = 90095, "access_denied", "An administrator's review of the consent is requested.";
    PermissionUndeclared = 65005, "access_denied", "The application requests a permission that its registration doesn't list.";
    Misconfigured = 650_056, "access_denied", "The application is misconfigured.";
    AccountNotInTenant = 50020, "access_denied", "The account does not exist in this tenant and cannot use the application there.";
    NotAssigned = 50105, "access_denied", "The user isn't assigned to a role for the application.";
    DevicePending = 70016, "authorization_pending", "The device authorization is pending. Continue polling.";
    DeviceDeclined = 65004, "authorization_declined", "The user declined to sign in on the device.";
    DeviceCodeUnknown = 70018, "bad_verification_code", "The device code is unknown.";
    DeviceCodeExpired = 70019, "expired_token", "The device code has expired. Start again with a new one.";
    GrantInvalid = 70000, "invalid_grant", "The authorization code or refresh token is invalid or malformed.";
    GrantExpired = 70008, "invalid_grant", "The authorization code or refresh token has expired.";
    GrantRevoked = 50173, "invalid_grant" / "bad_token", "The grant was revoked; a new sign-in is needed.";
    FlowTokenExpired = 50089, "invalid_grant", "The flow token has expired; a new sign-in is needed.";
    SessionOver = 70043, "invalid_grant" / "token_expired", "The refresh token is past the sign-in frequency that a policy sets.";
    RefreshInactive = 700_082, "invalid_grant" / "bad_token", "The refresh token was not used for 90 days.";
    SinglePageRefreshOver = 700_084, "invalid_grant" / "bad_token", "The refresh token of a single-page application is more than 24 hours old.";
    CodeRedeemed = 54005, "invalid_grant", "The authorization code was already redeemed.";
    CodeForOtherTenant = 700_005, "invalid_grant", "The authorization code or refresh token is meant for another tenant.";
    MfaNeeded = 50076, "invalid_grant" / "basic_action", "Multi-factor authentication is required.";
    MfaEnrolmentNeeded = 50072, "invalid_grant" / "basic_action", "The user must enroll in multi-factor authentication.";
    MfaNeededAgain = 50074, "invalid_grant" / "basic_action", "Strong authentication is required, and the user didn't pass it.";
    MfaEnrolmentByPolicy = 50079, "invalid_grant" / "basic_action", "A policy requires the user to enroll in multi-factor authentication.";
    DeviceNotCompliant = 53000, "invalid_grant" / "additional_action", "A Conditional Access policy requires a compliant device.";
    DeviceNotJoined = 53001, "invalid_grant" / "message_only", "A Conditional Access policy requires a domain-joined device.";
    AppNotApproved = 53002, "invalid_grant" / "additional_action", "A Conditional Access policy requires an approved application.";
    BlockedByDefaults = 530_035, "invalid_grant", "Security defaults block access.";
    BlockedByPolicy = 53003, "invalid_grant" / "message_only", "A Conditional Access policy blocks access.";
    LoopDetected = 50196, "invalid_grant", "The client made the same request too many times.";
    GrantTypeNeedsTenant = 9_001_023, "invalid_request", "The grant type is not supported at the endpoints 'common' and 'consumers'.";
    GrantTypeUnknown = 70003, "unsupported_grant_type", "The grant type is not supported.";
    SecretWrong = 7_000_215, "invalid_client", "The client secret is wrong. Send its value, not its id.";
    SecretExpired = 7_000_222, "invalid_client", "The client secret has expired.";
    SecretMissing = 7_000_218, "invalid_client", "The request must contain client_assertion or client_secret.";
    CredentialMissing = 7_000_216, "invalid_client", "'client_assertion', 'client_secret' or 'request' is required for the grant type 'client_credentials'.";
    AssertionMalformed = 50027, "invalid_request", "The client assertion is invalid or malformed.";
    AssertionInvalid = 700_027, "invalid_client", "The client assertion isn't signed with the key of a registered certificate.";
    CertificateNotValid = 1_000_502, "invalid_client", "The certificate of the client assertion isn't within its validity period.";
    AssertionAudience = 700_023, "invalid_client", "The audience of the client assertion isn't the token endpoint.";
    AssertionOfOtherClient = 700_021, "invalid_client", "The issuer and subject of the client assertion don't match the client_id.";
    AssertionTime = 700_024, "invalid_client", "The client assertion isn't within its valid time range.";
    FederatedIssuer = 700_211, "invalid_client", "No federated credential of the application has the issuer of the assertion.";
    FederatedAudience = 700_212, "invalid_client", "No federated credential of the application has the audience of the assertion.";
    FederatedSubject = 700_213, "invalid_client", "No federated credential of the application has the subject of the assertion.";
    FederatedSubjectCase = 7_002_138, "invalid_client", "The subject of the assertion differs from the federated credential's in letter case.";
    SecretOfPublicClient = 700_025, "invalid_client", "The client is public, so neither client_assertion nor client_secret may be sent.";
    OriginMissing = 9_002_327, "invalid_request", "Tokens issued for a single-page application can be redeemed across origins only.";
    ChallengeNeeded = 9_002_325, "invalid_request", "Proof Key for Code Exchange is required to redeem a code across origins.";
    CrossOrigin = 9_002_326, "invalid_request", "Only single-page applications may redeem tokens across origins.";
    Throttled = 90055, "temporarily_unavailable", "Too many requests.";
    Transient = 90033, "temporarily_unavailable", "The service is temporarily unavailable.";
    Failed = 90000, "server_error", "The sandbox failed.";
}

impl Aadsts {
    /// The first code with this number, if the table has it.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// Whether the person reads it on a page of Microsoft's, and the application never hears of it.
    pub fn stays_on_page(self) -> bool {
        matches!(
            self,
            Self::TenantMalformed
                | Self::TenantNotFound
                | Self::ClientNotFound
                | Self::ClientDisabled
                | Self::SingleTenant
                | Self::NotForConsumers
                | Self::OnlyForConsumers
                | Self::RedirectMismatch
                | Self::RedirectNotRegistered
                | Self::NoServicePrincipal
                | Self::ResponseModeUnknown
                | Self::QueryTooLong
                | Self::UserUnknown
                | Self::UserLocked
                | Self::PasswordExpired
                | Self::UserDisabled
                | Self::PasswordWrong
                | Self::AccountNotInTenant
                | Self::NotAssigned
                | Self::PermissionUndeclared
                | Self::Misconfigured
                | Self::DeviceNotCompliant
                | Self::DeviceNotJoined
                | Self::AppNotApproved
                | Self::BlockedByDefaults
                | Self::BlockedByPolicy
                | Self::LoopDetected
        )
    }

    /// The HTTP status at the token endpoint.
    pub fn status(self) -> StatusCode {
        match self {
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::Transient => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            _ if self.error() == "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// A refusal, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("AADSTS{}: {} {detail}", .code.number(), .code.text())]
pub struct Refusal {
    /// Its row in the table.
    pub code: Aadsts,
    /// The claims that a token needs, as the client has to ask for them.
    pub claims: Option<String>,
    detail: String,
}

impl Refusal {
    /// A refusal that quotes what was wrong.
    pub fn about(code: Aadsts, detail: impl Into<String>) -> Self {
        Self { code, claims: None, detail: detail.into() }
    }

    /// The same, with the claims that would help.
    pub fn with_claims(mut self, claims: String) -> Self {
        self.claims = Some(claims);
        self
    }

    /// A parameter is absent or empty.
    pub fn missing(parameter: &str) -> Self {
        Self::about(Aadsts::ParameterMissing, format!("'{parameter}'."))
    }
}

impl From<Aadsts> for Refusal {
    fn from(code: Aadsts) -> Self {
        Self::about(code, "")
    }
}

/// As the authorize endpoint says it, where a request may span several resources.
impl From<ScopeError> for Refusal {
    fn from(error: ScopeError) -> Self {
        let code = match error {
            ScopeError::Empty => return Self::missing("scope"),
            ScopeError::Unknown(_) | ScopeError::DefaultAndNamed => Aadsts::ScopeInvalid,
            ScopeError::OtherResource { .. } => Aadsts::ResourceNotFound,
        };
        Self::about(code, error.to_string())
    }
}
