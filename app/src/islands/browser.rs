//! Small things islands ask of the browser. Knows neither mail nor sessions.

use leptos::{ev, prelude::*};
use web_sys::{HtmlElement, VisibilityState, wasm_bindgen::JsCast};

/// The element with this `id`, which is a `T` in every page of this app.
pub(super) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id).map(JsCast::unchecked_into)
}

/// The text of an attribute of the element with this `id`.
pub(super) fn attribute(id: &str, name: &str) -> Option<String> {
    element::<HtmlElement>(id)?.get_attribute(name)
}

/// Gives the element with this `id` an attribute.
pub(super) fn set_attribute(id: &str, name: &str, value: &str) {
    if let Some(found) = element::<HtmlElement>(id) {
        _ = found.set_attribute(name, value);
    }
}

/// Puts `text` into the element with this `id`.
pub(super) fn set_text(id: &str, text: &str) {
    if let Some(found) = element::<HtmlElement>(id) {
        found.set_text_content(Some(text));
    }
}

/// Whether the element with this `id` is shown.
pub(super) fn is_shown(id: &str) -> bool {
    element::<HtmlElement>(id).is_some_and(|it| !it.hidden())
}

/// Shows the element with this `id`, or hides it.
pub(super) fn set_shown(id: &str, shown: bool) {
    if let Some(found) = element::<HtmlElement>(id) {
        found.set_hidden(!shown);
    }
}

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
