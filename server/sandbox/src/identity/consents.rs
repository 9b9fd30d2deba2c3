//! Consents: each person's own, and an administrator's for every account of a tenant, for one application
//! each. They last until `/sandbox/reset`.

use std::collections::{BTreeSet, HashMap};

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::organization::Organization;
use crate::registration::Registration;
use crate::scope::{Permission, Scope};

/// Granted scopes, by application and by account or tenant.
#[derive(Debug, Default)]
pub struct Consents {
    people: HashMap<(Client, ObjectId), BTreeSet<Scope>>,
    tenants: HashMap<(Client, TenantId), BTreeSet<Scope>>,
}

type Client = &'static str;
type ObjectId = &'static str;
type TenantId = &'static str;

/// What a sign-in still lacks before its scopes are granted.
#[derive(Debug, PartialEq, Eq)]
pub enum Missing {
    /// Everything is granted.
    Nothing,
    /// Consent that the person may give.
    Consent,
    /// Consent that only an administrator may give.
    Administrator,
}

impl Consents {
    /// Whether all of these scopes are granted, and else who can.
    pub fn missing(
        &self,
        client: &'static Registration,
        account: &'static Account,
        scopes: &BTreeSet<Scope>,
    ) -> Missing {
        let granted = |scope: &&Scope| self.granted(client, account, **scope);
        let mut missing = scopes.iter().filter(|scope| !granted(scope)).peekable();
        if missing.peek().is_none() {
            Missing::Nothing
        } else if missing.all(|scope| may_consent(account, *scope)) {
            Missing::Consent
        } else {
            Missing::Administrator
        }
    }

    /// A person consents for themselves, or an administrator for everyone. False if the person may not.
    #[must_use]
    pub fn accept(
        &mut self,
        client: &'static Registration,
        account: &'static Account,
        scopes: &BTreeSet<Scope>,
        everyone: bool,
    ) -> bool {
        if self.missing(client, account, scopes) == Missing::Administrator {
            return false;
        }
        match account.kind {
            Kind::Work(organization) if everyone && account.administrator => {
                self.grant_for_everyone(client, organization, scopes);
            }
            _ if everyone => return false,
            _ => {
                let key = (client.client_id.as_str(), account.object_id.as_str());
                self.people.entry(key).or_default().extend(scopes);
            }
        }
        true
    }

    /// An administrator consents for every account of a tenant.
    pub fn grant_for_everyone(
        &mut self,
        client: &'static Registration,
        organization: &'static Organization,
        scopes: &BTreeSet<Scope>,
    ) {
        let key = (client.client_id.as_str(), organization.id.as_str());
        self.tenants.entry(key).or_default().extend(scopes);
    }

    /// Whether an administrator of another tenant than the application's own brought it there.
    pub fn has_service_principal(
        &self,
        client: &'static Registration,
        organization: &'static Organization,
    ) -> bool {
        self.tenants.contains_key(&(client.client_id.as_str(), organization.id.as_str()))
    }

    /// The permissions that were granted.
    pub fn permissions(
        &self,
        client: &'static Registration,
        account: &'static Account,
    ) -> BTreeSet<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.granted(client, account, Scope::Graph(*permission)))
            .collect()
    }

    /// The permissions that `.default` stands for: those that were granted before, and the registered ones
    /// where nothing was, or where the client wants to ask again.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope>.
    pub fn default_permissions(
        &self,
        client: &'static Registration,
        account: &'static Account,
        ask_again: bool,
    ) -> BTreeSet<Permission> {
        let granted = self.permissions(client, account);
        if granted.is_empty() || ask_again { &granted | &client.permissions } else { granted }
    }

    fn granted(
        &self,
        client: &'static Registration,
        account: &'static Account,
        scope: Scope,
    ) -> bool {
        let client = client.client_id.as_str();
        let own = self.people.get(&(client, account.object_id.as_str()));
        let of_all = self.tenants.get(&(client, account.tenant()));
        own.into_iter().chain(of_all).any(|scopes| scopes.contains(&scope))
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
    use crate::directory::Directory;
    use crate::registration::CLIENT_ID;

    #[test]
    fn people_consent_to_sending_but_not_to_reading_mail() {
        let directory = Directory::built_in();
        let client = directory.registration(CLIENT_ID).unwrap();
        let send = BTreeSet::from([Scope::OpenId, Scope::Graph(Permission::MailSend)]);
        let read = BTreeSet::from([Scope::Graph(Permission::MailReadWrite)]);
        for (address, scopes, missing) in [
            ("work@sandbox.example", &send, Missing::Consent),
            ("work@sandbox.example", &read, Missing::Administrator),
            ("personal@sandbox.example", &read, Missing::Consent),
            ("admin@sandbox.example", &read, Missing::Consent),
            ("needsadmin@sandbox.example", &send, Missing::Administrator),
        ] {
            let account = directory.by_address(address).unwrap();
            assert_eq!(Consents::default().missing(client, account, scopes), missing, "{address}");
        }
    }

    #[test]
    fn an_administrator_consents_for_every_work_account_and_no_personal_one() {
        let directory = Directory::built_in();
        let client = directory.registration(CLIENT_ID).unwrap();
        let mut consents = Consents::default();
        let send = BTreeSet::from([Scope::Graph(Permission::MailSend)]);
        let scopes = with_sign_in(BTreeSet::from([Permission::MailSend]));
        consents.grant_for_everyone(client, client.organization, &scopes);
        for (address, missing) in [
            ("needsadmin@sandbox.example", Missing::Nothing),
            ("work@sandbox.example", Missing::Nothing),
            ("personal@sandbox.example", Missing::Consent),
        ] {
            let account = directory.by_address(address).unwrap();
            assert_eq!(consents.missing(client, account, &send), missing, "{address}");
        }
    }
}
