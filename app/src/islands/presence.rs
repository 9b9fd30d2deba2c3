//! Keeps the connect page true: asks who is connected and moves on when the answer has changed.
//!
//! A link from another site arrives without the session cookie (`SameSite=Strict`); this page's
//! own question carries it.

use leptos::{prelude::*, task::spawn_local};

use super::browser::{on_visible, reload_when_restored};
use crate::{api, wire::SessionStatus};

/// Watches the session behind a page that shows nobody (`connected` false) or somebody.
#[island]
pub fn Presence(
    /// What the page shows now.
    connected: bool,
    /// Where a connected person wants to be.
    move_on: String,
) -> impl IntoView {
    let move_on = StoredValue::new(move_on);
    let ask = move || {
        spawn_local(async move {
            match api::session().await {
                Ok(SessionStatus::Connected { .. }) if !connected => {
                    _ = window().location().replace(&move_on.get_value());
                }
                Ok(SessionStatus::NotConnected) if connected => {
                    _ = window().location().reload();
                }
                _ => {}
            }
        });
    };
    Effect::new(move || {
        if !connected {
            ask();
        }
        on_visible(ask);
        reload_when_restored();
    });
}
