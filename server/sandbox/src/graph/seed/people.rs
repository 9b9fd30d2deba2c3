//! Two hundred people of an organization: names from many places, each once.

use sha2::{Digest, Sha256};

const GIVEN: [&str; 20] = [
    "Ann",
    "Anna",
    "Björn",
    "Chloé",
    "Diego",
    "Émile",
    "Fatima",
    "Grace",
    "Hiro",
    "Irene",
    "Jürgen",
    "Katarzyna",
    "Liam",
    "Mary Jo",
    "Ngọc",
    "Olga",
    "Pradeep",
    "Seán",
    "Wei",
    "Zoë",
];
const SURNAMES: [&str; 10] = [
    "Adams",
    "Berg",
    "Castillo",
    "Dubois",
    "Kowalska",
    "McGowan",
    "Nakamura",
    "O'Neill",
    "Smith-Jones",
    "Øvergård",
];
const TITLES: [&str; 5] = ["Auditor", "Designer", "Engineer", "Sales Manager", "Paralegal"];

/// How many there are.
pub const COUNT: usize = GIVEN.len() * SURNAMES.len();

/// One of them.
#[derive(Debug, Clone)]
pub struct Person {
    /// A GUID, the same after each start.
    pub id: String,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub surname: &'static str,
    /// Both.
    pub display_name: String,
    /// The user principal name, and the address of the mailbox if there is one.
    pub address: String,
    /// Whether there is a mailbox: every twentieth has none, and then no `mail`.
    pub has_mail: bool,
    /// What they do.
    pub job_title: &'static str,
}

/// The person with a number below [`COUNT`], in the organization with this domain.
pub fn person(number: usize, domain: &str) -> Person {
    let given_name = GIVEN[number % GIVEN.len()];
    let surname = SURNAMES[(number / GIVEN.len()) % SURNAMES.len()];
    let address = format!("{}.{}@{domain}", plain(given_name), plain(surname));
    let digest = Sha256::digest(address.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Person {
        id: uuid::Builder::from_random_bytes(bytes).into_uuid().to_string(),
        given_name,
        surname,
        display_name: format!("{given_name} {surname}"),
        address,
        has_mail: number % 20 != 19,
        job_title: TITLES[number % TITLES.len()],
    }
}

/// All of them.
pub fn all(domain: &str) -> impl Iterator<Item = Person> + use<'_> {
    (0..COUNT).map(move |number| person(number, domain))
}

/// Whether somebody has this address.
pub fn has(domain: &str, address: &str) -> bool {
    all(domain).any(|person| person.has_mail && person.address.eq_ignore_ascii_case(address))
}

/// The letters of a name that an address has: `Øvergård` is `overgard`.
fn plain(name: &str) -> String {
    let letter = |letter: char| match letter {
        'é' | 'É' | 'ë' => Some('e'),
        'á' | 'å' => Some('a'),
        'ö' | 'ọ' | 'Ø' => Some('o'),
        'ü' => Some('u'),
        letter if letter.is_ascii_alphabetic() || letter == '-' => {
            Some(letter.to_ascii_lowercase())
        }
        _ => None,
    };
    name.chars().filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_has_the_name_the_address_or_the_id_of_another() {
        let people: Vec<Person> = all("sandbox.example").collect();
        assert_eq!(people.len(), 200);
        for keys in [
            people.iter().map(|it| &it.display_name).collect::<BTreeSet<_>>(),
            people.iter().map(|it| &it.address).collect(),
            people.iter().map(|it| &it.id).collect(),
        ] {
            assert_eq!(keys.len(), 200);
        }
    }

    #[test]
    fn an_address_has_plain_letters() {
        assert_eq!(person(183, "x.example").display_name, "Chloé Øvergård");
        assert_eq!(person(183, "x.example").address, "chloe.overgard@x.example");
        assert_eq!(plain("Ngọc O'Neill"), "ngoconeill");
    }
}
