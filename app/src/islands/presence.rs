//! Keeps the connect page true: asks who is connected and moves on when the answer has changed.
//!
//! A link from another site arrives without the session cookie (`SameSite=Strict`); this page's
//! own question carries it.

use leptos::{prelude::*, task::spawn_local};

use super::browser::{attribute, on_visible, reload_when_restored};
use crate::{api, wire::SessionStatus};

/// Watches the session behind a page that shows nobody or somebody. The element `presence` of a page
/// that shows nobody says in `data-move-on` where a connected person wants to be.
#[island]
pub fn Presence() -> impl IntoView {
    if cfg!(feature = "hydrate") {
        if move_on().is_some() {
            ask();
        }
        on_visible(ask);
        reload_when_restored();
    }
}

fn move_on() -> Option<String> {
    attribute("presence", "data-move-on")
}

fn ask() {
    spawn_local(async {
        match (api::session().await, move_on()) {
            (Ok(SessionStatus::Connected { .. }), Some(move_on)) => {
                _ = window().location().replace(&move_on);
            }
            (Ok(SessionStatus::NotConnected), None) => {
                _ = window().location().reload();
            }
            _ => {}
        }
    });
}
