//! What a mailbox's owner marks about a message: a follow-up flag, and whether it is shown first.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/followupflag>.

use serde_json::{Map, Value, json};

use crate::graph::error::GraphError;
use crate::graph::mail::object::Object;

const FLAG: &str = "microsoft.graph.followupFlag";
const DATE: &str = "microsoft.graph.dateTimeTimeZone";

/// A follow-up flag.
#[derive(Debug, Clone, Default)]
pub struct Flag {
    status: Status,
    completed: Option<Zoned>,
    due: Option<Zoned>,
    start: Option<Zoned>,
}

#[derive(Debug, Clone, Copy, Default)]
enum Status {
    #[default]
    NotFlagged,
    Flagged,
    Complete,
}

/// A date and time, and the name of its time zone, as they were written.
#[derive(Debug, Clone)]
struct Zoned {
    date_time: String,
    time_zone: Option<String>,
}

/// Which tab of the inbox shows a message.
#[derive(Debug, Clone, Copy, Default)]
pub enum Classification {
    /// The first.
    #[default]
    Focused,
    /// The second.
    Other,
}

impl Classification {
    /// As Graph writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Focused => "focused",
            Self::Other => "other",
        }
    }
}

impl Flag {
    /// Reads `flag` of a message. A due date needs a start date.
    pub fn read(message: &mut Object) -> Result<Self, GraphError> {
        let Some(mut flag) = message.object("flag", FLAG)? else {
            return Ok(Self::default());
        };
        let words = [
            ("notFlagged", Status::NotFlagged),
            ("flagged", Status::Flagged),
            ("complete", Status::Complete),
        ];
        let status = flag.word("flagStatus", &words, "notFlagged, flagged or complete")?;
        let read = Self {
            status: status.unwrap_or_default(),
            completed: Zoned::read(&mut flag, "completedDateTime")?,
            due: Zoned::read(&mut flag, "dueDateTime")?,
            start: Zoned::read(&mut flag, "startDateTime")?,
        };
        flag.finish()?;
        if read.due.is_some() && read.start.is_none() {
            return Err(GraphError::MissingProperty { name: "startDateTime", on: FLAG });
        }
        Ok(read)
    }

    /// As Graph writes it.
    pub fn to_json(&self) -> Value {
        let status = match self.status {
            Status::NotFlagged => "notFlagged",
            Status::Flagged => "flagged",
            Status::Complete => "complete",
        };
        let mut members = Map::from_iter([("flagStatus".to_owned(), status.into())]);
        for (name, date) in [
            ("completedDateTime", &self.completed),
            ("dueDateTime", &self.due),
            ("startDateTime", &self.start),
        ] {
            if let Some(date) = date {
                members.insert(name.to_owned(), date.to_json());
            }
        }
        Value::Object(members)
    }
}

impl Zoned {
    fn read(flag: &mut Object, name: &'static str) -> Result<Option<Self>, GraphError> {
        let Some(mut date) = flag.object(name, DATE)? else {
            return Ok(None);
        };
        let date_time = date.text("dateTime")?;
        let time_zone = date.text("timeZone")?;
        date.finish()?;
        let date_time =
            date_time.ok_or(GraphError::MissingProperty { name: "dateTime", on: DATE })?;
        Ok(Some(Self { date_time, time_zone }))
    }

    fn to_json(&self) -> Value {
        json!({ "dateTime": self.date_time, "timeZone": self.time_zone })
    }
}
