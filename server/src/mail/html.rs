//! A message's plain text as HTML that looks as it was typed: indents, repeated spaces, line breaks
//! and blank lines are kept, web addresses become links, and markup that was typed is shown as text.
//!
//! Outlook for Windows lays mail out with Word's engine, which knows no `white-space`, and Gmail drops
//! `<style>`. So the layout is in the markup itself, as their own editors write it: one `<div>` for
//! each line, `<br>` in an empty one, and no-break spaces where HTML would collapse spaces.

use std::borrow::Cow;

use linkify::{LinkFinder, LinkKind};

/// The columns from one tab stop to the next, as in the text area of the page.
const TAB: usize = 8;

/// The HTML of `text`; nothing for an empty text.
#[must_use]
pub fn html_from_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut html = String::with_capacity(text.len() * 2);
    if text.is_empty() {
        return html;
    }
    for line in text.split('\n') {
        html.push_str("<div>");
        if line.is_empty() {
            html.push_str("<br>");
        } else {
            push_line(&mut html, &spaced(line));
        }
        html.push_str("</div>");
    }
    html
}

/// `line` with tabs as spaces up to the next stop, and with no-break spaces where HTML would show
/// fewer spaces than there are: all of an indent, and all but the last of several, after which a
/// line may still wrap.
fn spaced(line: &str) -> String {
    let mut expanded = String::with_capacity(line.len());
    let mut column = 0;
    for letter in line.chars() {
        let width = if letter == '\t' { TAB - column % TAB } else { 1 };
        if letter == '\t' {
            expanded.extend(std::iter::repeat_n(' ', width));
        } else {
            expanded.push(letter);
        }
        column += width;
    }
    let indent = expanded.len() - expanded.trim_start_matches(' ').len();
    let mut letters = expanded.char_indices().peekable();
    let mut spaced = String::with_capacity(expanded.len());
    while let Some((at, letter)) = letters.next() {
        let kept = letter == ' ' && (at < indent || letters.peek().is_none_or(|it| it.1 == ' '));
        spaced.push(if kept { '\u{a0}' } else { letter });
    }
    spaced
}

fn push_line(html: &mut String, line: &str) {
    let mut links = LinkFinder::new();
    links.kinds(&[LinkKind::Url]);
    for span in links.spans(line) {
        let text = escape(span.as_str());
        let web = span.as_str().starts_with("https://") || span.as_str().starts_with("http://");
        if span.kind().is_some() && web {
            html.push_str(&format!("<a href=\"{text}\">{text}</a>"));
        } else {
            html.push_str(&text.replace('\u{a0}', "&nbsp;"));
        }
    }
}

/// Escapes what has a meaning in HTML, in text and in a double-quoted attribute.
fn escape(text: &str) -> Cow<'_, str> {
    html_escape::encode_double_quoted_attribute(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::html_from_text;

    /// The tags of `html`, and its text with a space for each.
    fn tags_and_text(html: &str) -> (Vec<String>, String) {
        let (mut tags, mut text) = (Vec::new(), String::new());
        for part in html.split_inclusive('>') {
            let (before, tag) = part.split_once('<').unwrap_or((part, ""));
            text.push_str(before);
            if !tag.is_empty() {
                tags.push(tag.trim_end_matches('>').to_owned());
                text.push(' ');
            }
        }
        (tags, html_escape::decode_html_entities(&text).into_owned())
    }

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_text_becomes_markup_and_none_is_lost(
            text in r#"(<|>|"|'|&|=|/|\n|\r|script|onerror|javascript:|https://|a\.b|\PC| ){0,24}"#,
        ) {
            let (tags, shown) = tags_and_text(&html_from_text(&text));
            for tag in &tags {
                let link = tag.strip_prefix("a href=\"http").is_some_and(|it| {
                    it.ends_with('"') && !it[..it.len() - 1].contains(['"', '<', '>'])
                });
                prop_assert!(matches!(tag.as_str(), "div" | "/div" | "br" | "/a") || link, "{tag}");
            }
            let glued = |text: &str| words(text).concat();
            prop_assert_eq!(glued(&shown), glued(&text));
        }
    }

    #[test]
    fn lines_blank_lines_spaces_and_links_are_kept() {
        for (text, html) in [
            ("Hello", "<div>Hello</div>"),
            (
                "a\nb\n\n\nc\n",
                "<div>a</div><div>b</div><div><br></div><div><br></div><div>c</div><div><br></div>",
            ),
            ("a\r\n\r\nb", "<div>a</div><div><br></div><div>b</div>"),
            ("", ""),
            ("  - one", "<div>&nbsp;&nbsp;- one</div>"),
            (" one", "<div>&nbsp;one</div>"),
            ("a   b c ", "<div>a&nbsp;&nbsp; b c&nbsp;</div>"),
            ("ab\tc", "<div>ab&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; c</div>"),
            ("\tc", "<div>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;c</div>"),
            (
                "See  https://example.com/?a=1&b=2.",
                "<div>See&nbsp; <a href=\"https://example.com/?a=1&amp;b=2\">https://example.com/?a=1&amp;b=2</a>.</div>",
            ),
        ] {
            assert_eq!(html_from_text(text), html);
        }
    }

    /// What a reader sees: the text of `html` with its line breaks, where every run of spaces that
    /// may collapse is one space, and none at the beginning or end of a line.
    fn shown(html: &str) -> String {
        let lines = html.trim_start_matches("<div>").trim_end_matches("</div>");
        let line = |it: &str| {
            let text = tags_and_text(it).1.replace("  ", " ");
            text.trim_matches(' ').replace('\u{a0}', " ")
        };
        lines.split("</div><div>").map(line).collect::<Vec<_>>().join("\n")
    }

    proptest! {
        #[test]
        fn a_text_without_links_is_shown_as_it_was_typed(text in "[a-z \n]{1,40}") {
            prop_assert_eq!(shown(&html_from_text(&text)), text);
        }
    }

    #[test]
    fn typed_markup_is_text() {
        let html = html_from_text(
            "<script>alert(1)</script> \"https://x.example/\"onclick='a'\" javascript:alert(1)",
        );
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("\"onclick"), "{html}");
        assert!(!html.contains("href=\"javascript"), "{html}");
    }
}
