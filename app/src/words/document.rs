/// What surrounds every page.
#[derive(Clone, Copy, Debug)]
pub struct DocumentWords {
    /// The language of these words, as a BCP 47 tag.
    pub language: &'static str,
    /// The document's title on the page with this name.
    pub title: fn(&str) -> String,
    /// The link that leads the keyboard past the header.
    pub skip: &'static str,
    /// The name of this app.
    pub app: &'static str,
    /// The name of the bar that says that this is the sandbox.
    pub sandbox: &'static str,
    /// What the sandbox means.
    pub sandbox_note: &'static str,
    /// The link to what was sent there.
    pub outbox: &'static str,
    /// Where messages go and that nothing of them stays here.
    pub footer: &'static str,
}

/// The names of what support asks for. Where Microsoft names an id, its own name is used, so that
/// its support recognizes it.
#[derive(Clone, Copy, Debug)]
pub struct DetailsWords {
    /// What shows and hides the ids.
    pub summary: &'static str,
    /// This site's own id of a request, as its log has it.
    pub reference: &'static str,
    /// An OAuth error code.
    pub error: &'static str,
    /// The number in an error description, such as AADSTS65004.
    pub error_number: &'static str,
    /// What the service said, word for word.
    pub message: &'static str,
    /// Entra's trace ID.
    pub trace_id: &'static str,
    /// Entra's correlation ID.
    pub correlation_id: &'static str,
    /// When Entra answered.
    pub timestamp: &'static str,
    /// The HTTP status of Graph's answer.
    pub status: &'static str,
    /// Graph's error code.
    pub code: &'static str,
    /// Graph's `request-id`.
    pub request_id: &'static str,
    /// Graph's `client-request-id`.
    pub client_request_id: &'static str,
    /// When Graph answered.
    pub date: &'static str,
}
