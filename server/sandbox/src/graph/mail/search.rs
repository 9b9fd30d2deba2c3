//! `$search` on messages: words, phrases and the documented properties, joined by `AND`, `OR` and `NOT`, as
//! the Keyword Query Language has them. Parentheses, `NEAR` and synonyms are left out.
//!
//! Source: <https://learn.microsoft.com/graph/search-query-parameter#using-search-on-message-collections>.

use time::Date;
use time::macros::format_description;

use crate::graph::error::GraphError;
use crate::graph::mail::address::Recipient;
use crate::graph::mail::item::Item;
use crate::graph::mail::message::Importance;

/// What is looked for: one of these lists of terms has to fit whole.
#[derive(Debug)]
pub struct Search(Vec<Vec<Term>>);

#[derive(Debug)]
struct Term {
    wanted: bool,
    property: Option<String>,
    value: String,
}

impl Search {
    /// Reads the value of `$search`: within double quotes, or one bare word.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let refused = GraphError::InvalidOption("search");
        let text = text.trim();
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let inner = match quoted {
            Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
            None if !text.is_empty() && text.chars().all(char::is_alphanumeric) => text.to_owned(),
            None => return Err(refused),
        };
        let (mut alternatives, mut terms, mut wanted) = (Vec::new(), Vec::new(), true);
        for word in words(&inner) {
            match word.as_str() {
                "AND" => {}
                "OR" => alternatives.push(std::mem::take(&mut terms)),
                "NOT" => wanted = false,
                word => {
                    terms.push(Term::parse(word, wanted)?);
                    wanted = true;
                }
            }
        }
        alternatives.push(terms);
        if alternatives.iter().any(Vec::is_empty) { Err(refused) } else { Ok(Self(alternatives)) }
    }

    /// Whether a message is found.
    pub fn admits(&self, item: &Item) -> bool {
        self.0.iter().any(|terms| terms.iter().all(|term| term.fits(item) == term.wanted))
    }
}

const PROPERTIES: [&str; 17] = [
    "attachment",
    "bcc",
    "body",
    "cc",
    "from",
    "hasattachment",
    "hasattachments",
    "importance",
    "isread",
    "kind",
    "participants",
    "received",
    "recipients",
    "sent",
    "size",
    "subject",
    "to",
];

impl Term {
    fn parse(word: &str, wanted: bool) -> Result<Self, GraphError> {
        let (wanted, word) = word.strip_prefix('-').map_or((wanted, word), |rest| (false, rest));
        let at = word.find([':', '<', '>', '=']).filter(|at| !word.starts_with('"') && *at > 0);
        let (property, value) = at.map_or((None, word), |at| {
            let (name, value) = word.split_at(at);
            (Some(name.to_lowercase()), value.strip_prefix(':').unwrap_or(value))
        });
        if property.as_ref().is_some_and(|name| !PROPERTIES.contains(&name.as_str())) {
            return Err(GraphError::InvalidOption("search"));
        }
        // A guess: words are what is searched for, so that an apostrophe at their ends means nothing. Some
        // clients write them there.
        let value = value.replace('"', "").trim_matches('\'').to_lowercase();
        Ok(Self { wanted, property, value })
    }

    fn fits(&self, item: &Item) -> bool {
        let message = &item.message;
        let has = |text: &str| contains(text, &self.value);
        let anybody = |lists: &[&[Recipient]]| {
            let mut people = lists.iter().copied().flatten();
            people.any(|it| has(&it.address) || it.name.as_deref().is_some_and(has))
        };
        let from = message.from.as_slice();
        let is = |flag: bool| self.value == flag.to_string();
        match self.property.as_deref() {
            None => anybody(&[from]) || has(&message.subject) || has(&message.body.as_text()),
            Some("subject") => has(&message.subject),
            Some("body") => has(&message.body.as_text()),
            Some("from") => anybody(&[from]),
            Some("to") => anybody(&[&message.to]),
            Some("cc") => anybody(&[&message.cc]),
            Some("bcc") => anybody(&[&message.bcc]),
            Some("recipients") => anybody(&[&message.to, &message.cc, &message.bcc]),
            Some("participants") => anybody(&[from, &message.to, &message.cc, &message.bcc]),
            Some("attachment") => message.attachments.iter().any(|file| has(&file.name)),
            Some("hasattachment" | "hasattachments") => {
                is(message.attachments.iter().any(|file| !file.is_inline))
            }
            Some("isread") => is(message.is_read),
            Some("kind") => self.value == "email",
            Some("importance") => {
                let names: &[&str] = match message.importance {
                    Importance::Low => &["low"],
                    Importance::Normal => &["medium", "normal"],
                    Importance::High => &["high"],
                };
                names.contains(&self.value.as_str())
            }
            Some("received") => self.is_within(day, item.received.date()),
            Some("sent") => self.is_within(day, item.sent.date()),
            Some("size") => self.is_within(|text| text.parse().ok(), message.size()),
            Some(_) => false,
        }
    }

    /// Whether `3`, `>3`, `>=3`, `<3`, `<=3` or `1..5` is true of a value.
    fn is_within<T: PartialOrd>(&self, read: impl Fn(&str) -> Option<T>, found: T) -> bool {
        let text = self.value.as_str();
        let holds =
            |rest: &str, test: fn(&T, &T) -> bool| read(rest).is_some_and(|it| test(&found, &it));
        if let Some((low, high)) = text.split_once("..") {
            holds(low, T::ge) && holds(high, T::le)
        } else if let Some(rest) = text.strip_prefix(">=") {
            holds(rest, T::ge)
        } else if let Some(rest) = text.strip_prefix("<=") {
            holds(rest, T::le)
        } else if let Some(rest) = text.strip_prefix('>') {
            holds(rest, T::gt)
        } else if let Some(rest) = text.strip_prefix('<') {
            holds(rest, T::lt)
        } else {
            holds(text.strip_prefix('=').unwrap_or(text), T::eq)
        }
    }
}

/// Whether a word of a text begins with what is looked for.
fn contains(text: &str, wanted: &str) -> bool {
    let text = text.to_lowercase();
    let wanted = wanted.trim_end_matches('*');
    text.match_indices(wanted).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// `07/23/2018` or `2018-07-23`
fn day(text: &str) -> Option<Date> {
    let american = format_description!("[month padding:none]/[day padding:none]/[year]");
    let iso = format_description!("[year]-[month]-[day]");
    Date::parse(text, &american).or_else(|_| Date::parse(text, &iso)).ok()
}

/// Splits at spaces, but not within double quotes.
fn words(text: &str) -> Vec<String> {
    let mut quoted = false;
    let mut words = vec![String::new()];
    for letter in text.chars() {
        quoted ^= letter == '"';
        match words.last_mut() {
            Some(word) if quoted || !letter.is_whitespace() => word.push(letter),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
