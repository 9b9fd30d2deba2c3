//! Sign-ins and administrators' consents that wait for a button to be pressed.

use std::collections::BTreeSet;

use crate::identity::authorize::answer::Destination;
use crate::identity::authorize::request::AuthorizeRequest;
use crate::identity::sessions::Session;
use crate::organization::Organization;
use crate::registration::Registration;
use crate::scope::Scope;

/// A sign-in that waits for the person.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// What the client asked for.
    pub request: AuthorizeRequest,
    /// Who was chosen, once somebody was.
    pub session: Option<Session>,
}

/// An administrator's consent that waits for a button.
#[derive(Debug)]
pub struct AdminRequest {
    /// Which application asks.
    pub registration: &'static Registration,
    /// For which tenant.
    pub organization: &'static Organization,
    /// Where the answer goes.
    pub destination: Destination,
    /// What is asked for.
    pub scopes: BTreeSet<Scope>,
}
