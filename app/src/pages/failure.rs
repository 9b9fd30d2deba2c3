//! Why something did not work: in plain words, with who can mend it and a way on. Text from
//! outside is shown as text. Knows no HTTP status; the server maps each failure to one.

use leptos::prelude::*;

use super::connect::login_link;
use crate::wire::Ids;

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
    Refused { reason: String, help: Option<&'static str>, ids: Ids },
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
    /// A request with more bytes than this site takes.
    TooLarge { most: usize },
    /// A request whose headers have more bytes than this site takes.
    HeaderTooLarge { most: usize },
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
    /// What to quote to the operator.
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

/// The words of one failure page.
pub(super) struct Words {
    pub title: &'static str,
    heading: String,
    what: String,
    who: &'static str,
    ids: Ids,
}

impl Failure {
    pub(super) fn words(&self) -> Words {
        let words = |title, heading: &str, what: &str, who| Words {
            title,
            heading: heading.to_owned(),
            what: what.to_owned(),
            who,
            ids: Ids::new(),
        };
        match self {
            Self::Cancelled => words(
                "Cancelled",
                "You did not finish connecting",
                "You went back before Microsoft could confirm your account. Nothing was shared.",
                "Nothing is broken. Connect again whenever you like.",
            ),
            Self::Declined { reason, ids } => Words {
                ids: ids.clone(),
                ..words(
                    "Access denied",
                    "Access denied",
                    reason,
                    "You can connect again and press Accept. This app cannot send mail without it.",
                )
            },
            Self::NeedsAdministrator(request) => Words {
                ids: request.ids.clone(),
                ..words(
                    "Administrator needed",
                    "Your organization wants an administrator to approve this",
                    "Your account may not give this app permission by itself.",
                    "An administrator of your organization can approve it once for everyone. \
                     Send them the message below, and connect again when they have.",
                )
            },
            Self::AdminConsented => words(
                "Approved",
                "Thank you, the app is approved",
                "People of your organization can connect now. Nobody was signed in here.",
                "Tell the person who asked you that they can connect.",
            ),
            Self::AdminDeclined => words(
                "Not approved",
                "The app was not approved",
                "Nothing changed in your organization, and nobody was signed in here.",
                "If this was a mistake, open the link from the message once more.",
            ),
            Self::AttemptGone => words(
                "Sign-in expired",
                "This sign-in can no longer be used",
                "It was already finished, it is older than 15 minutes, or it was started in another \
                 browser.",
                "Connect again from this page. If that keeps happening, allow cookies for this site.",
            ),
            Self::StateMismatch => words(
                "Sign-in refused",
                "This answer does not belong to your sign-in",
                "It may come from an old tab or from another site, so it was not used.",
                "Connect again from this page.",
            ),
            Self::ClientRefused { number, ids } => Words {
                ids: ids.clone(),
                ..words(
                    "Set-up problem",
                    "This app is not set up correctly",
                    number
                        .and_then(help)
                        .unwrap_or("Microsoft did not accept the app's own credentials."),
                    "Only the operator of this site can mend this. Please send them the details below.",
                )
            },
            Self::Refused { reason, help, ids } => Words {
                ids: ids.clone(),
                ..words(
                    "Not connected",
                    "Microsoft did not sign you in",
                    reason,
                    help.unwrap_or(
                        "Connect again. If that does not help, send the details below to the \
                         operator of this site.",
                    ),
                )
            },
            Self::Upstream { service, fault, ids } => upstream(*service, *fault, ids.clone()),
            Self::GraphRefused { reason, ids } => Words {
                ids: ids.clone(),
                ..words(
                    "Not connected",
                    "Microsoft Graph did not give out your profile",
                    reason,
                    "Connect again. If that does not help, send the details below to the operator of \
                     this site.",
                )
            },
            Self::Unproven => words(
                "Sign-in refused",
                "Your sign-in could not be verified",
                "The answer came back, but it does not prove who signed in, so it was not used.",
                "Connect again. If that does not help, tell the operator of this site: the clock of \
                 the server or its tenant setting may be wrong.",
            ),
            Self::SessionTooLarge => words(
                "Session too large",
                "Your sign-in is too large for this site",
                "Microsoft's keys for your account do not fit the cookies a browser may hold. \
                 This happens to accounts with very many groups or roles.",
                "An administrator can have fewer groups and claims put into this app's tokens.",
            ),
            Self::NotFound => words(
                "Page not found",
                "There is no such page",
                "The address may be mistyped, or the link is old.",
                "Go to the start page and take it from there.",
            ),
            Self::MethodNotAllowed => words(
                "Not possible",
                "This address does not work that way",
                "The page exists, but it was asked for in a way that it does not answer.",
                "Go to the start page and take it from there.",
            ),
            Self::CrossOrigin => words(
                "Refused",
                "This request came from another site",
                "To protect your account, only pages of this site may do that. Nothing was changed.",
                "Open this site itself and try there.",
            ),
            Self::TooLarge { most } => words(
                "Too large",
                "That is more than this site takes at once",
                &format!("A request can have at most {most} bytes here. Nothing was sent."),
                "Go back, shorten the text and send it again.",
            ),
            Self::HeaderTooLarge { most } => words(
                "Too large",
                "Your browser sent more than this site takes",
                &format!("The headers of a request can have at most {most} bytes here."),
                "Usually these are too many cookies: delete this site's cookies, and connect again.",
            ),
            Self::SlowRequest { seconds } => words(
                "Too slow",
                "Your request did not arrive in time",
                &format!("This site waits {seconds} seconds for a request. Nothing was sent."),
                "Go back, check your connection, and try again.",
            ),
            Self::TooOften { wait } => words(
                "Too often",
                "That was too often in one minute",
                &format!("Wait {wait} seconds, then connect again."),
                "Nothing is broken. The limit protects this site and your account.",
            ),
            Self::Internal => words(
                "Something went wrong",
                "Something went wrong on this site",
                "It is not your fault, and it has been written to the log.",
                "Try again in a moment. If it happens again, send the details below to the operator \
                 of this site.",
            ),
        }
    }

    /// The way on: another sign-in, or the start page.
    const fn can_reconnect(&self) -> bool {
        !matches!(
            self,
            Self::AdminConsented
                | Self::AdminDeclined
                | Self::NotFound
                | Self::MethodNotAllowed
                | Self::CrossOrigin
                | Self::TooLarge { .. }
                | Self::HeaderTooLarge { .. }
                | Self::SlowRequest { .. }
                | Self::Internal
        )
    }
}

fn upstream(service: Service, fault: Fault, ids: Ids) -> Words {
    let name = match service {
        Service::Identity => "Microsoft's sign-in service",
        Service::Graph => "Microsoft Graph",
    };
    let (heading, what) = match fault {
        Fault::Down => (
            format!("{name} cannot be reached"),
            format!("{name} is down, or this site cannot reach it. You are not connected."),
        ),
        Fault::Slow => (
            format!("{name} did not answer in time"),
            "It may be busy. You are not connected.".to_owned(),
        ),
        Fault::Nonsense => (
            format!("{name} gave an answer that cannot be read"),
            "Something between this site and Microsoft may be in the way. You are not connected."
                .to_owned(),
        ),
        Fault::Busy { retry_after } => (
            format!("{name} is busy"),
            retry_after.map_or_else(
                || "It asks for a pause. You are not connected.".to_owned(),
                |seconds| format!("It asks to wait {seconds} seconds. You are not connected."),
            ),
        ),
    };
    Words {
        title: "Microsoft not available",
        heading,
        what,
        who: "Usually this passes by itself: connect again in a few minutes. If it stays, send the \
              details to the operator of this site.",
        ids,
    }
}

/// What an AADSTS number means for the one who can mend it. Numbers choose words, never behaviour.
/// Source: Entra's "Authentication and authorization error codes".
#[must_use]
pub fn help(number: u32) -> Option<&'static str> {
    Some(match number {
        7_000_215 => {
            "The client secret is wrong. Often the secret's ID was copied instead of its value: \
             make a new secret and copy the column Value."
        }
        7_000_222 => "The client secret has expired. A new one is needed in the app registration.",
        7_000_218 => "The app registration asks for a client secret, and none was accepted.",
        700_016 => "The client id is not known in this tenant.",
        90_002 => "The tenant is not known. It may be mistyped, or belong to another cloud.",
        50_194 => "The app is registered for one tenant, but is configured for all of them.",
        50_105 => "An administrator must assign you to this app first.",
        50_020 => {
            "Your account does not belong to the organization this app is for. Use another one."
        }
        53_000..=53_003 | 530_035 => {
            "Your organization's rules do not allow this sign-in from here: its administrator can \
             tell you from which device or place it works."
        }
        _ => return None,
    })
}

pub(super) fn view(page: &FailurePage) -> impl IntoView {
    let words = page.failure.words();
    let ids = [words.ids, page.reference.clone()].concat();
    let request = match &page.failure {
        Failure::NeedsAdministrator(request) => Some(admin_request(request)),
        _ => None,
    };
    view! {
        <article class="card failure">
            <h1>{words.heading}</h1>
            <p class="lead" role="alert">
                {words.what}
            </p>
            <p>{words.who}</p>
            {request}
            <p class="actions">
                {page
                    .failure
                    .can_reconnect()
                    .then(|| {
                        view! {
                            <a class="button primary" href=login_link("/send", true) rel="external">
                                "Connect again"
                            </a>
                        }
                    })}
                <a class="button" href="/" rel="external">
                    "Start page"
                </a>
            </p>
            {details(ids)}
        </article>
    }
}

fn admin_request(request: &AdminRequest) -> impl IntoView {
    let message = format!(
        "Hello,\n\nI would like to use Graph Connect ({}) to send mail from my own mailbox. Our \
         organization asks an administrator to approve it.\n\nIt asks for these delegated Microsoft \
         Graph permissions: {}. It can send mail as the person who is signed in; it cannot read \
         mail.\n\nApplication (client) ID: {}\nTo approve it, open this link with an administrator's \
         account:\n{}\n\nThank you!",
        request.app_url, request.permissions, request.client_id, request.link,
    );
    view! {
        <div class="field">
            <label for="admin-message">"Message to your administrator"</label>
            <textarea
                id="admin-message"
                rows="14"
                readonly
                inner_html=html_escape::encode_text(&message).into_owned()
            ></textarea>
        </div>
        <p>
            "Are you the administrator? "
            <a href=request.link.clone() rel="external noreferrer">
                "Review the permissions and approve"
            </a>
        </p>
    }
}

fn details(ids: Ids) -> impl IntoView {
    let rows = |(label, value)| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    view! {
        <details>
            <summary>"Details"</summary>
            <dl>{ids.into_iter().map(rows).collect::<Vec<_>>()}</dl>
        </details>
    }
}
