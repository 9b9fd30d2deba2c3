//! From a failure to the words about it.

use std::borrow::Cow;

use super::{Failure, Fault, KnownError, Service};
use crate::{
    wire::Ids,
    words::{Explanation, FailureWords, UpstreamWords, Words},
};

/// What the page of one failure says.
pub(super) struct Explained {
    pub title: &'static str,
    pub heading: &'static str,
    pub what: Cow<'static, str>,
    pub next: Cow<'static, str>,
    pub ids: Ids,
}

impl Explained {
    fn with_ids(self, ids: &Ids) -> Self {
        Self { ids: ids.clone(), ..self }
    }
}

impl From<Explanation> for Explained {
    fn from(it: Explanation) -> Self {
        it.with(it.what, it.next)
    }
}

impl<What, Next> Explanation<What, Next> {
    fn with(
        &self,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Explained {
        Explained {
            title: self.title,
            heading: self.heading,
            what: what.into(),
            next: next.into(),
            ids: Ids::new(),
        }
    }
}

impl Failure {
    pub(super) fn explain(&self, words: &Words) -> Explained {
        let failure = &words.failure;
        match self {
            Self::Cancelled => failure.cancelled.into(),
            Self::Declined { reason, ids } => {
                let message = (words.details.message.to_owned(), reason.clone());
                let said = (!reason.is_empty()).then_some(message);
                Explained::from(failure.declined)
                    .with_ids(&ids.iter().cloned().chain(said).collect())
            }
            Self::NeedsAdministrator(request) => {
                Explained::from(failure.needs_administrator).with_ids(&request.ids)
            }
            Self::AdminConsented => failure.admin_consented.into(),
            Self::AdminDeclined => failure.admin_declined.into(),
            Self::AttemptGone => failure.attempt_gone.into(),
            Self::StateMismatch => failure.state_mismatch.into(),
            Self::ClientRefused { number, ids } => {
                setup(failure, number.and_then(KnownError::from_number)).with_ids(ids)
            }
            Self::Refused { reason, number, ids } => {
                refused(failure, reason, number.and_then(KnownError::from_number)).with_ids(ids)
            }
            Self::Upstream { service: Service::Identity, fault, ids } => {
                upstream(&failure.identity, *fault).with_ids(ids)
            }
            Self::Upstream { service: Service::Graph, fault, ids } => {
                upstream(&failure.graph, *fault).with_ids(ids)
            }
            Self::GraphRefused { reason, ids } => {
                let it = &failure.graph_refused;
                it.with((it.what)(reason), it.next).with_ids(ids)
            }
            Self::Unproven => failure.unproven.into(),
            Self::SessionTooLarge => failure.session_too_large.into(),
            Self::NotFound => failure.not_found.into(),
            Self::MethodNotAllowed => failure.method_not_allowed.into(),
            Self::CrossOrigin => failure.cross_origin.into(),
            Self::Unreadable => failure.unreadable.into(),
            Self::TooLarge { most } => {
                failure.too_large.with((failure.too_large.what)(*most), failure.too_large.next)
            }
            Self::HeaderTooLarge => failure.header_too_large.into(),
            Self::SlowRequest { seconds } => {
                let it = &failure.slow_request;
                it.with((it.what)(*seconds), it.next)
            }
            Self::TooOften { wait } => {
                failure.too_often.with(failure.too_often.what, (failure.too_often.next)(*wait))
            }
            Self::Internal => failure.internal.into(),
        }
    }
}

fn setup(words: &FailureWords, known: Option<KnownError>) -> Explained {
    let what = known.map_or(words.setup.what, |it| it.text(&words.known));
    words.setup.with(what, words.setup.next)
}

fn refused(words: &FailureWords, reason: &str, known: Option<KnownError>) -> Explained {
    match known {
        Some(known) if known.is_setup() => setup(words, Some(known)),
        Some(known) => words.refused_known.with(known.text(&words.known), words.refused_known.next),
        None => words.refused.with((words.refused.what)(reason), words.refused.next),
    }
}

fn upstream(words: &UpstreamWords, fault: Fault) -> Explained {
    match fault {
        Fault::Down => words.down.into(),
        Fault::Slow => words.slow.into(),
        Fault::Nonsense => words.unreadable.into(),
        Fault::Busy { retry_after } => {
            words.busy.with(words.busy.what, (words.busy.next)(retry_after))
        }
    }
}
