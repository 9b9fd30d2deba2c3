//! Splits `$filter`, `$orderby` and `$expand` into words.

use crate::graph::error::GraphError;

/// Splits at spaces and around parentheses, commas and semicolons, but not within single quotes, in which
/// a quote is written twice (OData 4.01, part 2, section 5.1.1.14.1).
pub fn split(text: &str) -> Result<Vec<String>, GraphError> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.push(letter);
            }
            ' ' | '(' | ')' | ',' | ';' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                if letter != ' ' {
                    words.push(letter.to_string());
                }
            }
            _ => word.push(letter),
        }
    }
    if quoted {
        return Err(GraphError::InvalidFilter);
    }
    if !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}
