//! Where a person goes after signing in: a path on this site, and nothing else.

/// A path with an optional query, on this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Takes `text` if it is a path on this site that doesn't begin a sign-in, as `login_path` does.
    /// Anything else is `/`: a scheme, a host (`//`), a backslash (which browsers read as a slash), a
    /// control character, or any of them percent-encoded.
    #[must_use]
    pub(crate) fn parse(text: &str, login_path: &str) -> Self {
        let mut decoded = text.to_owned();
        // Nobody needs a path that is encoded more than once.
        for _ in 0..2 {
            if !is_local(&decoded) {
                return Self("/".to_owned());
            }
            decoded =
                percent_encoding::percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        }
        let leads_on = is_local(&decoded) && !begins_sign_in(&decoded, login_path);
        if leads_on { Self(text.to_owned()) } else { Self("/".to_owned()) }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path is `login_path` or below it, in any spelling that leads there.
fn begins_sign_in(path: &str, login_path: &str) -> bool {
    let segments = |path: &str| {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let segments = path.split('/').filter(|it| !matches!(*it, "" | "."));
        segments.map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    segments(path).starts_with(&segments(login_path))
}

fn is_local(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && !text.split(['/', '?', '#']).any(|it| it == "..")
        && !text.contains(['\\', '\u{fffd}'])
        && !text.chars().any(char::is_control)
        && !text.chars().any(char::is_whitespace)
        && text.len() <= 512
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::ReturnTo;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn whatever_is_asked_for_leads_to_a_path_of_this_site(
            text in r"[/\\.@:%?#&a-z0-9 ]{0,24}|\PC{0,24}|/(%[0-9a-fA-F]{2}|[/\\.a-z]){0,12}",
        ) {
            let site = Url::parse("https://mail.example.com").unwrap();
            let path = ReturnTo::parse(&text, "/login");
            // As a browser reads it.
            let target = site.join(path.as_str()).unwrap();
            prop_assert_eq!(target.origin(), site.origin());
            let decoded = percent_encoding::percent_decode_str(path.as_str()).decode_utf8_lossy();
            prop_assert_eq!(site.join(&decoded).unwrap().origin(), site.origin());
            prop_assert!(!decoded.chars().any(char::is_control));
        }
    }

    #[test]
    fn only_a_path_on_this_site_is_taken() {
        for path in ["/", "/send", "/send?draft=1", "/a/b-c_d.e", "/logins"] {
            assert_eq!(ReturnTo::parse(path, "/login").as_str(), path);
        }
        for other in [
            "",
            "send",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/%2F/evil.example",
            "/%5Cevil.example",
            "%2F%2Fevil.example",
            "/%255Cevil.example",
            "/send\r\nSet-Cookie: a=b",
            "/send%0d%0aSet-Cookie:a=b",
            "/\t/evil.example",
            "/ /evil.example",
            "/\u{0}",
            "/%00",
            "/x/..//evil.example",
            "/%ff",
            "/login",
            "/login?prompt=select_account",
            "/login/authorized?code=1",
            "/./login",
            "/Login",
            "/%6cogin",
            "/send/../login",
        ] {
            assert_eq!(ReturnTo::parse(other, "/login").as_str(), "/", "{other:?}");
        }
    }
}
