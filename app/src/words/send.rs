/// `/send`: the form and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct SendWords {
    /// What search engines and link previews say of this page.
    pub description: &'static str,
    /// The document's title while somebody writes.
    pub title: &'static str,
    /// The first heading, for the person with this name.
    pub greeting: fn(&str) -> String,
    /// The first heading where nobody is signed in any more.
    pub heading: &'static str,
    /// What this page is for.
    pub lead: &'static str,
    /// Signing in isn't possible at the moment, so that the token can't be refreshed.
    pub waiting: &'static str,
    /// Label of who sends.
    pub from: &'static str,
    /// Who sends, from name and address.
    pub sender: fn(&str, &str) -> String,
    /// Label of the recipients.
    pub to: &'static str,
    /// How to write several recipients.
    pub to_hint: &'static str,
    /// Label of the subject.
    pub subject: &'static str,
    /// Label of the text.
    pub message: &'static str,
    /// The button.
    pub send: &'static str,
    /// The button while a message is on its way.
    pub sending: &'static str,
    /// The button once a message may have been sent.
    pub send_again: &'static str,
    /// The button after the question about an empty subject or message.
    pub send_anyway: &'static str,
    /// The subject of the first message.
    pub welcome_subject: &'static str,
    /// The text of the first message, to the person with this name.
    pub welcome: fn(&str) -> String,
    /// The document's title after a message was sent.
    pub sent_title: &'static str,
    /// To whom it was sent: the first address, and how many others.
    pub sent: fn(&str, u32) -> String,
    /// What happens to it now, and from whom it is, which may be empty.
    pub accepted: fn(&str) -> String,
    /// The link to a fresh form.
    pub another: &'static str,
    /// The link to what was sent.
    pub sent_items: &'static str,
    /// The document's title when a message wasn't sent.
    pub not_sent_title: &'static str,
    /// The document's title when a message may have been sent.
    pub unknown_title: &'static str,
    /// The link to what was sent, for somebody who looks whether it was.
    pub check_sent_items: &'static str,
    /// The document's title when the session has ended.
    pub signed_out_title: &'static str,
    /// The link that begins a sign-in in a new tab.
    pub sign_in: &'static str,
    /// The link that begins a sign-in with another account in a new tab.
    pub other_account: &'static str,
}
