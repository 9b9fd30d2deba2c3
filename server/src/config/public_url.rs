//! Where browsers find this server. Decides what that means for cookies; sets none.

use url::{Host, Url};

/// `https://host[:port]` or `http://localhost[:port]`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// `url` has nothing but a scheme, a host and a port.
pub(super) fn is_origin(url: &Url) -> bool {
    url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

impl PublicUrl {
    /// Reads the value of `PUBLIC_URL`.
    ///
    /// # Errors
    /// Where it is no such URL. Any other http URL is refused: cookies without `Secure` would
    /// travel in the clear.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !is_origin(&url) {
            return Err("it has more than a scheme, a host and a port".to_owned());
        }
        match (url.scheme(), url.host()) {
            ("https", Some(_)) | ("http", Some(Host::Domain("localhost"))) => Ok(Self(url)),
            ("http", _) => Err("http is for http://localhost only".to_owned()),
            _ => Err("it is not an https address".to_owned()),
        }
    }

    /// Cookies can and must be `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// A computer of one's own, where the sandbox may run.
    #[must_use]
    pub fn is_localhost(&self) -> bool {
        !self.is_https()
    }

    /// The origin, as browsers send it in `Origin`: no slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The absolute URL of `path`, which begins with a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}
