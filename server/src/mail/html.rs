//! A message's plain text as HTML: paragraphs, line breaks and links are kept; markup that was
//! typed is shown as it was typed.

use std::borrow::Cow;

use linkify::{LinkFinder, LinkKind};

/// The HTML of `text`.
#[must_use]
pub fn html_from_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut html = String::with_capacity(text.len() * 2);
    for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
        html.push_str("<p>");
        for (index, line) in paragraph.trim_matches('\n').split('\n').enumerate() {
            if index > 0 {
                html.push_str("<br>");
            }
            push_line(&mut html, line);
        }
        html.push_str("</p>");
    }
    html
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
            html.push_str(&text);
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
                prop_assert!(matches!(tag.as_str(), "p" | "/p" | "br" | "/a") || link, "{tag}");
            }
            let glued = |text: &str| words(text).concat();
            prop_assert_eq!(glued(&shown), glued(&text));
        }
    }

    #[test]
    fn paragraphs_lines_and_links_are_kept() {
        for (text, html) in [
            ("Hello", "<p>Hello</p>"),
            ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
            ("a\r\n\r\nb", "<p>a</p><p>b</p>"),
            ("", ""),
            (
                "See https://example.com/?a=1&b=2.",
                "<p>See <a href=\"https://example.com/?a=1&amp;b=2\">https://example.com/?a=1&amp;b=2</a>.</p>",
            ),
        ] {
            assert_eq!(html_from_text(text), html);
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
