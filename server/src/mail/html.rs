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
    use super::html_from_text;

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
