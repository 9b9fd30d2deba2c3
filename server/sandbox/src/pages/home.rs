//! The page at the root: messages that were sent, and a panel of faults beside them.

use axum::response::Response;
use maud::{Markup, html};
use time::OffsetDateTime;

use crate::dates;
use crate::faults::{Fault, Times};
use crate::graph::mail::outbox::Sent;
use crate::pages::outbox;
use crate::pages::tool::Tool;

/// What the page shows.
#[derive(Debug)]
pub struct Home<'a> {
    /// The sandbox's time.
    pub now: OffsetDateTime,
    /// Messages, newest last.
    pub sent: &'a [Sent],
    /// Faults that wait.
    pub faults: &'a [Fault],
    /// Faults that a button plants.
    pub buttons: &'a [Button],
    /// What the press before this page did.
    pub confirmed: Option<String>,
}

/// A button with its value in the form.
#[derive(Debug, Clone, Copy)]
pub struct Button {
    /// Under which heading it stands.
    pub group: Group,
    /// `do` in the form.
    pub value: &'static str,
    /// What the button says.
    pub label: &'static str,
}

/// What a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Sending a message.
    Sending,
    /// Signing in and staying signed in.
    SigningIn,
    /// Any request.
    Everything,
}

impl Group {
    const ALL: [Self; 3] = [Self::Sending, Self::SigningIn, Self::Everything];

    fn heading(self) -> &'static str {
        match self {
            Self::Sending => "Sending",
            Self::SigningIn => "Signing in",
            Self::Everything => "Everything",
        }
    }
}

impl Home<'_> {
    /// The page.
    pub fn page(self) -> Response {
        let contents = html! {
            p.quiet { "Sandbox: nothing leaves this computer." }
            div.columns {
                section aria-label="Messages" data-part="messages" {
                    (outbox::list(self.sent.iter().rev(), self.now, None))
                }
                aside.panel aria-labelledby="faults" {
                    h2 id="faults" { "Faults" }
                    div data-part="waiting" { (waiting(self.faults)) }
                    (planting(self.buttons))
                    (clock(self.now))
                }
            }
        };
        let tool = Tool { title: "Sandbox outbox", path: "/", confirmed: self.confirmed };
        tool.page(&contents)
    }
}

fn waiting(faults: &[Fault]) -> Markup {
    html! {
        @if faults.is_empty() {
            p { "No faults are waiting." }
        } @else {
            p { "These faults happen next, in this order:" }
            ol.lines {
                @for fault in faults {
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
            form method="post" action="/sandbox/page" {
                p.buttons { button name="do" value="clear" { "Remove these faults" } }
            }
        }
    }
}

fn planting(buttons: &[Button]) -> Markup {
    html! {
        form method="post" action="/sandbox/page" {
            @for group in Group::ALL {
                h3 { (group.heading()) }
                p.buttons {
                    @for button in buttons.iter().filter(|button| button.group == group) {
                        button.secondary name="do" value=(button.value) { (button.label) }
                    }
                }
            }
        }
    }
}

fn clock(now: OffsetDateTime) -> Markup {
    html! {
        form method="post" action="/sandbox/page" {
            h3 { "Time and keys" }
            p data-part="clock" { "The sandbox's time is " (dates::element(now, now)) "." }
            p.buttons {
                button.secondary name="do" value="hour" { "Let an hour pass" }
                button.secondary name="do" value="keys" { "Sign with another key" }
                button.secondary name="do" value="reset" { "Reset the sandbox" }
            }
        }
    }
}
