//! Owns who agreed to what: people for themselves, an administrator for every work account. Lasts until
//! `/sandbox/reset`. There is one application, so nothing says for which.

use std::collections::{BTreeSet, HashMap};

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::scope::{Permission, Scope};

/// Granted scopes.
#[derive(Debug, Default)]
pub struct Consents {
    people: HashMap<&'static str, BTreeSet<Scope>>,
    work_tenant: BTreeSet<Scope>,
}

/// What stands between a sign-in and its scopes.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    Nothing,
    /// The person may say yes.
    Consent,
    /// Only an administrator may.
    Administrator,
}

impl Consents {
    /// Whether all of these scopes are granted, and else who can.
    pub fn missing(&self, account: &Account, scopes: &BTreeSet<Scope>) -> Missing {
        let mut missing = scopes.iter().filter(|scope| !self.granted(account, **scope)).peekable();
        if missing.peek().is_none() {
            Missing::Nothing
        } else if missing.all(|scope| may_consent(account, *scope)) {
            Missing::Consent
        } else {
            Missing::Administrator
        }
    }

    /// Somebody says yes for themselves. False if it was not theirs to say.
    #[must_use]
    pub fn accept(&mut self, account: &'static Account, scopes: &BTreeSet<Scope>) -> bool {
        let allowed = self.missing(account, scopes) != Missing::Administrator;
        if allowed {
            self.people.entry(account.object_id).or_default().extend(scopes);
        }
        allowed
    }

    /// An administrator said yes for everyone.
    pub fn grant_for_work_tenant(&mut self, scopes: &BTreeSet<Scope>) {
        self.work_tenant.extend(scopes);
    }

    fn granted(&self, account: &Account, scope: Scope) -> bool {
        let own = self.people.get(account.object_id);
        own.is_some_and(|scopes| scopes.contains(&scope))
            || (account.kind == Kind::Work && self.work_tenant.contains(&scope))
    }
}

fn may_consent(account: &Account, scope: Scope) -> bool {
    match account.policy {
        ConsentPolicy::Everything => true,
        ConsentPolicy::Nobody => false,
        ConsentPolicy::Managed => match scope {
            Scope::Graph(permission) => permission.people_can_consent(),
            _ => true,
        },
    }
}

/// What an administrator grants: the scopes of the request and the ones every sign-in needs.
pub fn with_sign_in(permissions: BTreeSet<Permission>) -> BTreeSet<Scope> {
    let mut scopes: BTreeSet<Scope> = permissions.into_iter().map(Scope::Graph).collect();
    scopes.extend([Scope::OpenId, Scope::Profile, Scope::Email, Scope::OfflineAccess]);
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_consent_to_sending_but_not_to_reading_mail() {
        let consents = Consents::default();
        let work = Account::by_address("work@sandbox.example").unwrap();
        let personal = Account::by_address("personal@sandbox.example").unwrap();
        let needs_admin = Account::by_address("needsadmin@sandbox.example").unwrap();
        let send = BTreeSet::from([Scope::OpenId, Scope::Graph(Permission::MailSend)]);
        let read = BTreeSet::from([Scope::Graph(Permission::MailReadWrite)]);
        assert_eq!(consents.missing(work, &send), Missing::Consent);
        assert_eq!(consents.missing(work, &read), Missing::Administrator);
        assert_eq!(consents.missing(personal, &read), Missing::Consent);
        assert_eq!(consents.missing(needs_admin, &send), Missing::Administrator);
    }

    #[test]
    fn an_administrator_consents_for_every_work_account_and_no_personal_one() {
        let mut consents = Consents::default();
        let send = BTreeSet::from([Scope::Graph(Permission::MailSend)]);
        consents.grant_for_work_tenant(&with_sign_in(BTreeSet::from([Permission::MailSend])));
        for (address, missing) in [
            ("needsadmin@sandbox.example", Missing::Nothing),
            ("work@sandbox.example", Missing::Nothing),
            ("personal@sandbox.example", Missing::Consent),
        ] {
            let account = Account::by_address(address).unwrap();
            assert_eq!(consents.missing(account, &send), missing, "{address}");
        }
    }
}
