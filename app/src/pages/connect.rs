//! `/`: what this is, what it asks for and why, and the link that starts a sign-in. For somebody who
//! is signed in: as whom, and the way to the form.

use leptos::prelude::*;

use super::Person;
use crate::{islands::Presence, words::ConnectWords};

/// What the connect page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectPage {
    /// Who is connected, if anybody.
    pub person: Option<Person>,
    /// Where connecting leads: a path on this site.
    pub return_to: String,
    /// How far the person has just disconnected.
    pub disconnected: Option<Disconnected>,
}

/// How far somebody who pressed "Disconnect" has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnected {
    /// From this app, as they wished, or from Microsoft too.
    Done,
    /// From this app; Microsoft's sign-out could not be reached.
    HereOnly,
}

impl ConnectPage {
    pub(super) const fn title(&self, words: &ConnectWords) -> &'static str {
        match (&self.person, self.disconnected) {
            (Some(_), _) => words.signed_in_title,
            (None, Some(_)) => words.signed_out_title,
            (None, None) => words.title,
        }
    }
}

pub(super) fn view(words: &'static ConnectWords, page: ConnectPage) -> impl IntoView {
    let connected = page.person.is_some();
    view! {
        {page
            .disconnected
            .map(|how| {
                let (kind, text) = match how {
                    Disconnected::Done => ("success", words.signed_out),
                    Disconnected::HereOnly => ("warning", words.signed_out_here_only),
                };
                view! {
                    <p class=format!("notice {kind}") role="status">
                        {text}
                    </p>
                }
            })}
        {match page.person {
            Some(person) => signed_in_card(words, &person).into_any(),
            None => connect_card(words, &page.return_to).into_any(),
        }}
        <span id="presence" hidden data-move-on=(!connected).then_some(page.return_to)></span>
        <Presence />
    }
}

/// The link that starts a sign-in and comes back to `return_to`, a path on this site.
pub(super) fn login_link(return_to: &str, another_account: bool) -> String {
    let prompt = if another_account { "&prompt=select_account" } else { "" };
    let return_to: String = form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    format!("/login?return_to={return_to}{prompt}")
}

fn connect_card(words: &'static ConnectWords, return_to: &str) -> impl IntoView {
    let asked = [
        (words.profile, "User.Read"),
        (words.send, "Mail.Send"),
        (words.offline, "offline_access"),
    ];
    view! {
        <article class="card hero">
            <h1>{words.heading}</h1>
            <p class="lead">{words.lead}</p>
            <p class="actions">
                <a class="button primary large" href=login_link(return_to, false) rel="external">
                    {words.connect}
                </a>
                <a class="button large subtle" href=login_link(return_to, true) rel="external">
                    {words.another_account}
                </a>
            </p>
        </article>
        <section class="card" aria-labelledby="asks">
            <h2 id="asks">{words.asks}</h2>
            <p>{words.asks_lead}</p>
            <dl class="permissions">
                {asked
                    .map(|(permission, scope)| {
                        view! {
                            <dt>
                                {permission.name} " " <code>{scope}</code>
                            </dt>
                            <dd>{permission.reason}</dd>
                        }
                    })}
            </dl>
            <p class="hint">{words.safety}</p>
        </section>
    }
}

fn signed_in_card(words: &'static ConnectWords, person: &Person) -> impl IntoView {
    view! {
        <article class="card hero">
            <h1>{(words.signed_in)(&person.name)}</h1>
            <p class="lead">{(words.signed_in_lead)(&person.address)}</p>
            <p class="actions">
                <a class="button primary large" href="/send" rel="external">
                    {words.new_message}
                </a>
                <a class="button large subtle" href=login_link("/send", true) rel="external">
                    {words.another_account}
                </a>
            </p>
        </article>
    }
}
