/// Why a message wasn't sent, or isn't known to be.
#[derive(Clone, Copy, Debug)]
pub struct ProblemWords {
    /// The heading where Microsoft refused.
    pub refused_heading: &'static str,
    /// The heading where it wasn't sent for another reason.
    pub not_sent_heading: &'static str,
    /// The heading where it may have been sent.
    pub unknown_heading: &'static str,
    /// "To" is empty.
    pub nobody: Told,
    /// A part of "To" that isn't an address.
    pub not_an_address: Told<fn(&str) -> String>,
    /// "To" has more addresses than this.
    pub too_many: Told<fn(usize) -> String>,
    /// The subject has more characters than this.
    pub long_subject: Told<fn(usize) -> String>,
    /// The message is too long.
    pub long_message: Told,
    /// Asks about a message without a subject.
    pub no_subject: Told,
    /// Asks about a message without a text.
    pub no_message: Told,
    /// Asks about a message with neither.
    pub nothing: Told,
    /// The session has ended.
    pub signed_out: Told,
    /// The account with this address is signed in, and the message was begun as another.
    pub other_account: Told<fn(&str) -> String>,
    /// The form sent another text before.
    pub form_used: &'static str,
    /// Graph doesn't allow it, and says why, or nothing.
    pub denied: fn(&str) -> String,
    /// The account has no mailbox.
    pub no_mailbox: &'static str,
    /// The mailbox is full.
    pub mailbox_full: &'static str,
    /// The message is too large for Graph.
    pub too_large: &'static str,
    /// Graph asks for a pause of so many seconds.
    pub throttled: fn(u64) -> String,
    /// Graph doesn't take the recipients, and says why, or nothing.
    pub recipients_refused: fn(&str) -> String,
    /// Graph refuses for another reason, and says why, or nothing.
    pub refused: fn(&str) -> String,
    /// This site allows no more messages for so many seconds.
    pub too_often: Told<fn(u64) -> String>,
    /// The identity platform can't be reached.
    pub sign_in_down: &'static str,
    /// The identity platform doesn't answer in time.
    pub sign_in_slow: &'static str,
    /// The identity platform asks for a pause of so many seconds.
    pub sign_in_busy: fn(u64) -> String,
    /// The identity platform refuses this app's own credentials.
    pub app_refused: &'static str,
    /// This server can't write down that the form is used.
    pub not_kept: &'static str,
    /// Graph can't be reached.
    pub unreachable: &'static str,
    /// Graph didn't answer in time.
    pub no_answer: &'static str,
    /// Graph failed while it had the message.
    pub unclear: &'static str,
    /// The form was used before, and nobody knows any more how that ended.
    pub forgotten: &'static str,
    /// The browser has no network.
    pub offline: Told,
    /// No answer came back to the browser.
    pub lost: &'static str,
    /// The page is of another build than the server.
    pub outdated: Told,
    /// The request was larger than this site takes.
    pub request_too_large: &'static str,
    /// The request didn't arrive whole in time.
    pub request_too_slow: &'static str,
    /// The site refused the request for another reason.
    pub request_refused: &'static str,
}

/// What a notice says.
#[derive(Clone, Copy, Debug)]
pub struct Told<Text = &'static str> {
    /// What happened, in a few words.
    pub heading: &'static str,
    /// Whether anything was sent, and what to do now.
    pub text: Text,
}
