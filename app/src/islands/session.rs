//! Notices the end of the session, and its return, before the person does.

use std::{cell::Cell, time::Duration};

use leptos::{
    leptos_dom::helpers::TimeoutHandle, prelude::set_timeout_with_handle, task::spawn_local,
};

use super::notice;
use crate::{api, wire::SessionStatus};

/// The longest wait between two questions, in seconds. A browser's timer takes at most 2^31
/// milliseconds (24 days); one that is longer goes off at once.
const DAY: u32 = 86_400;

thread_local! {
    /// The one timer there is.
    static NEXT: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
}

/// Asks whether the session still lives, and again when it should have ended.
pub(super) fn check() {
    spawn_local(async {
        match api::session().await {
            Ok(SessionStatus::Connected { sender, ends_in }) => {
                notice::show_session(true);
                notice::show_sender(&sender);
                check_in(ends_in);
            }
            Ok(SessionStatus::NotConnected) => notice::show_session(false),
            // No answer says nothing about the session.
            Err(_) => {}
        }
    });
}

/// Asks in so many seconds, and not when it would have been asked before.
pub(super) fn check_in(seconds: u32) {
    let delay = Duration::from_secs(u64::from(seconds.clamp(1, DAY)));
    let next = set_timeout_with_handle(check, delay).ok();
    if let Some(before) = NEXT.replace(next) {
        before.clear();
    }
}
