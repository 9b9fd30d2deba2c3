//! The island around the send form: takes the submit, calls `send_mail`, shows how it ended, and
//! notices the end of the session before the person does.
//!
//! The fields are its children, plain HTML and uncontrolled: what is typed before this wakes, and
//! after a failure, stays where it is. Knows nothing of Graph.
//!
//! Words that never change stand in braces (`{"Details"}`): an element without anything in braces
//! is written through `innerHTML`, which the Content Security Policy forbids here.

use leptos::{ev::SubmitEvent, html::Form, prelude::*, task::spawn_local};
use web_sys::{FormData, HtmlInputElement, wasm_bindgen::JsCast};

use super::browser::{focus, on_visible, reload_when_restored};
use crate::{
    api::{self, CallError},
    title,
    wire::{Field, Ids, MailForm, Problem, Receipt, SendOutcome, SessionStatus},
};

const OUTCOME: &str = "outcome";

/// Without JavaScript the browser moves the focus to the result; with it, [`focus`] does.
const AUTOFOCUS: bool = cfg!(feature = "ssr");

/// What the form is doing, shared with the islands inside it.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    busy: RwSignal<bool>,
    ended: RwSignal<bool>,
    outcome: RwSignal<Option<SendOutcome>>,
}

impl Sending {
    /// Why the last press sent nothing.
    pub(super) fn problem(self) -> Option<Problem> {
        match self.outcome.get() {
            Some(SendOutcome::NotSent(problem)) => Some(problem),
            _ => None,
        }
    }

    fn is_sent(self) -> bool {
        self.outcome.with(|it| matches!(it, Some(SendOutcome::Sent(_))))
    }

    /// Asks whether the session still lives, and again when it should have ended.
    fn check_session(self) {
        spawn_local(async move {
            match api::session().await {
                Ok(SessionStatus::Connected { ends_in, .. }) => {
                    self.ended.set(false);
                    self.check_session_in(ends_in);
                }
                Ok(SessionStatus::NotConnected) => self.ended.set(true),
                // No answer says nothing about the session.
                Err(_) => {}
            }
        });
    }

    fn check_session_in(self, seconds: u32) {
        let delay = std::time::Duration::from_secs(u64::from(seconds.max(1)));
        set_timeout(move || self.check_session(), delay);
    }
}

/// The send form and what became of it.
#[island]
pub fn Compose(
    /// How the last press ended, where the page itself is the answer to it.
    outcome: Option<SendOutcome>,
    /// Seconds until the session can no longer send.
    ends_in: u32,
    /// Where the person finds what was sent.
    sent_items: String,
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let sending = Sending {
        busy: RwSignal::new(false),
        ended: RwSignal::new(ends_in == 0 || outcome.as_ref().is_some_and(needs_connecting)),
        outcome: RwSignal::new(outcome),
    };
    provide_context(sending);

    Effect::new(move || {
        if ends_in > 0 {
            sending.check_session_in(ends_in);
        }
        on_visible(move || sending.check_session());
        reload_when_restored();
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if sending.busy.get_untracked() {
            return;
        }
        let Some(mail) = form.get_untracked().and_then(|form| read(&form)) else {
            return;
        };
        sending.busy.set(true);
        spawn_local(async move {
            let outcome = api::send_mail(mail)
                .await
                .unwrap_or_else(|error| SendOutcome::NotSent(unanswered(&error)));
            show(&outcome);
            if needs_connecting(&outcome) {
                sending.ended.set(true);
            }
            sending.outcome.set(Some(outcome));
            sending.busy.set(false);
        });
    };
    let write_another = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        sending.outcome.set(None);
        entitle(None);
        focus("to");
    };

    view! {
        <div class="compose">
            {move || sending.ended.get().then(session_ended)}
            {move || match sending.outcome.get() {
                Some(SendOutcome::Sent(receipt)) => {
                    sent(receipt, sent_items.clone(), write_another).into_any()
                }
                Some(SendOutcome::NotSent(problem)) => not_sent(problem).into_any(),
                None => ().into_any(),
            }}
            <form
                method="post"
                action="/send"
                class="card form"
                novalidate
                hidden=move || sending.is_sent()
                on:submit=submit
                node_ref=form
            >
                {children()}
                <p class="actions">
                    <button type="submit" class="button primary" aria-disabled=move || {
                        sending.busy.get().then_some("true")
                    }>
                        {move || if sending.busy.get() { "Sending…" } else { "Send mail" }}
                    </button>
                </p>
            </form>
        </div>
    }
}

fn needs_connecting(outcome: &SendOutcome) -> bool {
    matches!(outcome, SendOutcome::NotSent(problem) if problem.connect)
}

/// Reads the form as a browser would post it.
fn read(form: &web_sys::HtmlFormElement) -> Option<MailForm> {
    let data = FormData::new_with_form(form).ok()?;
    let field = |name| data.get(name).as_string().unwrap_or_default();
    Some(MailForm {
        key: field("key"),
        account: field("account"),
        to: field("to"),
        subject: field("subject"),
        message: field("message"),
    })
}

fn entitle(outcome: Option<&SendOutcome>) {
    document().set_title(&title::document_title(title::send_page(outcome)));
}

/// What changes in the plain HTML around an outcome: the title, what the next press carries, the
/// mark on a wrong field, and the focus.
fn show(outcome: &SendOutcome) {
    entitle(Some(outcome));
    let (next_key, account, wrong) = match outcome {
        SendOutcome::Sent(receipt) => (Some(&receipt.next_key), None, None),
        SendOutcome::NotSent(problem) => {
            (problem.next_key.as_ref(), problem.account.as_ref(), problem.field)
        }
    };
    for (id, value) in [("key", next_key), ("account", account)] {
        let input = document().get_element_by_id(id).and_then(|it| it.dyn_into().ok());
        if let (Some(input), Some(value)) = (input, value) {
            HtmlInputElement::set_default_value(&input, value);
        }
    }
    for field in [Field::To, Field::Subject, Field::Message] {
        if let Some(element) = document().get_element_by_id(field.id()) {
            let mark = if wrong == Some(field) { "true" } else { "false" };
            _ = element.set_attribute("aria-invalid", mark);
        }
    }
    focus(wrong.map_or(OUTCOME, Field::id));
}

/// No answer came, or none from the form's own function. The key in the form stays, so a second press cannot send a second mail.
fn unanswered(error: &CallError) -> Problem {
    let (reason, advice) = match error {
        CallError::Offline => {
            ("This computer is offline.", "When it is back online, press Send mail again.")
        }
        CallError::TooLarge => (
            "That is more than this site takes at once. Nothing was sent.",
            "Shorten the message and press Send mail again.",
        ),
        CallError::TimedOut | CallError::Unreachable | CallError::Internal => (
            "No answer came back, so the mail may or may not have been sent.",
            "Press Send mail again to find out: if it was sent, it is not sent a second time.",
        ),
    };
    Problem {
        field: None,
        reason: reason.to_owned(),
        advice: advice.to_owned(),
        connect: false,
        ids: Ids::new(),
        next_key: None,
        account: None,
    }
}

fn session_ended() -> impl IntoView {
    view! {
        <div class="notice warning" role="alert">
            <p>
                <strong>{"Your session has ended. "}</strong>
                "What you typed stays here. Connect in a new tab, come back, and send."
            </p>
            <a class="button" href="/login" target="_blank" rel="external noopener">
                {"Connect"}
            </a>
        </div>
    }
}

fn sent(
    receipt: Receipt,
    sent_items: String,
    write_another: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    let people = match receipt.others {
        0 => receipt.to,
        1 => format!("{} and 1 other", receipt.to),
        others => format!("{} and {others} others", receipt.to),
    };
    view! {
        <div class="card notice success" role="status">
            <h2 id=OUTCOME tabindex="-1" autofocus=AUTOFOCUS>
                {format!("Successfully sent an email to {people}!")}
            </h2>
            <p>
                {"Microsoft Graph accepted it for delivery. A copy is in your Sent Items in a moment."}
            </p>
            <p class="actions">
                <a class="button primary" href="/send" rel="external" on:click=write_another>
                    "Write another"
                </a>
                <a class="button" href=sent_items target="_blank" rel="external noopener">
                    "View in Sent Items"
                </a>
            </p>
            {details(receipt.ids)}
        </div>
    }
}

fn not_sent(problem: Problem) -> impl IntoView {
    view! {
        <div class="notice error" role="alert">
            <h2 id=OUTCOME tabindex="-1" autofocus=AUTOFOCUS && problem.field.is_none()>
                "Something went wrong, couldn't send an email."
            </h2>
            <p>{problem.reason}</p>
            <p>{problem.advice}</p>
            {details(problem.ids)}
        </div>
    }
}

fn details(ids: Ids) -> Option<impl IntoView> {
    let rows = move |(label, value)| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    (!ids.is_empty()).then(|| {
        view! {
            <details>
                <summary>{"Details"}</summary>
                <dl>{ids.into_iter().map(rows).collect::<Vec<_>>()}</dl>
            </details>
        }
    })
}
