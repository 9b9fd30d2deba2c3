//! The pages that ask for consent: a person's own, an administrator's for everyone, and the one that
//! says that only an administrator may.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use crate::accounts::Account;
use crate::organization::Organization;
use crate::pages;
use crate::scope::Scope;

/// Asks the person who signed in for consent.
pub fn page(transaction: Uuid, app: &str, account: &Account, scopes: &BTreeSet<Scope>) -> Response {
    let main = html! {
        main.card {
            p.quiet { (account.address) }
            h1 { "Permissions requested" }
            p { strong { (app) } }
            h2 { "This app would like to:" }
            (permissions(scopes))
            p.quiet { "If you accept, the app keeps these permissions until you reset the sandbox." }
            form method="post" action="/sandbox/sign-in/consent" {
                input type="hidden" name="transaction" value=(transaction);
                @if account.administrator {
                    p {
                        label {
                            input type="checkbox" name="everyone" value="yes";
                            " Consent on behalf of your organization"
                        }
                    }
                }
                p.buttons {
                    button name="answer" value="accept" { "Accept" }
                    button.secondary name="answer" value="decline" { "Decline" }
                    button.secondary name="answer" value="cancel" { "Cancel" }
                }
            }
        }
    };
    pages::page(StatusCode::OK, "Permissions requested", &main)
}

/// Asks an administrator for consent for everyone.
pub fn for_everyone(
    transaction: Uuid,
    app: &str,
    organization: &Organization,
    scopes: &BTreeSet<Scope>,
) -> Response {
    let main = html! {
        main.card {
            p.quiet { "Administrator of " (organization.domain) }
            h1 { "Permissions requested" }
            p.quiet { "Accept for your organization" }
            p { strong { (app) } }
            h2 { "This app would like to:" }
            (permissions(scopes))
            p.quiet { "If you accept, the app gets these permissions for everyone in your organization, and no one is asked again." }
            form method="post" action="/sandbox/sign-in/admin" {
                input type="hidden" name="transaction" value=(transaction);
                p.buttons {
                    button name="answer" value="accept" { "Accept" }
                    button.secondary name="answer" value="cancel" { "Cancel" }
                }
            }
        }
    };
    pages::page(StatusCode::OK, "Permissions requested", &main)
}

/// Says that only an administrator can consent.
pub fn admin_needed(transaction: Uuid, app: &str, account: &Account) -> Response {
    let main = html! {
        main.card {
            p.quiet { (account.address) }
            h1 { "Need admin approval" }
            p { strong { (app) } }
            p {
                (app) " needs permissions that only an administrator of your organization can "
                "grant. Ask an administrator to grant them to this app before you use it. (AADSTS90094)"
            }
            form method="post" action="/sandbox/sign-in/consent" {
                input type="hidden" name="transaction" value=(transaction);
                p.buttons {
                    button.secondary name="answer" value="return" {
                        "Return to the application without granting consent"
                    }
                }
            }
        }
    };
    pages::page(StatusCode::OK, "Need admin approval", &main)
}

/// The permissions for people. Scopes with the same words share one line.
fn permissions(scopes: &BTreeSet<Scope>) -> Markup {
    let mut lines = Vec::new();
    for scope in scopes {
        let words = scope.words();
        if !lines.contains(&words) {
            lines.push(words);
        }
    }
    html! {
        ul.permissions {
            @for (heading, sentence) in lines {
                li { strong { (heading) } p { (sentence) } }
            }
        }
    }
}
