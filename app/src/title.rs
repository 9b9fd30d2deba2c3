//! What the document is called, where browser and server both say it.

use crate::wire::SendOutcome;

/// The document's title on the page called `page`.
pub(crate) fn document_title(page: &str) -> String {
    format!("{page} · Graph Connect")
}

/// What the mail page is called after a press that ended like this.
pub(crate) const fn send_page(outcome: Option<&SendOutcome>) -> &'static str {
    match outcome {
        Some(SendOutcome::Sent(_)) => "Sent",
        Some(SendOutcome::NotSent(_)) => "Not sent",
        None => "Send mail",
    }
}
