//! The page that asks who signs in: one button for each account, named by its address.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use uuid::Uuid;

use crate::accounts::Account;
use crate::identity::aadsts::Refusal;
use crate::pages;

/// The account picker.
#[derive(Debug)]
pub struct Picker<'a> {
    /// What the application is called.
    pub app: &'a str,
    /// Whom to offer, in order.
    pub accounts: Vec<&'a Account>,
    /// Whose button has the focus.
    pub focused: Option<&'a Account>,
    /// Why the last choice did not do.
    pub refusal: Option<&'a Refusal>,
}

impl Picker<'_> {
    /// The page.
    pub fn page(&self, transaction: Uuid) -> Response {
        let main = html! {
            main.card {
                h1 { "Pick an account" }
                p.quiet { "to continue to " (self.app) }
                @if let Some(refusal) = self.refusal {
                    p.alert role="alert" { (refusal.to_string()) " Pick another account." }
                }
                form method="post" action="/sandbox/sign-in/account" {
                    input type="hidden" name="transaction" value=(transaction);
                    ul.accounts {
                        @for account in &self.accounts {
                            li {
                                span.avatar aria-hidden="true" { (initial(account)) }
                                button name="account" value=(account.address)
                                    aria-describedby=(account.graph_id)
                                    autofocus[self.focused == Some(account)] { (account.address) }
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
        let status = if self.refusal.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        pages::page(status, "Pick an account", &main)
    }
}

fn initial(account: &Account) -> String {
    account.display_name.chars().take(1).collect()
}
