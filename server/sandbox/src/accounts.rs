//! Owns the five people of the sandbox. Fixed: tests and documentation name them by address. Must not
//! know what anybody consented to or sent.

/// The tenant of every work account.
pub const WORK_TENANT: &str = "22222222-2222-4222-8222-222222222222";
/// The tenant that holds every personal account, at Microsoft too.
pub const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// The verified domain of the work tenant.
pub const WORK_DOMAIN: &str = "sandbox.example";

/// Which kind of account it is; the two differ in tokens, ids and consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Work or school: Microsoft Entra ID.
    Work,
    /// A personal Microsoft account.
    Personal,
}

/// What an account may consent to without an administrator.
///
/// Source: <https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentPolicy {
    /// Microsoft's managed default for tenants: not to reading mail or people.
    Managed,
    /// The administrator lets nobody consent.
    Nobody,
    /// Personal accounts have no administrator.
    Everything,
}

/// One person.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// The address on the picker's button; also the user principal name.
    pub address: &'static str,
    /// As `/me` and the id_token say it.
    pub display_name: &'static str,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub surname: &'static str,
    /// `mail` of `/me`.
    pub mail: Option<&'static str>,
    /// `oid` of tokens.
    pub object_id: &'static str,
    /// `id` of `/me`: the object id, and its last 16 hexadecimal digits for a personal account.
    pub graph_id: &'static str,
    /// Work or personal.
    pub kind: Kind,
    /// What it may consent to.
    pub policy: ConsentPolicy,
    /// Whether Exchange knows it.
    pub has_mailbox: bool,
    /// Whether there is a photo.
    pub has_photo: bool,
    /// One line for the picker.
    pub about: &'static str,
}

impl Account {
    /// The `tid` of its tokens.
    pub fn tenant(&self) -> &'static str {
        match self.kind {
            Kind::Work => WORK_TENANT,
            Kind::Personal => PERSONAL_TENANT,
        }
    }

    /// What it sends mail as.
    pub fn mailbox(&self) -> &'static str {
        self.mail.unwrap_or(self.address)
    }

    /// The account with this address, whatever the case of its letters.
    pub fn by_address(address: &str) -> Option<&'static Self> {
        ALL.iter().find(|account| account.address.eq_ignore_ascii_case(address))
    }

    /// The account that `/users/{id | userPrincipalName}` means.
    pub fn by_id_or_address(key: &str) -> Option<&'static Self> {
        ALL.iter()
            .find(|account| account.graph_id.eq_ignore_ascii_case(key))
            .or_else(|| Self::by_address(key))
    }
}

/// Everyone, in the order of the picker.
pub static ALL: [Account; 5] = [
    Account {
        address: "work@sandbox.example",
        display_name: "Wanda Work",
        given_name: "Wanda",
        surname: "Work",
        mail: Some("work@sandbox.example"),
        object_id: "33333333-3333-4333-8333-333333333301",
        graph_id: "33333333-3333-4333-8333-333333333301",
        kind: Kind::Work,
        policy: ConsentPolicy::Managed,
        has_mailbox: true,
        has_photo: true,
        about: "Work account",
    },
    Account {
        address: "personal@sandbox.example",
        display_name: "Petra Personal",
        given_name: "Petra",
        surname: "Personal",
        mail: None,
        object_id: "00000000-0000-0000-4444-444444444402",
        graph_id: "4444444444444402",
        kind: Kind::Personal,
        policy: ConsentPolicy::Everything,
        has_mailbox: true,
        has_photo: true,
        about: "Personal account: no mail property, an opaque access token",
    },
    Account {
        address: "nomailbox@sandbox.example",
        display_name: "Noah Nomailbox",
        given_name: "Noah",
        surname: "Nomailbox",
        mail: Some("nomailbox@sandbox.example"),
        object_id: "33333333-3333-4333-8333-333333333303",
        graph_id: "33333333-3333-4333-8333-333333333303",
        kind: Kind::Work,
        policy: ConsentPolicy::Managed,
        has_mailbox: false,
        has_photo: false,
        about: "Work account without an Exchange mailbox",
    },
    Account {
        address: "needsadmin@sandbox.example",
        display_name: "Nadia Needsadmin",
        given_name: "Nadia",
        surname: "Needsadmin",
        mail: Some("needsadmin@sandbox.example"),
        object_id: "33333333-3333-4333-8333-333333333304",
        graph_id: "33333333-3333-4333-8333-333333333304",
        kind: Kind::Work,
        policy: ConsentPolicy::Nobody,
        has_mailbox: true,
        has_photo: false,
        about: "Work account whose administrator lets nobody consent",
    },
    Account {
        address: "markup@sandbox.example",
        display_name: "Zoë “<b>Ünïcödé</b>” & Søn 漢字 🦀 <script>alert('x')</script>",
        given_name: "Zoë “<b>Ünïcödé</b>”",
        surname: "& Søn 漢字 🦀 <script>alert('x')</script>",
        mail: Some("markup@sandbox.example"),
        object_id: "33333333-3333-4333-8333-333333333305",
        graph_id: "33333333-3333-4333-8333-333333333305",
        kind: Kind::Work,
        policy: ConsentPolicy::Managed,
        has_mailbox: true,
        has_photo: false,
        about: "Work account with markup in its name",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_id_is_the_end_of_its_object_id() {
        for account in ALL.iter().filter(|account| account.kind == Kind::Personal) {
            let digits = account.object_id.replace('-', "");
            assert_eq!(&digits[16..], account.graph_id);
            assert!(account.object_id.starts_with("00000000-0000-0000-"));
        }
    }

    #[test]
    fn addresses_are_found_in_any_letter_case() {
        let found = Account::by_address("WORK@Sandbox.Example");
        assert_eq!(found.map(|account| account.address), Some("work@sandbox.example"));
        assert_eq!(Account::by_address("work@sandbox.example.org"), None);
    }
}
