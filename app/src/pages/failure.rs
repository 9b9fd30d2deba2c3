//! Why something didn't work, with what to do next. Text from outside is shown as text. The server
//! maps each failure to an HTTP status.

use leptos::prelude::*;

use super::connect::login_link;
use crate::{
    wire::Ids,
    words::{DetailsWords, FailureWords, Words},
};

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The person went back instead of signing in.
    Cancelled,
    /// The person, or a policy, denied access: the provider's reason and ids.
    Declined { reason: String, ids: Ids },
    /// Only an administrator can consent here.
    NeedsAdministrator(AdminRequest),
    /// An administrator came back from the consent link and agreed.
    AdminConsented,
    /// An administrator came back from the consent link and did not agree.
    AdminDeclined,
    /// The sign-in attempt is unknown, spent or expired.
    AttemptGone,
    /// The answer's `state` is not the attempt's.
    StateMismatch,
    /// The identity platform refused this app's own credentials.
    ClientRefused { number: Option<u32>, ids: Ids },
    /// The identity platform refused for another reason.
    Refused { reason: String, number: Option<u32>, ids: Ids },
    /// A service Microsoft runs is down, slow or answers nonsense.
    Upstream { service: Service, fault: Fault, ids: Ids },
    /// Graph answered, and said no.
    GraphRefused { reason: String, ids: Ids },
    /// The id_token does not prove who signed in.
    Unproven,
    /// The tokens do not fit the cookies of this site.
    SessionTooLarge,
    /// No such page.
    NotFound,
    /// The page exists, but not for this method.
    MethodNotAllowed,
    /// A form that another site sent.
    CrossOrigin,
    /// A form that cannot be read.
    Unreadable,
    /// A request with more bytes than this site takes.
    TooLarge { most: usize },
    /// A request whose headers have more bytes than this site takes.
    HeaderTooLarge,
    /// A request that did not arrive whole in so many seconds.
    SlowRequest { seconds: u64 },
    /// Too many sign-ins in a minute.
    TooOften { wait: u64 },
    /// Something unexpected; the log says what.
    Internal,
}

/// A failure, and the name under which the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailurePage {
    /// What failed.
    pub failure: Failure,
    /// What to quote to the site owner.
    pub reference: Ids,
}

/// A service that this app depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The Microsoft identity platform.
    Identity,
    /// Microsoft Graph.
    Graph,
}

/// How a service failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection, or an answer of 5xx.
    Down,
    /// No answer in time.
    Slow,
    /// An answer that cannot be read.
    Nonsense,
    /// Too many requests; seconds to wait, where it said so.
    Busy { retry_after: Option<u64> },
}

/// What a person sends to the administrator who can consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminRequest {
    /// Where this app runs.
    pub app_url: String,
    /// Its client id at the identity platform.
    pub client_id: String,
    /// The permissions, by name.
    pub permissions: String,
    /// The admin-consent link.
    pub link: String,
    /// Ids to quote.
    pub ids: Ids,
}

impl Failure {
    /// The way on: another sign-in, or the start page.
    const fn can_sign_in_again(&self) -> bool {
        !matches!(
            self,
            Self::AdminConsented
                | Self::AdminDeclined
                | Self::NotFound
                | Self::MethodNotAllowed
                | Self::CrossOrigin
                | Self::Unreadable
                | Self::TooLarge { .. }
                | Self::HeaderTooLarge
                | Self::SlowRequest { .. }
                | Self::Internal
        )
    }

    /// Trying again may not help, and the site owner can find out why.
    const fn is_for_the_site_owner(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. }
                | Self::Upstream { .. }
                | Self::GraphRefused { .. }
                | Self::Unproven
                | Self::SessionTooLarge
                | Self::Internal
        )
    }
}

pub(super) fn view(words: &'static Words, page: &FailurePage) -> impl IntoView {
    let failure = &words.failure;
    let explained = page.failure.explain(words);
    let ids = [explained.ids, page.reference.clone()].concat();
    let request = match &page.failure {
        Failure::NeedsAdministrator(request) => Some(admin_request(failure, request)),
        _ => None,
    };
    view! {
        <article class="card failure">
            <h1>{explained.heading}</h1>
            <p class="lead" role="alert">
                {explained.what}
            </p>
            {(!explained.next.is_empty()).then(|| view! { <p>{explained.next}</p> })}
            {request}
            <p class="actions">
                {page
                    .failure
                    .can_sign_in_again()
                    .then(|| {
                        view! {
                            <a class="button primary" href=login_link("/send", true) rel="external">
                                {failure.sign_in_again}
                            </a>
                        }
                    })}
                <a class="button" href="/" rel="external">
                    {failure.start_page}
                </a>
            </p>
            {page
                .failure
                .is_for_the_site_owner()
                .then(|| view! { <p class="hint">{failure.contact}</p> })}
            {details(&words.details, ids)}
        </article>
    }
}

fn admin_request(words: &'static FailureWords, request: &AdminRequest) -> impl IntoView {
    let message = (words.admin_message)(request);
    view! {
        <div class="field">
            <label for="admin-message">{words.admin_message_label}</label>
            <textarea
                id="admin-message"
                rows="14"
                readonly
                inner_html=html_escape::encode_text(&message).into_owned()
            ></textarea>
        </div>
        <p>
            {words.admin_question} " "
            <a href=request.link.clone() rel="external noreferrer">
                {words.admin_link}
            </a>
        </p>
    }
}

fn details(words: &'static DetailsWords, ids: Ids) -> impl IntoView {
    let rows = |(label, value)| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    view! {
        <details>
            <summary>{words.summary}</summary>
            <dl>{ids.into_iter().map(rows).collect::<Vec<_>>()}</dl>
        </details>
    }
}
