//! The paths that more than one part of the server knows.

/// The link that begins a sign-in.
pub const LOGIN: &str = "/login";

/// The registered redirect URI.
pub const REDIRECT: &str = "/login/authorized";

/// The mail page, where signing in leads when nothing else was asked for.
pub const MAIL: &str = "/send";

/// What machines ask to know how this process is: answered by any name and address, without a line
/// in the log. `/healthz` is the old name of `/livez`.
pub const PROBES: [&str; 3] = ["/livez", "/readyz", "/healthz"];
