//! What a press on "Send mail" does, with and without JavaScript: check, send at most once, say
//! how it ended. Knows no form encoding and no page.

mod check;
mod concurrency;
mod delivery;
mod idempotency;
mod response;

use std::sync::Arc;

use app::{
    pages::{Person, SendFailure},
    wire::MailForm,
};
use bff::{Bff, Clock, RefreshError, SharedState};
use sha2::{Digest, Sha256};
use tokio_util::task::TaskTracker;

use self::{
    check::check,
    delivery::{Delivery, receipt},
};
use crate::{
    config::Limits,
    fault,
    graph::Graph,
    rates::{Rate, TooOften},
    visit::Visit,
};

pub use concurrency::{ConcurrencyLimit, Permit};
pub use idempotency::{Idempotency, IdempotencyKey, Refused};
pub use response::SendResponse;

/// Sends messages.
pub struct Sending {
    idempotency: Idempotency,
    rate: Rate,
    delivery: Arc<Delivery>,
}

impl Sending {
    /// Sends through `graph`, as often as `rate` allows, and remembers in `state` what was sent.
    #[must_use]
    pub fn new(
        bff: Bff<Person>,
        graph: Arc<Graph>,
        state: Arc<dyn SharedState>,
        rate: Rate,
        limits: Limits,
        clock: Clock,
        tasks: TaskTracker,
    ) -> Self {
        let concurrency = ConcurrencyLimit::default();
        let delivery = Delivery { bff, graph, concurrency, limits, clock };
        Self { idempotency: Idempotency::new(state, tasks), rate, delivery: Arc::new(delivery) }
    }

    /// Sends `form` for the person of `visit`, at most once for each key.
    ///
    /// The sending goes on when the browser gives up waiting, and whoever asks again with the same
    /// key hears its result, whatever has become of their session or their rate limit since.
    pub async fn send(&self, visit: &Visit, form: &MailForm) -> SendResponse {
        let (limits, ids) = (self.delivery.limits, visit.ids());
        let unsent = |failure: SendFailure| SendResponse::unsent(failure, ids.clone());
        let key = IdempotencyKey { account: &form.account, key: &form.key };
        let text = [form.to.as_str(), &form.subject, &form.message].join("\u{0}");
        let text = Sha256::digest(text.as_bytes()).into();
        if let Some(known) = self.idempotency.known(key, text).await {
            return known.unwrap_or_else(|refused| not_run(refused, visit, form, &limits));
        }
        let Some(session) = visit.session() else {
            return unsent(SendFailure::SessionEnded);
        };
        let mark = session.person_id.hashed();
        if let Err(TooOften(wait)) = self.rate.count(Some(session.id), visit.client) {
            tracing::warn!(event = "rate_limited", what = "send", person = mark);
            return unsent(SendFailure::TooOften { wait });
        }
        if form.account != mark {
            let address = session.profile.address.clone();
            return unsent(SendFailure::AccountChanged { address, mark });
        }
        let message = match check(form, &limits) {
            Ok(message) => message,
            Err(failure) => return unsent(failure),
        };
        let session = match visit.visitor.fresh().await {
            Ok(Some(session)) => session.into_owned(),
            Ok(None) => return unsent(SendFailure::SessionEnded),
            Err(error) => return unsent(not_refreshed(&error)),
        };
        let now = self.delivery.clock.now();
        let expires = now.saturating_add(limits.lifetime.as_secs());
        let (delivery, id) = (Arc::clone(&self.delivery), visit.request_id);
        let work = async move { delivery.deliver(session, &message, id).await };
        match self.idempotency.run(key, text, now, expires, work).await {
            Ok(response) => {
                if response.renewed {
                    // This answer brings the newer session.
                    _ = visit.visitor.fresh().await;
                }
                response
            }
            Err(refused) => not_run(refused, visit, form, &limits),
        }
    }
}

fn not_run(refused: Refused, visit: &Visit, form: &MailForm, limits: &Limits) -> SendResponse {
    let ids = visit.ids();
    let failed = |failure| SendResponse::finished(Err((failure, ids.clone())));
    match refused {
        Refused::OtherText => failed(SendFailure::FormUsed),
        // The whole result is gone, but not what the form says.
        Refused::Succeeded => match check(form, limits) {
            Ok(message) => {
                let owner = visit.session().filter(|it| it.person_id.hashed() == form.account);
                let from = owner.map(|it| it.profile.address.clone()).unwrap_or_default();
                SendResponse::finished(Ok(receipt(from, &message, ids)))
            }
            Err(failure) => failed(failure),
        },
        Refused::Lost => failed(SendFailure::Forgotten),
        Refused::NotKept => SendResponse::unsent(SendFailure::NotKept, ids),
    }
}

fn not_refreshed(error: &RefreshError) -> SendFailure {
    SendFailure::NotRefreshed(fault::of_refresh(error))
}
