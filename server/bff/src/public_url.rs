//! Where browsers find this server.

use std::sync::Arc;

use url::{Host, Url};

/// `https://host[:port]` or `http://localhost[:port]`, without a path. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Arc<Url>);

/// Why a text is no [`PublicUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// It's no URL.
    #[error("{0}")]
    NotAUrl(#[from] url::ParseError),
    /// It has a path, a query, a fragment, a user name or a password.
    #[error("it has more than a scheme, a host and a port")]
    MoreThanAnOrigin,
    /// Cookies without `Secure` would travel unencrypted.
    #[error("http only works for http://localhost")]
    Unencrypted,
    /// Another scheme.
    #[error("it isn't an https address")]
    NotHttps,
}

/// `url` has nothing but a scheme, a host and a port.
#[must_use]
pub fn is_origin(url: &Url) -> bool {
    url.as_str() == format!("{}/", url.origin().ascii_serialization())
}

impl PublicUrl {
    /// Reads `https://host[:port]` or `http://localhost[:port]`.
    ///
    /// # Errors
    /// [`PublicUrlError`].
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let url = Url::parse(text)?;
        if !is_origin(&url) {
            return Err(PublicUrlError::MoreThanAnOrigin);
        }
        match (url.scheme(), url.host()) {
            ("https", Some(_)) | ("http", Some(Host::Domain("localhost"))) => Ok(Self(url.into())),
            ("http", _) => Err(PublicUrlError::Unencrypted),
            _ => Err(PublicUrlError::NotHttps),
        }
    }

    /// Cookies can and must be `Secure`. Otherwise this is the person's own computer.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The origin as browsers send it in `Origin`: no slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The absolute URL of `path`, which begins with a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// `url` is a page of this site.
    #[must_use]
    pub fn is_origin_of(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|it| it.origin() == self.0.origin())
    }
}
