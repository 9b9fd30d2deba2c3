//! `/`: what this is, what it asks for and why, and the link that starts a sign-in. Signed in: who
//! is connected and the way to the mail page.

use leptos::prelude::*;

use super::Person;
use crate::islands::Presence;

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
    pub(super) const fn title(&self) -> &'static str {
        match (&self.person, self.disconnected) {
            (Some(_), _) => "Connected",
            (None, Some(_)) => "Disconnected",
            (None, None) => "Connect",
        }
    }
}

pub(super) fn view(page: ConnectPage) -> impl IntoView {
    let connected = page.person.is_some();
    view! {
        {page
            .disconnected
            .map(|how| {
                let (kind, words) = match how {
                    Disconnected::Done => {
                        ("success", "You are disconnected. This app has forgotten your account.")
                    }
                    Disconnected::HereOnly => {
                        (
                            "warning",
                            "You are disconnected here, and this app has forgotten your account. But \
                            Microsoft's sign-out cannot be reached: you are still signed in there. \
                            Close this browser, or sign out on a page of Microsoft's.",
                        )
                    }
                };
                view! {
                    <p class=format!("notice {kind}") role="status">
                        {words}
                    </p>
                }
            })}
        {match page.person {
            Some(person) => connected_card(person).into_any(),
            None => connect_card(&page.return_to).into_any(),
        }}
        <Presence connected=connected move_on=page.return_to />
    }
}

/// The link that starts a sign-in and comes back to `return_to`, a path on this site.
pub(super) fn login_link(return_to: &str, another_account: bool) -> String {
    let prompt = if another_account { "&prompt=select_account" } else { "" };
    let return_to: String = form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    format!("/login?return_to={return_to}{prompt}")
}

fn connect_card(return_to: &str) -> impl IntoView {
    view! {
        <article class="card hero">
            <h1>"Send mail through Microsoft Graph"</h1>
            <p class="lead">
                "Connect your Microsoft work, school or personal account, write a message, and send it "
                "from your own mailbox."
            </p>
            <p class="actions">
                <a class="button primary large" href=login_link(return_to, false) rel="external">
                    "Connect to Microsoft Graph"
                </a>
                <a class="button large subtle" href=login_link(return_to, true) rel="external">
                    "Use another account"
                </a>
            </p>
        </article>
        <section class="card" aria-labelledby="asks">
            <h2 id="asks">"What it will ask for"</h2>
            <p>
                "Two permissions, which by Microsoft's default people can grant themselves, without an "
                "administrator:"
            </p>
            <dl class="permissions">
                <dt>
                    "Sign you in and read your profile " <code>"User.Read"</code>
                </dt>
                <dd>"To greet you by name and to know the address you send from."</dd>
                <dt>
                    "Send mail as you " <code>"Mail.Send"</code>
                </dt>
                <dd>"To send what you write, when you press the button. It cannot read your mail."</dd>
            </dl>
            <p class="hint">
                "Your password stays with Microsoft. The keys that Microsoft hands out stay on the server "
                "and in a sealed cookie that no script can read."
            </p>
        </section>
    }
}

fn connected_card(person: Person) -> impl IntoView {
    view! {
        <article class="card hero">
            <h1>"You are connected"</h1>
            <p class="lead">
                "As " <strong>{person.name}</strong> ", " <span class="address">{person.address}</span>
                "."
            </p>
            <p class="actions">
                <a class="button primary large" href="/send" rel="external">
                    "Write a mail"
                </a>
                <a class="button large subtle" href=login_link("/send", true) rel="external">
                    "Use another account"
                </a>
            </p>
        </article>
    }
}
