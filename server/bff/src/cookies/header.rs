//! Reads the `Cookie` header strictly before the cookie jar sees it.
//!
//! The jar decodes percent signs in names and trims all Unicode white space around them. So
//! `%5F_Host-…`, or a name behind U+2000, which a sibling host can set for the whole domain, would
//! arrive under the name of a cookie that only this host can set. Here a name counts byte for byte.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header::COOKIE},
    middleware::Next,
    response::Response,
};

/// What RFC 6265, section 5.2, lets a browser drop around names and values; no other white space.
const SPACES: [char; 2] = [' ', '\t'];

/// Leaves only cookies that this server can have set: a name of token characters (RFC 6265, section
/// 4.1.1), a value of base64url characters and dots, and no other cookie of the same name. Where a
/// name comes twice, nobody can tell which cookie is ours, so both are dropped.
pub(crate) async fn strict_cookies(mut request: Request, next: Next) -> Response {
    let kept = HeaderValue::try_from(kept(request.headers())).ok();
    match kept.filter(|it| !it.is_empty()) {
        Some(value) => request.headers_mut().insert(COOKIE, value),
        None => request.headers_mut().remove(COOKIE),
    };
    next.run(request).await
}

fn kept(headers: &HeaderMap) -> String {
    let lines = headers.get_all(COOKIE).iter();
    // Bytes that aren't UTF-8 become a character that no name or value of ours has.
    let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    let pairs = lines.iter().flat_map(|line| line.split(';')).filter_map(|it| it.split_once('='));
    let pairs: Vec<(&str, &str)> = pairs
        .map(|(name, value)| (name.trim_matches(SPACES), value.trim_matches(SPACES)))
        .collect();
    let once = |name: &str| pairs.iter().filter(|(other, _)| *other == name).count() == 1;
    let ours = pairs.iter().filter(|(name, value)| {
        !name.is_empty() && name.bytes().all(is_token) && value.bytes().all(is_sealed) && once(name)
    });
    ours.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// A character of a cookie name that needs no decoding.
const fn is_token(it: u8) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_')
}

/// A character that a sealed value, or the mark in front of one, is written with.
const fn is_sealed(it: u8) -> bool {
    is_token(it) || it == b'.'
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
    use proptest::prelude::*;

    use super::kept;

    fn from(lines: &[&[u8]]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        kept(&headers)
    }

    #[test]
    fn names_count_byte_for_byte_and_only_once() {
        let cases: [(&[&[u8]], &str); 10] = [
            (&[b"__Host-a=1; b=2"], "__Host-a=1; b=2"),
            (&[b"a=1", b"b=2"], "a=1; b=2"),
            (&[b"%5F_Host-a=1; b=2"], "b=2"),
            ("\u{2000}a=1; b=2".as_bytes().chunks(99).collect::<Vec<_>>().leak(), "b=2"),
            (&[b"\xc2\x85a=1;b=2"], "b=2"),
            (&[b"\xc2\xa0a=1;b=2"], "b=2"),
            (&[b"a=1; b=2; a=3"], "b=2"),
            (&[b"a=1", b"a=1; b=2"], "b=2"),
            (&[b"a=%31; b=2"], "b=2"),
            (&[b" \ta = 1 ; novalue; =nameless"], "a=1"),
        ];
        for (lines, expected) in cases {
            assert_eq!(from(lines), expected, "{lines:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn whatever_is_kept_stands_in_the_header_under_that_very_name(
            line in "([ab_%=; \t-]|\\PC){0,40}",
        ) {
            let kept = from(&[line.as_bytes()]);
            for pair in kept.split("; ").filter(|it| !it.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap();
                let found = line.split(';').filter(|it| {
                    it.split_once('=').is_some_and(|(own, held)| {
                        own.trim_matches([' ', '\t']) == name && held.trim_matches([' ', '\t']) == value
                    })
                });
                prop_assert_eq!(found.count(), 1, "{} in {:?}", pair, line);
            }
        }
    }
}
