//! Owns the page that asks who signs in: one button for each account, named by its address.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use uuid::Uuid;

use crate::accounts::Account;
use crate::directory::Directory;
use crate::identity::aadsts::Refusal;
use crate::pages;

/// The account picker. The hinted account comes first and has the focus.
pub fn page(
    transaction: Uuid,
    app: &str,
    directory: &Directory,
    hint: Option<&str>,
    refusal: Option<&Refusal>,
) -> Response {
    let hinted = hint.and_then(|hint| directory.by_address(hint));
    let others = directory.accounts.iter().filter(|account| Some(*account) != hinted);
    let main = html! {
        main.card {
            h1 { "Pick an account" }
            p.quiet { "to continue to " (app) }
            @if let Some(refusal) = refusal {
                p.alert role="alert" { (refusal.to_string()) " Pick another account." }
            }
            form method="post" action="/sandbox/sign-in/account" {
                input type="hidden" name="transaction" value=(transaction);
                ul.accounts {
                    @for account in hinted.into_iter().chain(others) {
                        li {
                            span.avatar aria-hidden="true" { (initial(account)) }
                            button name="account" value=(account.address)
                                aria-describedby=(account.graph_id)
                                autofocus[hinted == Some(account)] { (account.address) }
                            p id=(account.graph_id) {
                                (account.display_name) br; (account.about)
                            }
                        }
                    }
                }
                p.buttons { button.secondary { "Cancel" } }
            }
        }
    };
    let status = if refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages::page(status, "Pick an account", &main)
}

fn initial(account: &Account) -> String {
    account.display_name.chars().take(1).collect()
}
