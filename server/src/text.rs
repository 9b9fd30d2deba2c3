//! Text from elsewhere, cut to what an answer or a line of the log has room for.

/// The first letters of `text`.
#[must_use]
pub fn beginning(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
