//! Owns the one application that is registered here, and the rules for its redirect URI. Fixed: the
//! app, its tests and its documentation rely on these values.
//!
//! Source of the rules: <https://learn.microsoft.com/entra/identity-platform/reply-url>.

use url::Url;

/// The application (client) id.
pub const CLIENT_ID: &str = "11111111-1111-4111-8111-111111111111";
/// The client secret's value.
pub const CLIENT_SECRET: &str = "sandbox-secret";
/// The registered redirect URI.
pub const REDIRECT_URI: &str = "http://localhost:5000/login/authorized";
/// What the consent page calls the application.
pub const APP_NAME: &str = "Graph Connect";

/// A redirect URI that the registration allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    /// As the client wrote it: the token request has to repeat it letter by letter.
    text: String,
    url: Url,
}

impl RedirectUri {
    /// Compares with the registered one: exactly, but the port of localhost does not count.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        (without_port(text)? == without_port(REDIRECT_URI)?)
            .then(|| Self { text: text.to_owned(), url })
    }

    /// As the client wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Parsed, to add an answer to it.
    pub fn to_url(&self) -> Url {
        self.url.clone()
    }
}

/// The text of a URI of localhost without its port. Works on the text and not on the parsed URL,
/// since parsing repairs what must not match: letter case, dots, encodings.
fn without_port(uri: &str) -> Option<&str> {
    const LOCALHOST: &str = "http://localhost";
    let rest = uri.strip_prefix(LOCALHOST)?;
    match rest.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            (digits > 0).then(|| &port[digits..])
        }
        None => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_localhost_may_differ() {
        for allowed in [
            "http://localhost:5000/login/authorized",
            "http://localhost:49152/login/authorized",
            "http://localhost/login/authorized",
        ] {
            assert!(RedirectUri::parse(allowed).is_some(), "{allowed}");
        }
        for refused in [
            "http://localhost:5000/login/authorized/",
            "http://localhost:5000/Login/authorized",
            "http://localhost:5000/login/../login/authorized",
            "http://localhost:5000/login/authorized?next=1",
            "http://localhost:5000/login/authorized#x",
            "https://localhost:5000/login/authorized",
            "http://127.0.0.1:5000/login/authorized",
            "http://localhost.evil.example/login/authorized",
            "http://localhost:/login/authorized",
            "http://localhost:99999/login/authorized",
            "HTTP://LOCALHOST:5000/login/authorized",
            "",
        ] {
            assert!(RedirectUri::parse(refused).is_none(), "{refused}");
        }
    }
}
