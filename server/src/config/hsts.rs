//! What browsers are told to reach by https only (RFC 6797).

use axum::http::HeaderValue;

/// The reach of `Strict-Transport-Security`, which is sent where `PUBLIC_URL` is https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hsts {
    /// Not sent: something in front of this server does it.
    Off,
    /// This host, for a year.
    Host,
    /// This host and every name below it, for a year.
    Subdomains,
}

impl Hsts {
    /// Reads the value of `HSTS`.
    ///
    /// # Errors
    /// Where it is none of the three.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "off" => Ok(Self::Off),
            "host" => Ok(Self::Host),
            "subdomains" => Ok(Self::Subdomains),
            _ => Err("there is no such reach"),
        }
    }

    /// The header's value.
    #[must_use]
    pub const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Off => None,
            Self::Host => Some(HeaderValue::from_static("max-age=31536000")),
            Self::Subdomains => {
                Some(HeaderValue::from_static("max-age=31536000; includeSubDomains"))
            }
        }
    }
}
