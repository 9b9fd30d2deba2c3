//! The page at the root: messages, faults, requests, accounts. Plain forms; it has no script.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use time::OffsetDateTime;

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::dates;
use crate::faults::{Fault, Times};
use crate::graph::mail::outbox::Sent;
use crate::pages::{self, outbox};
use crate::requests::ReceivedRequest;

/// How many requests the page shows.
const REQUESTS: usize = 25;

/// What the page shows.
#[derive(Debug)]
pub struct Home<'a, Requests> {
    /// The sandbox's time.
    pub now: OffsetDateTime,
    /// Every account.
    pub accounts: &'a [Account],
    /// Messages, newest last.
    pub sent: &'a [Sent],
    /// Faults that wait.
    pub faults: &'a [Fault],
    /// Faults that a button plants.
    pub buttons: &'a [Button],
    /// Requests, newest first.
    pub requests: Requests,
}

/// A button with its value in the form.
#[derive(Debug, Clone, Copy)]
pub struct Button {
    /// `do` in the form.
    pub value: &'static str,
    /// What the button says.
    pub label: &'static str,
}

/// The page.
pub fn page<'a>(home: Home<'a, impl Iterator<Item = &'a ReceivedRequest>>) -> Response {
    let main = html! {
        main.outbox {
            h1 { "Sandbox outbox" }
            p.notice { "Sandbox: nothing leaves this computer." }
            nav aria-label="On this page" {
                p {
                    a href="#faults" { "Faults" } " · " a href="#requests" { "Requests" } " · "
                    a href="#accounts" { "Accounts" }
                }
            }
            form method="post" action="/sandbox/page" {
                p.buttons {
                    a.button href="/" { "Refresh" }
                    button.secondary name="do" value="reset" { "Reset the sandbox" }
                }
            }
            (outbox::articles(home.sent))
            (faults(home.faults, home.buttons, home.now))
            (requests(home.requests))
            (accounts(home.accounts))
        }
    };
    let policy = HeaderValue::from_static(outbox::POLICY);
    pages::page_with_policy(StatusCode::OK, "Sandbox outbox", &main, policy)
}

fn faults(waiting: &[Fault], buttons: &[Button], now: OffsetDateTime) -> Markup {
    let now = dates::graph(now);
    html! {
        section.panel aria-labelledby="faults" {
            h2 id="faults" { "Faults" }
            @if waiting.is_empty() {
                p { "No faults are waiting." }
            } @else {
                p { "These faults happen next, in this order:" }
                ol.lines {
                    @for fault in waiting {
                        li {
                            strong { (fault.describe()) }
                            p.quiet {
                                (fault.route.name())
                                @if let Some(account) = fault.account { " · " (account.address) }
                                " · "
                                @match fault.times {
                                    Times::Always => "until a reset",
                                    Times::Number(1) => "once",
                                    Times::Number(times) => { (times) " times" }
                                }
                            }
                        }
                    }
                }
            }
            form method="post" action="/sandbox/page" {
                p.buttons {
                    @for button in buttons {
                        button.secondary name="do" value=(button.value) { (button.label) }
                    }
                }
                @if !waiting.is_empty() {
                    p.buttons { button name="do" value="clear" { "Forget these faults" } }
                }
                h3 { "Time and keys" }
                p { "The sandbox's time is " time datetime=(now) { (now) } "." }
                p.buttons {
                    button.secondary name="do" value="hour" { "Let an hour pass" }
                    button.secondary name="do" value="keys" { "Sign with another key" }
                }
            }
        }
    }
}

fn requests<'a>(newest_first: impl Iterator<Item = &'a ReceivedRequest>) -> Markup {
    let mut shown = newest_first.take(REQUESTS).peekable();
    html! {
        section.panel aria-labelledby="requests" {
            h2 id="requests" { "Requests" }
            @if shown.peek().is_none() {
                p { "No requests yet." }
            } @else {
                p.quiet { "The newest first. More is in " a href="/sandbox/requests" { "/sandbox/requests" } "." }
                ol.lines {
                    @for arrived in shown {
                        li {
                            strong { (arrived.method) " " (arrived.path) }
                            p.quiet {
                                @match arrived.status {
                                    Some(status) => (status),
                                    None => "no answer",
                                }
                                @if let Some(account) = arrived.account { " · " (account.address) }
                                " · " (dates::graph(arrived.at))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn accounts(everyone: &[Account]) -> Markup {
    html! {
        section.panel aria-labelledby="accounts" {
            h2 id="accounts" { "Accounts" }
            ul.lines {
                @for account in everyone {
                    li {
                        strong { (account.address) }
                        p.quiet {
                            (account.display_name) " · "
                            @match account.kind {
                                Kind::Work(organization) => (organization.domain),
                                Kind::Personal => "personal",
                            }
                            " · "
                            @match account.policy {
                                ConsentPolicy::Managed => "may consent to some permissions",
                                ConsentPolicy::Nobody => "may consent to nothing",
                                ConsentPolicy::Everything => "may consent to everything",
                            }
                        }
                        p.quiet { (account.about) }
                        form method="post" action="/sandbox/page" {
                            input type="hidden" name="account" value=(account.address);
                            button.secondary name="do" value="revoke"
                                aria-label={ "Revoke the sign-ins of " (account.address) } {
                                "Revoke sign-ins"
                            }
                        }
                    }
                }
            }
        }
    }
}
