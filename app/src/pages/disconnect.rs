//! The question that "Disconnect" asks: in a dialog, and on a page of its own at `/disconnect`.
//!
//! "Disconnect" is a form that leads to that page. Where a script runs and the browser can show a
//! modal dialog, the dialog is shown instead, so that nothing typed on the page is lost. A browser
//! that can't shows nothing of it: a `<dialog>` is hidden until it is opened.

use leptos::{nonce::use_nonce, prelude::*};

use crate::words::{Choice, DisconnectWords};

/// Opens the dialog where the form would leave the page.
const OPEN_DIALOG: &str = include_str!("disconnect.js");

/// The button, and the dialog it opens.
pub(super) fn button(words: &'static DisconnectWords) -> impl IntoView {
    view! {
        <form id="disconnect" action="/disconnect">
            <button type="submit" class="button">
                {words.button}
            </button>
        </form>
        // `closedby`: a press beside the dialog closes it, in browsers that know it.
        <dialog id="disconnect-dialog" class="dialog" closedby="any" aria-labelledby="disconnect-title">
            <form method="post" action="/logout">
                <h2 id="disconnect-title">{words.question}</h2>
                {choices(words)}
                <button type="submit" class="button subtle" formmethod="dialog">
                    {words.cancel}
                </button>
            </form>
        </dialog>
        <script nonce=use_nonce() inner_html=OPEN_DIALOG></script>
    }
}

/// `/disconnect`.
pub(super) fn view(words: &'static DisconnectWords) -> impl IntoView {
    view! {
        <article class="card">
            <h1>{words.question}</h1>
            <form method="post" action="/logout" class="choices">
                {choices(words)}
                <a class="button subtle" href="/send" rel="external">
                    {words.cancel}
                </a>
            </form>
        </article>
    }
}

fn choices(words: &DisconnectWords) -> impl IntoView + use<> {
    (choice(words.here, "here", "button primary"), choice(words.microsoft, "microsoft", "button"))
}

/// A button that posts how far to sign out, and what it does.
fn choice(words: Choice, value: &'static str, class: &'static str) -> impl IntoView {
    let hint = format!("{value}-hint");
    view! {
        <button type="submit" class=class name="where" value=value aria-describedby=hint.clone()>
            {words.label}
        </button>
        <p class="hint" id=hint>
            {words.hint}
        </p>
    }
}
