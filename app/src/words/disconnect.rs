/// The question that "Disconnect" asks.
#[derive(Clone, Copy, Debug)]
pub struct DisconnectWords {
    /// The button that asks it.
    pub button: &'static str,
    /// Title of the page that asks it.
    pub title: &'static str,
    /// The question.
    pub question: &'static str,
    /// Ends the session here.
    pub here: Choice,
    /// Ends the session here and the one at Microsoft.
    pub microsoft: Choice,
    /// Changes nothing.
    pub cancel: &'static str,
}

/// A button and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// On the button.
    pub label: &'static str,
    /// Under it.
    pub hint: &'static str,
}
