//! Small things islands ask of the browser. Knows neither mail nor sessions.

use leptos::{ev, prelude::*};
use web_sys::{HtmlElement, VisibilityState, wasm_bindgen::JsCast};

/// Calls `then` each time this tab comes back to the front.
pub(super) fn on_visible(then: impl Fn() + 'static) {
    _ = window_event_listener(ev::visibilitychange, move |_| {
        if document().visibility_state() == VisibilityState::Visible {
            then();
        }
    });
}

/// Reloads a page that the browser brings back from its back-forward cache, so that Back after
/// "Disconnect" shows nothing of the person.
pub(super) fn reload_when_restored() {
    _ = window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            _ = window().location().reload();
        }
    });
}

/// Moves the keyboard focus to the element with this id, once it is on the page.
pub(super) fn focus(id: &'static str) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(id);
        if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            _ = element.focus();
        }
    });
}
