use crate::pages::AdminRequest;

/// Why something other than sending didn't work.
#[derive(Clone, Copy, Debug)]
pub struct FailureWords {
    /// The link that starts another sign-in.
    pub sign_in_again: &'static str,
    /// The link to `/`.
    pub start_page: &'static str,
    /// Whom to turn to when trying again doesn't help.
    pub contact: &'static str,
    /// The person went back instead of signing in.
    pub cancelled: Explanation,
    /// The person didn't consent.
    pub declined: Explanation,
    /// Only an administrator can consent.
    pub needs_administrator: Explanation,
    /// Label of the message to send on.
    pub admin_message_label: &'static str,
    /// The message to send on.
    pub admin_message: fn(&AdminRequest) -> String,
    /// Asks whether the reader is the administrator.
    pub admin_question: &'static str,
    /// The link that such a reader follows.
    pub admin_link: &'static str,
    /// The administrator consented.
    pub admin_consented: Explanation,
    /// The administrator didn't.
    pub admin_declined: Explanation,
    /// The attempt to sign in is unknown, spent or expired.
    pub attempt_gone: Explanation,
    /// The answer belongs to another attempt.
    pub state_mismatch: Explanation,
    /// The identity platform refused this app's own credentials or registration.
    pub setup: Explanation,
    /// The identity platform refused for another reason; takes its own words, which may be empty.
    pub refused: Explanation<fn(&str) -> String>,
    /// It refused for a reason that the person or their administrator can do something about.
    pub refused_known: Explanation,
    /// What known error numbers mean.
    pub known: KnownErrorWords,
    /// The identity platform failed.
    pub identity: UpstreamWords,
    /// Graph failed.
    pub graph: UpstreamWords,
    /// Graph refused the profile; takes its own words, which may be empty.
    pub graph_refused: Explanation<fn(&str) -> String>,
    /// The id_token doesn't prove who signed in.
    pub unproven: Explanation,
    /// The session doesn't fit the cookies.
    pub session_too_large: Explanation,
    /// No such page.
    pub not_found: Explanation,
    /// The page exists, but not for this method.
    pub method_not_allowed: Explanation,
    /// A form that another site sent.
    pub cross_origin: Explanation,
    /// A form that can't be read.
    pub unreadable: Explanation,
    /// A request body that is too large; takes the limit in bytes.
    pub too_large: Explanation<fn(usize) -> String>,
    /// Request headers that are too large.
    pub header_too_large: Explanation,
    /// A request that didn't arrive in time; takes the limit in seconds.
    pub slow_request: Explanation<fn(u64) -> String>,
    /// Too many sign-ins in a minute; takes the seconds to wait.
    pub too_often: Explanation<&'static str, fn(u64) -> String>,
    /// Something unexpected.
    pub internal: Explanation,
}

/// What a failure page says.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<What = &'static str, Next = &'static str> {
    /// The name of the page.
    pub title: &'static str,
    /// What happened, in short.
    pub heading: &'static str,
    /// Why, and whether anything was shared or sent.
    pub what: What,
    /// What to do next; empty where the buttons say it.
    pub next: Next,
}

/// How a service that Microsoft runs failed.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamWords {
    /// No connection, or an answer of 5xx.
    pub down: Explanation,
    /// No answer in time.
    pub slow: Explanation,
    /// An answer that can't be read.
    pub unreadable: Explanation,
    /// Too many requests; takes the seconds to wait, where the service said so.
    pub busy: Explanation<&'static str, fn(Option<u64>) -> String>,
}

/// What known error numbers mean: see [`KnownError`](crate::pages::KnownError).
#[derive(Clone, Copy, Debug)]
pub struct KnownErrorWords {
    /// Wrong client secret.
    pub wrong_secret: &'static str,
    /// Expired client secret.
    pub expired_secret: &'static str,
    /// No client secret.
    pub missing_secret: &'static str,
    /// Unknown client ID.
    pub unknown_client: &'static str,
    /// Unknown tenant.
    pub unknown_tenant: &'static str,
    /// A single-tenant registration, configured for all tenants.
    pub single_tenant: &'static str,
    /// The person isn't assigned to the app.
    pub not_assigned: &'static str,
    /// The account belongs to another organization.
    pub other_organization: &'static str,
    /// Conditional Access blocks the sign-in.
    pub blocked_by_policy: &'static str,
}
