//! The state of one sandbox: what it is made of, and what changes while it runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::directory::Directory;
use crate::faults::Faults;
use crate::foreign::Foreign;
use crate::graph::challenge::Challenges;
use crate::graph::mail::concurrency::Concurrency;
use crate::graph::mail::mailbox::Mailboxes;
use crate::graph::mail::outbox::Outbox;
use crate::graph::mail::upload;
use crate::identity::authorize::pending::{AdminRequest, SignIn};
use crate::identity::consents::Consents;
use crate::identity::grants::Grants;
use crate::identity::sessions::Sessions;
use crate::identity::signing::Keys;
use crate::identity::transactions::Transactions;
use crate::inputs::Inputs;
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
    /// The same under another host name, as Outlook takes uploads elsewhere than Graph.
    pub upload_base: String,
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
    /// Requests to mailboxes that are under way.
    pub concurrency: Concurrency,
    keys: Mutex<Keys>,
    world: Mutex<World>,
}

/// The two addresses of a sandbox.
#[derive(Debug)]
pub struct Bases {
    /// Of the identity platform and of Graph.
    pub api: String,
    /// Of upload sessions.
    pub upload: String,
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
        bases: Bases,
        keys: Keys,
        random: Random,
        directory: Directory,
        foreign: Foreign,
        settings: &Settings,
    ) -> Self {
        Self {
            base: bases.api,
            upload_base: bases.upload,
            keys: Mutex::new(keys),
            clock: if settings.time_stands_still { Clock::still() } else { Clock::default() },
            random,
            token_lifetime: settings.token_lifetime.map(|it| it.as_secs()),
            punish_refresh_reuse: settings.punish_refresh_reuse || directory.punish_refresh_reuse,
            directory,
            foreign,
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
        self.clock.reset();
    }
}
