#![no_main]

use fuzz::address::{EmailAddress, parse_recipients};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for most in [1, 500] {
        let Ok(recipients) = parse_recipients(text, most) else { continue };
        assert!((1..=most).contains(&recipients.len()));
        for address in recipients.iter().map(EmailAddress::as_str) {
            assert!(text.contains(address));
            let (local, domain) = address.rsplit_once('@').expect("an address");
            assert!(!local.is_empty() && domain.contains('.'), "{address:?}");
            assert!(!address.chars().any(char::is_control), "{address:?}");
            assert!(!address.contains([',', ';', '\n', '<', '>']), "{address:?}");
        }
    }
});
