//! What a client prefers about answers: which ids, texts with or without markup.
//!
//! Source: RFC 7240; <https://learn.microsoft.com/graph/api/message-get#request-headers>.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::graph::mail::id::IdType;

/// What the `Prefer` headers of a request say. What they say about other things is not heeded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prefer {
    /// Which ids.
    pub id_type: IdType,
    /// Which texts, if it says so.
    pub body: Option<BodyType>,
    /// How many resources a page of a delta query has at most, if it says so.
    pub page: Option<usize>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyType {
    /// Without markup.
    Text,
    /// With markup.
    Html,
}

impl Prefer {
    /// Reads the headers of a request.
    pub fn read(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
        for preference in lines.flat_map(|line| line.split([',', ';'])) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            match (name.trim().to_ascii_lowercase().as_str(), value.as_str()) {
                ("idtype", "immutableid") => prefer.id_type = IdType::ImmutableId,
                ("outlook.body-content-type", "text") => prefer.body = Some(BodyType::Text),
                ("outlook.body-content-type", "html") => prefer.body = Some(BodyType::Html),
                ("odata.maxpagesize", size) => prefer.page = size.parse().ok(),
                _ => {}
            }
        }
        prefer
    }

    /// Says in an answer what was heeded.
    pub fn applied(self, mut answer: Response) -> Response {
        let mut applied = Vec::new();
        if self.id_type == IdType::ImmutableId {
            applied.push("IdType=\"ImmutableId\"");
        }
        match self.body {
            Some(BodyType::Text) => applied.push("outlook.body-content-type=\"text\""),
            Some(BodyType::Html) => applied.push("outlook.body-content-type=\"html\""),
            None => {}
        }
        let page = self.page.map(|size| format!("odata.maxpagesize={size}"));
        applied.extend(page.as_deref());
        if !applied.is_empty()
            && let Ok(applied) = HeaderValue::try_from(applied.join(", "))
        {
            answer.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_stand_in_one_header_or_in_several_quoted_or_not() {
        let expected =
            Prefer { id_type: IdType::ImmutableId, body: Some(BodyType::Text), page: None };
        for lines in [
            vec!["IdType=\"ImmutableId\"", "outlook.body-content-type=\"text\""],
            vec!["IdType=\"ImmutableId\", outlook.body-content-type=\"text\""],
            vec!["idtype=immutableid, respond-async; wait=10,outlook.body-content-type=TEXT"],
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("prefer", line.parse().unwrap());
            }
            assert_eq!(Prefer::read(&headers), expected);
        }
        assert_eq!(Prefer::read(&HeaderMap::new()), Prefer::default());
    }
}
