//! The page of the accounts, and a page for the messages of each.

use axum::response::Response;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::OffsetDateTime;

use crate::accounts::{Account, ConsentPolicy, Kind};
use crate::graph::mail::outbox::Sent;
use crate::pages::outbox;
use crate::pages::tool::Tool;

const PATH: &str = "/sandbox/pages/accounts";

/// Every account, with a link to its messages and a button that ends its sign-ins.
pub fn page(everyone: &[Account], confirmed: Option<String>) -> Response {
    let contents = html! {
        section.panel aria-label="Accounts" {
            ul.lines {
                @for account in everyone {
                    li {
                        strong { a href=(path_of(account)) { (account.address) } }
                        p.quiet { (about(account)) }
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
    };
    Tool { title: "Sandbox accounts", path: PATH, confirmed }.page(&contents)
}

/// The messages that were sent to one account, and by it.
pub fn messages(account: &Account, sent: &[Sent], now: OffsetDateTime) -> Response {
    let received = sent.iter().rev().filter(|sent| is_to(sent, account));
    let own = sent.iter().rev().filter(|sent| sent.item.owner == account);
    let contents = html! {
        p.quiet { (account.address) " · " (about(account)) }
        section aria-labelledby="received" {
            h2 id="received" { "Received" }
            div data-part="received" {
                (outbox::list(received, now, Some("Nothing was sent to this account.")))
            }
        }
        section aria-labelledby="sent" {
            h2 id="sent" { "Sent" }
            div data-part="sent" {
                (outbox::list(own, now, Some("This account didn't send anything.")))
            }
        }
    };
    let title = format!("Messages of {}", account.display_name);
    let tool = Tool { title: &title, path: &path_of(account), confirmed: None };
    tool.page(&contents)
}

fn path_of(account: &Account) -> String {
    format!("{PATH}/{}", utf8_percent_encode(&account.address, NON_ALPHANUMERIC))
}

fn is_to(sent: &Sent, account: &Account) -> bool {
    let message = &sent.item.message;
    let mut recipients = message.to.iter().chain(&message.cc).chain(&message.bcc);
    recipients.any(|recipient| recipient.address.eq_ignore_ascii_case(account.mailbox()))
}

fn about(account: &Account) -> Markup {
    html! {
        (account.display_name) " · "
        @match account.kind {
            Kind::Work(organization) => (organization.domain),
            Kind::Personal => "personal",
        }
        " · "
        @match account.policy {
            ConsentPolicy::Managed => "can consent to some permissions",
            ConsentPolicy::Nobody => "can't consent to anything",
            ConsentPolicy::Everything => "can consent to everything",
        }
    }
}
