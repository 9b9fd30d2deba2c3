//! `/send`: the greeting, the notices and the form. All of it is plain HTML; the island beside them
//! takes the submit where there is WebAssembly.

use leptos::prelude::*;

use super::{Frame, Person, notice::notices};
use crate::{
    islands::Compose,
    wire::{Field, MailForm, Outcome, SendResult, Sender},
    words::{SendWords, Words},
};

/// What the mail page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPage {
    /// Who sends; nobody where the session ended before the form was posted.
    pub person: Option<Person>,
    /// The fields' contents: the welcome, or what was typed.
    pub form: MailForm,
    /// How the last press ended.
    pub result: Option<SendResult>,
    /// Seconds until the session can no longer send.
    pub ends_in: u32,
    /// The session's token has ended, and can't be refreshed now.
    pub waiting: bool,
}

impl SendPage {
    pub(super) fn title(&self, words: &SendWords) -> &'static str {
        match self.result.as_ref().map(|it| it.outcome) {
            Some(Outcome::Sent) => words.sent_title,
            Some(Outcome::NotSent) => words.not_sent_title,
            Some(Outcome::Unknown) => words.unknown_title,
            Some(Outcome::SignedOut) => words.signed_out_title,
            None => words.title,
        }
    }
}

impl Person {
    /// This person, as the mail page names them.
    #[must_use]
    pub fn sender(self, words: &SendWords) -> Sender {
        Sender {
            from: (words.sender)(&self.name, &self.address),
            greeting: (words.greeting)(&self.name),
            name: self.name,
            address: self.address,
        }
    }
}

pub(super) fn view(frame: &Frame, page: SendPage) -> impl IntoView + use<> {
    let words = frame.words;
    let send = &words.send;
    let sender = page.person.as_ref().map(|person| person.clone().sender(send));
    let greeting =
        sender.as_ref().map_or_else(|| send.heading.to_owned(), |it| it.greeting.clone());
    let notices = match &page.result {
        None => view! { <div class="notices" inner_html=frame.notices.clone()></div> }.into_any(),
        result => {
            let notices = notices(words, result.as_ref(), &frame.sent_items);
            view! { <div class="notices">{notices}</div> }.into_any()
        }
    };
    let waiting = page.waiting;
    let form = form(words, page, sender).into_any();
    view! {
        <h1 id="greeting">{greeting}</h1>
        <p class="lead">{send.lead}</p>
        {waiting
            .then(|| {
                view! {
                    <p class="notice warning" role="status">
                        {send.waiting}
                    </p>
                }
            })}
        <div class="compose">{notices} {form}</div>
        <Compose />
    }
}

fn form(words: &'static Words, page: SendPage, sender: Option<Sender>) -> impl IntoView {
    let send = &words.send;
    let result = page.result.as_ref();
    let form = page.form;
    let hidden = [("key", form.key), ("account", form.account), ("confirmed", form.confirmed)];
    let (address, from) = sender.map(|it| (it.address, it.from)).unzip();
    view! {
        <form
            id="form"
            method="post"
            action="/send"
            class="card form"
            novalidate
            hidden=result.is_some_and(|it| it.outcome == Outcome::Sent)
            data-title=(words.document.title)(send.title)
            data-address=address
            data-ends-in=page.ends_in.to_string()
            data-wait=result.map(|it| it.wait.to_string())
        >
            {hidden
                .map(|(name, value)| {
                    view! { <input type="hidden" name=name id=name value=value autocomplete="off" /> }
                })
                .collect_view()}
            <div class="field">
                <label for="from">{send.from}</label>
                // Says it aloud when another person is connected than before.
                <output id="from">{from}</output>
            </div>
            <div class="field">
                <label for="to">{send.to}</label>
                <textarea
                    id="to"
                    name="to"
                    rows="1"
                    spellcheck="false"
                    autocapitalize="none"
                    autocomplete="email"
                    aria-describedby="to-hint to-error"
                    aria-invalid=invalid(result, Field::To)
                    autofocus=is_wrong(result, Field::To)
                    inner_html=text(&form.to)
                ></textarea>
                <p id="to-hint" class="hint">
                    {send.to_hint}
                </p>
                {error(result, Field::To)}
            </div>
            <div class="field">
                <label for="subject">{send.subject}</label>
                <input
                    type="text"
                    id="subject"
                    name="subject"
                    value=form.subject
                    aria-describedby="subject-error"
                    aria-invalid=invalid(result, Field::Subject)
                    autofocus=is_wrong(result, Field::Subject)
                />
                {error(result, Field::Subject)}
            </div>
            <div class="field">
                <label for="message">{send.message}</label>
                <textarea
                    id="message"
                    name="message"
                    rows="12"
                    aria-describedby="message-error"
                    aria-invalid=invalid(result, Field::Message)
                    autofocus=is_wrong(result, Field::Message)
                    inner_html=text(&form.message)
                ></textarea>
                {error(result, Field::Message)}
            </div>
            {button(send, result)}
        </form>
    }
    .into_any()
}

fn button(words: &'static SendWords, result: Option<&SendResult>) -> impl IntoView + use<> {
    let label = result.map_or_else(|| words.send.to_owned(), |it| it.button.clone());
    let doubtful = result.is_some_and(|it| it.outcome == Outcome::Unknown);
    view! {
        <p class="actions">
            <button
                type="submit"
                id="send"
                class=if doubtful { "button" } else { "button primary" }
                data-label=label.clone()
                data-sending=words.sending
            >
                {label.clone()}
            </button>
            <span id="countdown" role="timer" hidden></span>
        </p>
    }
}

fn is_wrong(result: Option<&SendResult>, field: Field) -> bool {
    result.is_some_and(|it| it.field == Some(field))
}

fn invalid(result: Option<&SendResult>, field: Field) -> &'static str {
    if is_wrong(result, field) { "true" } else { "false" }
}

/// What is wrong with `field`; an empty paragraph while nothing is.
fn error(result: Option<&SendResult>, field: Field) -> impl IntoView + use<> {
    let text = result.filter(|it| it.field == Some(field)).map(|it| it.text.clone());
    view! {
        <p id=field.error_id() class="field-error">
            {text}
        </p>
    }
}

/// A text area's contents as HTML. HTML drops one newline after the tag, so one is given; and an
/// empty text would otherwise become the single space that Leptos writes for empty text nodes.
fn text(contents: &str) -> String {
    format!("\n{}", html_escape::encode_text(contents))
}
