//! The notices above the form. All of them are in the page, at most one is shown: that is the state
//! of the page, and there is no other copy of it.

use leptos::prelude::{document, request_animation_frame};
use web_sys::{Element, HtmlElement};

use super::{
    browser::{attribute, element, is_shown, set_attribute, set_shown, set_text},
    button,
};
use crate::{
    call_error::CallError,
    wire::{Field, Outcome, SendResult, Sender},
};

/// The `id`s of the notices that tell of a press without an answer, whose texts are all in the page.
const fn unanswered(error: CallError) -> &'static str {
    match error {
        CallError::Offline => "offline",
        CallError::Lost | CallError::Unsupported => "lost",
        CallError::Outdated => OUTDATED,
        CallError::TooLarge => "too-large",
        CallError::TooSlow => "too-slow",
        CallError::Refused => "refused",
    }
}

/// The `id` of the notice that tells that the page is of another build than the server.
pub(super) const OUTDATED: &str = "outdated";

const ALL: [&str; 10] = [
    Outcome::Sent.id(),
    Outcome::NotSent.id(),
    Outcome::Unknown.id(),
    Outcome::SignedOut.id(),
    unanswered(CallError::Offline),
    unanswered(CallError::Lost),
    unanswered(CallError::Outdated),
    unanswered(CallError::TooLarge),
    unanswered(CallError::TooSlow),
    unanswered(CallError::Refused),
];

/// The `id` of the form, which is shown unless the message was sent.
pub(super) const FORM: &str = "form";

/// Shows one notice, or none, and names the document after it.
fn show(id: Option<&str>) {
    for each in ALL {
        set_shown(each, id == Some(each));
    }
    set_shown(FORM, id != Some(Outcome::Sent.id()));
    if let Some(title) = attribute(id.unwrap_or(FORM), "data-title") {
        document().set_title(&title);
    }
}

/// Takes every notice and every mark on a field away.
pub(super) fn clear() {
    mark(None, "");
    button::set_primary(true);
    show(None);
}

/// Shows whether there is a session. What is known about a message stays: it is not less true
/// without a session, and the next press tells of that.
pub(super) fn show_session(connected: bool) {
    let signed_out = Outcome::SignedOut.id();
    let certain = is_shown(FORM) && !is_shown(Outcome::Unknown.id()) && !is_shown("lost");
    if connected && is_shown(signed_out) {
        show(None);
    } else if !connected && certain {
        show(Some(signed_out));
    }
}

/// Shows why no answer came.
pub(super) fn show_unanswered(error: CallError) {
    mark(None, "");
    show(Some(unanswered(error)));
    focus_heading(unanswered(error));
}

/// Shows how a press ended, and prepares the form for the next one.
pub(super) fn show_result(result: &SendResult) {
    let id = result.outcome.id();
    fill(id, result);
    mark(result.field, &result.text);
    if let Some(sender) = &result.sender {
        show_sender(sender);
    }
    for (id, value) in [
        ("key", &result.hidden.key),
        ("account", &result.hidden.account),
        ("confirmed", &result.hidden.confirmed),
    ] {
        set_attribute(id, "value", value);
    }
    button::set_label(&result.button);
    button::set_primary(result.outcome != Outcome::Unknown);
    set_shown("other-account", result.other_account);
    show(Some(id));
    match result.field {
        Some(field) => focus(element(field.id())),
        None => focus_heading(id),
    }
}

/// Names who is connected, wherever the page does.
pub(super) fn show_sender(sender: &Sender) {
    let same = attribute(FORM, "data-address").as_ref() == Some(&sender.address);
    if !same {
        // "Write another" then loads the page: its first texts name the person it was made for.
        set_attribute("another", "data-stale", "");
    }
    for (id, text) in [
        ("greeting", &sender.greeting),
        ("from", &sender.from),
        ("account-name", &sender.name),
        ("account-address", &sender.address),
    ] {
        set_text(id, text);
    }
}

/// Puts a result's texts and ids into its notice.
fn fill(id: &str, result: &SendResult) -> Option<()> {
    let notice: HtmlElement = element(id)?;
    let find = |selector| notice.query_selector(selector).ok().flatten();
    find("h2")?.set_text_content(Some(&result.heading));
    find("p")?.set_text_content(Some(&result.text));
    let list = find("dl")?;
    list.set_text_content(None);
    for (label, value) in &result.ids {
        for (tag, text) in [("dt", label), ("dd", value)] {
            let item: Element = document().create_element(tag).ok()?;
            item.set_text_content(Some(text));
            _ = list.append_child(&item);
        }
    }
    find("details")?.toggle_attribute_with_force("hidden", result.ids.is_empty()).ok()?;
    Some(())
}

/// Marks the field that is wrong, and takes the mark from the others.
fn mark(wrong: Option<Field>, text: &str) {
    for field in Field::ALL {
        let is_wrong = wrong == Some(field);
        set_attribute(field.id(), "aria-invalid", if is_wrong { "true" } else { "false" });
        set_text(field.error_id(), if is_wrong { text } else { "" });
    }
}

fn focus_heading(id: &str) {
    let heading = element::<HtmlElement>(id).and_then(|it| it.query_selector("h2").ok()?);
    focus(heading.map(web_sys::wasm_bindgen::JsCast::unchecked_into));
}

/// Moves the keyboard focus, once the element is shown.
pub(super) fn focus(element: Option<HtmlElement>) {
    request_animation_frame(move || {
        if let Some(element) = element {
            _ = element.focus();
        }
    });
}
