//! `/send`: the greeting and the form. The fields are plain HTML; the island around them takes the
//! submit where there is WebAssembly.

use leptos::prelude::*;

use super::Person;
use crate::{
    islands::{Compose, FieldError},
    title,
    wire::{Field, MailForm, SendOutcome},
};

/// What the mail page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPage {
    /// Who sends; nobody where the session ended before the form was posted.
    pub person: Option<Person>,
    /// The fields' contents: the welcome, or what was typed.
    pub form: MailForm,
    /// How the last press ended.
    pub outcome: Option<SendOutcome>,
    /// Seconds until the session can no longer send.
    pub ends_in: u32,
    /// Where the person finds what was sent.
    pub sent_items: String,
    /// The session's token has ended, and cannot be refreshed just now.
    pub waiting: bool,
}

impl SendPage {
    pub(super) fn title(&self) -> &'static str {
        title::send_page(self.outcome.as_ref())
    }

    fn wrong(&self) -> Option<Field> {
        match &self.outcome {
            Some(SendOutcome::NotSent(problem)) => problem.field,
            _ => None,
        }
    }
}

pub(super) fn view(page: SendPage) -> impl IntoView {
    let wrong = page.wrong();
    let form = page.form;
    let greeting =
        page.person.map_or_else(|| "Send mail".to_owned(), |it| format!("Hi, {}!", it.name));
    view! {
        <h1>{greeting}</h1>
        <p class="lead">"Write a message and send it from your own mailbox."</p>
        {page
            .waiting
            .then(|| {
                view! {
                    <p class="notice warning" role="status">
                        "Microsoft's sign-in service does not work just now. You stay connected and can \
                        write; sending has to wait until it is back."
                    </p>
                }
            })}
        <Compose outcome=page.outcome ends_in=page.ends_in sent_items=page.sent_items>
            <input type="hidden" name="key" id="key" value=form.key autocomplete="off" />
            <input
                type="hidden"
                name="account"
                id="account"
                value=form.account
                autocomplete="off"
            />
            <div class="field">
                <label for="to">"To"</label>
                <textarea
                    id="to"
                    name="to"
                    rows="1"
                    spellcheck="false"
                    autocapitalize="none"
                    autocomplete="email"
                    aria-describedby="to-hint to-error"
                    aria-invalid=invalid(wrong, Field::To)
                    autofocus=wrong == Some(Field::To)
                    inner_html=text(&form.to)
                ></textarea>
                <p id="to-hint" class="hint">
                    "Several addresses: put a comma, a semicolon or a new line between them."
                </p>
                <FieldError field=Field::To id="to-error".to_owned() />
            </div>
            <div class="field">
                <label for="subject">"Subject"</label>
                <input
                    type="text"
                    id="subject"
                    name="subject"
                    value=form.subject
                    aria-describedby="subject-error"
                    aria-invalid=invalid(wrong, Field::Subject)
                    autofocus=wrong == Some(Field::Subject)
                />
                <FieldError field=Field::Subject id="subject-error".to_owned() />
            </div>
            <div class="field">
                <label for="message">"Message"</label>
                <textarea
                    id="message"
                    name="message"
                    rows="12"
                    aria-describedby="message-error"
                    aria-invalid=invalid(wrong, Field::Message)
                    autofocus=wrong == Some(Field::Message)
                    inner_html=text(&form.message)
                ></textarea>
                <FieldError field=Field::Message id="message-error".to_owned() />
            </div>
        </Compose>
    }
}

fn invalid(wrong: Option<Field>, field: Field) -> &'static str {
    if wrong == Some(field) { "true" } else { "false" }
}

/// A text area's contents as HTML. HTML drops one newline after the tag, so one is given; and an
/// empty text would otherwise become the single space that Leptos writes for empty text nodes.
fn text(contents: &str) -> String {
    format!("\n{}", html_escape::encode_text(contents))
}
