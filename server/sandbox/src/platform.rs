//! The state of one sandbox: what it is made of, and what changes while it runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::addresses::Addresses;
use crate::clock::Clock;
use crate::directory::Directory;
use crate::faults::queue::Faults;
use crate::foreign::Foreign;
use crate::graph::challenge::Challenges;
use crate::graph::mail::concurrency::Concurrency;
use crate::graph::mail::mailbox::Mailboxes;
use crate::graph::mail::outbox::Outbox;
use crate::graph::mail::upload;
use crate::identity::authorize::pending::{AdminRequest, SignIn};
use crate::identity::consents::Consents;
use crate::identity::devices::Devices;
use crate::identity::grants::Grants;
use crate::identity::sessions::Sessions;
use crate::identity::signing::Keys;
use crate::identity::transactions::Transactions;
use crate::inputs::Inputs;
use crate::issuer_keys::IssuerKeys;
use crate::random::Random;
use crate::requests::Requests;
use crate::settings::Settings;

/// The sandbox as every handler shares it.
pub type App = Arc<Platform>;

/// One running sandbox.
#[derive(Debug)]
pub struct Platform {
    /// Where it is reached, `http://127.0.0.1:5001`.
    pub base: String,
    /// Where uploads go.
    pub upload_base: String,
    /// The names it answers to.
    pub addresses: Addresses,
    /// What a control request has to bring along, where that was chosen.
    pub control_key: Option<String>,
    /// The time that everything goes by.
    pub clock: Clock,
    /// Where random values come from.
    pub random: Random,
    /// Tenants, registrations and accounts.
    pub directory: Directory,
    /// Whether a refresh token that comes twice ends its family.
    pub punish_refresh_reuse: bool,
    /// Seconds each access token lives, where that was chosen.
    pub token_lifetime: Option<u64>,
    /// Identity providers whose tokens Graph takes besides its own.
    pub foreign: Foreign,
    /// The keys of the providers whose tokens registrations trust as client assertions.
    pub federation: Vec<IssuerKeys>,
    /// Requests to mailboxes that are under way.
    pub concurrency: Concurrency,
    keys: Mutex<Keys>,
    world: Mutex<World>,
}

/// All that changes. Its default is how a sandbox starts.
#[derive(Debug, Default)]
pub struct World {
    /// Consents that were given.
    pub consents: Consents,
    /// Codes and tokens.
    pub grants: Grants,
    /// Browsers that are signed in.
    pub sessions: Sessions,
    /// Sign-ins on their way through the pages.
    pub sign_ins: Transactions<SignIn>,
    /// Administrators' consents on their way.
    pub admin_requests: Transactions<AdminRequest>,
    /// Devices that wait for a person.
    pub devices: Devices,
    /// Drafts and sent items.
    pub mailboxes: Mailboxes,
    /// Files on their way to drafts.
    pub uploads: upload::session::Sessions,
    /// Mail that was sent.
    pub outbox: Outbox,
    /// Faults that wait for a request.
    pub faults: Faults,
    /// Access tokens that are not good enough any more.
    pub challenges: Challenges,
    /// Requests that arrived.
    pub requests: Requests,
}

impl Platform {
    /// A sandbox that nobody has used yet.
    pub fn new(
        addresses: Addresses,
        keys: Keys,
        random: Random,
        mut directory: Directory,
        http: &reqwest::Client,
        settings: &Settings,
    ) -> Self {
        let federation = directory
            .federated_credentials()
            .map(|it| IssuerKeys::new(&it.issuer, it.keys.clone(), http.clone()))
            .collect();
        Self {
            base: addresses.api.clone(),
            upload_base: addresses.upload.clone(),
            addresses,
            control_key: settings.control_key.clone(),
            keys: Mutex::new(keys),
            clock: if settings.time_stands_still { Clock::still() } else { Clock::default() },
            random,
            token_lifetime: settings.token_lifetime.map(|it| it.as_secs()),
            punish_refresh_reuse: settings.punish_refresh_reuse || directory.punish_refresh_reuse,
            foreign: Foreign::new(std::mem::take(&mut directory.accepted_issuers), http),
            directory,
            federation,
            concurrency: Concurrency::default(),
            world: Mutex::default(),
        }
    }

    /// Time and randomness.
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs { clock: &self.clock, random: &self.random }
    }

    /// Host and port, as they stand in URLs.
    pub fn host(&self) -> &str {
        self.base.split_once("://").map_or(&self.base, |(_, host)| host)
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.base.split_once("://").map_or("http", |(scheme, _)| scheme)
    }

    /// The keys that sign its tokens, for a moment.
    pub fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, for a moment. Never held across an `await`.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything that happened since the start.
    pub fn reset(&self) {
        *self.world() = World::default();
        self.keys().reset();
        self.foreign.forget_keys();
        self.federation.iter().for_each(IssuerKeys::forget);
        self.clock.reset();
    }
}
