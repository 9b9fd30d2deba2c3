//! The form's button and fields while a message is on its way, and while another press can't
//! succeed.

use std::time::Duration;

use leptos::prelude::set_timeout;

use web_sys::HtmlElement;

use super::browser::{attribute, element, set_attribute, set_shown, set_text};
use crate::wire::Field;

const BUTTON: &str = "send";
const COUNTDOWN: &str = "countdown";

/// Whether a press on the button does nothing. The button says so and stays enabled, so that it
/// keeps the focus.
pub(super) fn is_disabled() -> bool {
    attribute(BUTTON, "aria-disabled").is_some_and(|it| it == "true")
}

fn set_disabled(disabled: bool) {
    set_attribute(BUTTON, "aria-disabled", if disabled { "true" } else { "false" });
}

/// Whether a message is on its way.
pub(super) fn is_sending() -> bool {
    attribute(Field::To.id(), "readonly").is_some()
}

/// What the button says when no message is on its way.
pub(super) fn set_label(label: &str) {
    set_attribute(BUTTON, "data-label", label);
    set_text(BUTTON, label);
}

/// Whether sending is the main thing to do.
pub(super) fn set_primary(primary: bool) {
    set_attribute(BUTTON, "class", if primary { "button primary" } else { "button" });
}

/// Begins or ends a message's way. Meanwhile the fields can't be changed: what is typed then would be
/// neither sent nor, after "Write another", kept.
pub(super) fn set_sending(sending: bool) {
    set_disabled(sending);
    let label = attribute(BUTTON, if sending { "data-sending" } else { "data-label" });
    set_text(BUTTON, &label.unwrap_or_default());
    for field in Field::ALL {
        if let Some(element) = element::<HtmlElement>(field.id()) {
            _ = element.toggle_attribute_with_force("readonly", sending);
        }
    }
}

/// Disables the button for so many seconds, and counts them down beside it.
pub(super) fn wait(seconds: u32) {
    set_disabled(seconds > 0);
    set_shown(COUNTDOWN, seconds > 0);
    if seconds > 0 {
        let [minutes, tens, ones] = [seconds / 60, seconds % 60 / 10, seconds % 10];
        set_text(COUNTDOWN, &format!("{minutes}:{tens}{ones}"));
        set_timeout(move || wait(seconds - 1), Duration::from_secs(1));
    }
}
