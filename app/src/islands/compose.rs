//! The island beside the mail page's form: takes the submit, calls `send_mail`, and has the page
//! show how it ended.
//!
//! Form and notices are plain HTML and uncontrolled: what is typed before this wakes, and after a
//! failure, stays where it is. Whatever fails in here leaves the plain form, which does the same: the
//! key in it keeps a message from being sent twice.
//!
//! It has no view, and hears what bubbles up to the window: an island with children, or with elements
//! that leptos listens to, would bring each visitor another 5 kB of WebAssembly to hydrate them.

use leptos::{
    ev::{self, MouseEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use web_sys::{FormData, HtmlFormElement};

use super::{
    browser::{attribute, element, is_shown, on_visible, reload_when_restored},
    button,
    notice::{self, FORM, OUTDATED},
    session,
};
use crate::{api, call_error::CallError};

/// Makes the form and its notices work without loading the page. Facts stand in the form's attributes:
/// `data-ends-in`, seconds until the session ends, and `data-wait`, seconds until a press can succeed.
#[island]
pub fn Compose() -> impl IntoView {
    if cfg!(feature = "hydrate") {
        wake();
    }
}

fn wake() {
    let fact = |name| attribute(FORM, name).and_then(|it| it.parse().ok()).unwrap_or(0);
    let ends_in = fact("data-ends-in");
    if ends_in > 0 {
        session::check_in(ends_in);
    }
    button::wait(fact("data-wait"));
    on_visible(session::check);
    _ = window_event_listener(ev::submit, submit);
    _ = window_event_listener(ev::click, write_another);
    for failure in ["error", "unhandledrejection"] {
        _ = window_event_listener_untyped(failure, |_| post_plainly());
    }
    reload_when_restored();
}

fn submit(event: SubmitEvent) {
    if event_target::<web_sys::Element>(&event).id() != FORM {
        return;
    }
    if button::is_disabled() {
        event.prevent_default();
        return;
    }
    if is_shown(OUTDATED) {
        // As a plain form it loads the page anew, with all that was typed.
        return;
    }
    let form = element::<HtmlFormElement>(FORM);
    let Some(data) = form.and_then(|it| FormData::new_with_form(&it).ok()) else { return };
    event.prevent_default();
    button::set_sending(true);
    spawn_local(async move {
        let answer = api::send_mail(data.into()).await;
        if answer == Err(CallError::Unsupported) {
            return post_plainly();
        }
        button::set_sending(false);
        match answer {
            Ok(result) => {
                notice::show_result(&result);
                button::wait(result.wait);
            }
            Err(error) => notice::show_unanswered(error),
        }
    });
}

/// Sends a message that is on its way as a plain form, where the browser lacks something, or a script
/// of this page has failed and nobody would hear the answer.
fn post_plainly() {
    if button::is_sending()
        && let Some(form) = element::<HtmlFormElement>(FORM)
    {
        _ = form.submit();
    }
}

/// Makes the form what it was when the page came, without loading the page again.
fn write_another(event: MouseEvent) {
    let pressed = event_target::<web_sys::Element>(&event);
    if pressed.id() != "another" || pressed.has_attribute("data-stale") {
        return;
    }
    event.prevent_default();
    if let Some(form) = element::<HtmlFormElement>(FORM) {
        form.reset();
    }
    notice::clear();
    notice::focus(element("to"));
    session::check();
}
