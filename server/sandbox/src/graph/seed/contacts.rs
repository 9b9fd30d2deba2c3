//! The address book of every mailbox: forty people of other organizations.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest, Sha384};

use crate::accounts::Account;

const GIVEN: [&str; 10] =
    ["Ana", "Bea", "Carlos", "Dörte", "Elena", "François", "Gita", "Hans", "Ines", "太郎"];
const SURNAMES: [&str; 4] = ["Alves", "Lindqvist", "O'Brien", "山田"];
const DOMAINS: [&str; 3] = ["contoso.example", "fabrikam.example", "tailspin.example"];

/// Somebody in an address book.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Its id in the mailbox, the same after each start.
    pub id: String,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub surname: &'static str,
    /// Both.
    pub display_name: String,
    /// Every tenth has two addresses, and every eighth none.
    pub addresses: Vec<String>,
}

/// The contacts of an account, in no particular order.
pub fn of(account: &Account) -> Vec<Contact> {
    let people =
        SURNAMES.iter().flat_map(|surname| GIVEN.iter().map(move |given| (*given, *surname)));
    people
        .zip(0..)
        .map(|((given, surname), number)| contact(account, given, surname, number))
        .collect()
}

fn contact(
    account: &Account,
    given_name: &'static str,
    surname: &'static str,
    number: usize,
) -> Contact {
    let domain = DOMAINS[number % DOMAINS.len()];
    let addresses = match number {
        _ if number % 8 == 7 => Vec::new(),
        _ if number.is_multiple_of(10) => {
            vec![format!("contact{number}@{domain}"), format!("home{number}@home.example")]
        }
        _ => vec![format!("contact{number}@{domain}")],
    };
    let digest = Sha384::digest(format!("{} contact {number}", account.object_id));
    Contact {
        id: format!("AAMkADUw{}", URL_SAFE.encode(digest)),
        given_name,
        surname,
        display_name: format!("{given_name} {surname}"),
        addresses,
    }
}
