//! The notices above the form of the mail page. All are in the page, and the island fills and shows
//! them; the one that is shown already tells how the press before this page ended.

use leptos::prelude::*;

use crate::{
    wire::{Ids, Outcome, SendResult},
    words::{Told, Words},
};

/// Every notice, none of them shown, as HTML: what the mail page has before the first press.
#[must_use]
pub fn hidden_notices(words: &'static Words, sent_items: &str) -> String {
    notices(words, None, sent_items).to_html()
}

/// Every notice. `result` tells which of them is shown, if one is.
pub(super) fn notices(
    words: &'static Words,
    result: Option<&SendResult>,
    sent_items: &str,
) -> impl IntoView + use<> {
    let (send, problem) = (&words.send, &words.problem);
    let of = |outcome| result.filter(|it| it.outcome == outcome);
    let other_account = result.is_some_and(|it| it.other_account);
    let lost = Told { heading: problem.unknown_heading, text: problem.lost };
    let not_sent = |text| Told { heading: problem.not_sent_heading, text };
    let check = || {
        view! {
            <a class="button primary" href=sent_items.to_owned() target="_blank" rel="external noopener">
                {send.check_sent_items}
            </a>
        }
        .into_any()
    };
    let sent = view! {
        <a id="another" class="button primary" href="/send" rel="external">
            {send.another}
        </a>
        <a class="button" href=sent_items.to_owned() target="_blank" rel="external noopener">
            {send.sent_items}
        </a>
    };
    let other = view! {
        <a
            id="other-account"
            class="button"
            href="/login?prompt=select_account"
            target="_blank"
            rel="external opener"
            hidden=!other_account
        >
            {send.other_account}
        </a>
    };
    // Of the same origin, and `opener`: WebKit says of every other link to a new tab that another
    // site began it. The answers' Cross-Origin-Opener-Policy takes the way back from the new tab.
    let sign_in = view! {
        <a class="button" href="/login" target="_blank" rel="external opener">
            {send.sign_in}
        </a>
    };
    let signed_out = of(Outcome::SignedOut);
    let title = words.document.title;
    let answer = |outcome: Outcome, kind, title, actions| {
        notice(
            words,
            outcome.id(),
            kind,
            title,
            of(outcome),
            Told { heading: "", text: "" },
            actions,
        )
    };
    let local =
        |id, kind, title, told, actions| notice(words, id, kind, title, None, told, actions);
    let not_sent_title = title(send.not_sent_title);
    let unknown_title = title(send.unknown_title);
    view! {
        {answer(Outcome::Sent, "card notice success", title(send.sent_title), sent.into_any())}
        {answer(Outcome::NotSent, "notice error", not_sent_title.clone(), other.into_any())}
        {answer(Outcome::Unknown, "notice warning", unknown_title.clone(), check())}
        {notice(
            words,
            Outcome::SignedOut.id(),
            "notice warning",
            title(send.signed_out_title),
            signed_out,
            problem.signed_out,
            sign_in.into_any(),
        )}
        {local("lost", "notice warning", unknown_title, lost, check())}
        {local("offline", "notice error", not_sent_title.clone(), problem.offline, ().into_any())}
        {local("outdated", "notice error", not_sent_title.clone(), problem.outdated, ().into_any())}
        {[
            ("too-large", problem.request_too_large),
            ("too-slow", problem.request_too_slow),
            ("refused", problem.request_refused),
        ]
            .map(|(id, text)| {
                local(id, "notice error", not_sent_title.clone(), not_sent(text), ().into_any())
            })
            .collect_view()}
    }
}

/// One notice: with what a result says, or hidden and with words for when no result comes.
fn notice(
    words: &'static Words,
    id: &'static str,
    kind: &'static str,
    title: String,
    result: Option<&SendResult>,
    told: Told,
    actions: AnyView,
) -> AnyView {
    let shown = result.is_some();
    let heading = result.map_or_else(|| told.heading.to_owned(), |it| it.heading.clone());
    let text = result.map_or_else(|| told.text.to_owned(), |it| it.text.clone());
    let ids = result.map(|it| it.ids.clone()).unwrap_or_default();
    let role = if id == Outcome::Sent.id() { "status" } else { "alert" };
    view! {
        <section id=id class=kind role=role data-title=title hidden=!shown>
            <h2 tabindex="-1" autofocus=result.is_some_and(|it| it.field.is_none())>
                {heading}
            </h2>
            <p>{text}</p>
            <div class="actions">{actions}</div>
            {details(words, ids)}
        </section>
    }
    .into_any()
}

fn details(words: &'static Words, ids: Ids) -> impl IntoView {
    let hidden = ids.is_empty();
    let row = |(label, value)| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    view! {
        <details hidden=hidden>
            <summary>{words.details.summary}</summary>
            <dl>{ids.into_iter().map(row).collect_view()}</dl>
        </details>
    }
}
