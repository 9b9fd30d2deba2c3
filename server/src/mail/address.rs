//! Recipients as people type them: several addresses with comma, semicolon or newline between,
//! each alone or as `Name <address>`.

use std::collections::HashSet;

use email_address::Options;

/// An address that mail can be sent to (RFC 5321, section 4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Why recipients cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// Nobody is named.
    Nobody,
    /// This is no address.
    NotAnAddress(String),
    /// There are more than a message may have.
    TooMany,
}

impl EmailAddress {
    /// Takes `text` if it is an address with a domain that has a dot. Angle brackets in a quoted local
    /// part and control characters beyond ASCII are allowed by the letter, but nobody has such an
    /// address, and other readers could take it for two.
    fn parse(text: &str) -> Option<Self> {
        if text.contains(|it: char| matches!(it, '<' | '>') || it.is_control()) {
            return None;
        }
        let options =
            Options::default().without_display_text().without_domain_literal().with_required_tld();
        email_address::EmailAddress::parse_with_options(text, options).ok()?;
        Some(Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the field "To", with `most` recipients at most.
///
/// # Errors
/// [`AddressError`], with the first text that is no address.
pub fn parse_recipients(text: &str, most: usize) -> Result<Vec<EmailAddress>, AddressError> {
    let mut recipients = Vec::new();
    // One copy for each, also for somebody who is named twice.
    let mut known = HashSet::new();
    for item in text.split([',', ';', '\n']).map(str::trim).filter(|it| !it.is_empty()) {
        let address = match item.rsplit_once('<') {
            Some((_, rest)) => rest.strip_suffix('>').unwrap_or(item),
            None => item,
        };
        let address = EmailAddress::parse(address.trim())
            .ok_or_else(|| AddressError::NotAnAddress(item.to_owned()))?;
        if known.insert(address.0.to_ascii_lowercase()) {
            recipients.push(address);
        }
        if recipients.len() > most {
            return Err(AddressError::TooMany);
        }
    }
    if recipients.is_empty() { Err(AddressError::Nobody) } else { Ok(recipients) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AddressError, EmailAddress, parse_recipients};

    #[test]
    fn addresses_are_read_the_way_people_type_them() {
        for (text, expected) in [
            ("a@b.example", vec!["a@b.example"]),
            (
                " a@b.example ,c@d.example;\r\ne@f.example\n",
                vec!["a@b.example", "c@d.example", "e@f.example"],
            ),
            ("Ann Example <a@b.example>; \"Bo\" <c@d.example>", vec!["a@b.example", "c@d.example"]),
            ("a@b.example, A@B.example", vec!["a@b.example"]),
            ("jürgen@müller.example", vec!["jürgen@müller.example"]),
            ("o'hara+tag@b.example", vec!["o'hara+tag@b.example"]),
        ] {
            let read = parse_recipients(text, 500).expect(text);
            assert_eq!(
                read.iter().map(EmailAddress::as_str).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn what_is_taken_is_one_address_each_and_no_more_than_allowed(
            text in r#"([a-z"'<>@.,; \n\t-]|\PC){0,40}|([a-z]{1,3}@[a-z]{1,3}\.[a-z]{2}[,;\n<> ]){0,6}"#,
            most in 1_usize..4,
        ) {
            if let Ok(recipients) = parse_recipients(&text, most) {
                prop_assert!((1..=most).contains(&recipients.len()));
                for address in recipients.iter().map(EmailAddress::as_str) {
                    prop_assert!(text.contains(address));
                    let (local, domain) = address.rsplit_once('@').unwrap();
                    prop_assert!(!local.is_empty() && domain.contains('.'), "{address:?}");
                    prop_assert!(!address.chars().any(char::is_control), "{address:?}");
                    prop_assert!(!address.contains([',', ';', '\n', '<', '>']), "{address:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        assert_eq!(parse_recipients(" ,; \n", 500), Err(AddressError::Nobody));
        for text in [
            "ann",
            "a@b",
            "a b@c.example",
            "a@b.example>",
            "@b.example",
            "a@@b.example",
            "a@[127.0.0.1]",
            "\"a <b\"@c.example",
            "\"a> b\"@c.example",
            "a\u{86}@b.example",
        ] {
            let all = format!("ok@b.example, {text}");
            assert_eq!(
                parse_recipients(&all, 500),
                Err(AddressError::NotAnAddress(text.to_owned()))
            );
        }
    }
}
