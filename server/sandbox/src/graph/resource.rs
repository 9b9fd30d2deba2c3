//! Owns what a path of Graph means. Letter case does not matter in segments, as in practice at Microsoft.
//! Must not know methods or permissions.

use crate::accounts::Account;
use crate::faults::Route;
use crate::graph::error::GraphError;

/// A path.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Whose.
    pub whose: Whose,
    /// What.
    pub action: Action,
}

/// The person in a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Whose {
    /// `/me`
    Me,
    /// `/users/{id | userPrincipalName}`
    User(String),
}

/// What a path does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Reads the person.
    User,
    /// Reads the photo.
    Photo,
    /// Sends mail.
    SendMail,
}

impl Action {
    /// What faults call it.
    pub fn route(self) -> Route {
        match self {
            Self::User => Route::Me,
            Self::Photo => Route::Photo,
            Self::SendMail => Route::SendMail,
        }
    }
}

impl Action {
    /// Whether it is the mailbox that answers, and not the directory.
    pub fn is_mail(self) -> bool {
        match self {
            Self::User | Self::Photo => false,
            Self::SendMail => true,
        }
    }
}

impl Resource {
    /// Reads the path of a request.
    pub fn parse(path: &str) -> Result<Self, GraphError> {
        let segments: Vec<String> = path.split('/').skip(2).map(decoded).collect();
        let lower: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let (whose, rest) = match lower.as_slice() {
            ["me", rest @ ..] => (Whose::Me, rest),
            ["users", _, rest @ ..] => {
                (Whose::User(segments.get(1).cloned().unwrap_or_default()), rest)
            }
            _ => return Err(unknown(segments.first())),
        };
        let action = match rest {
            [] => Action::User,
            ["sendmail" | "microsoft.graph.sendmail"] => Action::SendMail,
            ["photo"] | ["photo", "$value"] | ["photos", _] | ["photos", _, "$value"] => {
                Action::Photo
            }
            _ => return Err(unknown(segments.last())),
        };
        Ok(Self { whose, action })
    }
}

impl Whose {
    /// Everybody may act for themselves only.
    pub fn must_be(&self, account: &Account) -> Result<(), GraphError> {
        match self {
            Self::Me => Ok(()),
            Self::User(key) => match Account::by_id_or_address(key) {
                None => Err(GraphError::UnknownUser(key.clone())),
                Some(other) if other == account => Ok(()),
                Some(_) => Err(GraphError::MailAccessDenied),
            },
        }
    }
}

fn unknown(segment: Option<&String>) -> GraphError {
    GraphError::UnknownSegment(segment.cloned().unwrap_or_default())
}

/// `%40` and the like. A segment is decoded as a form's value is, but that `+` is itself.
fn decoded(segment: &str) -> String {
    let plus_kept = segment.replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    url::form_urlencoded::parse(plus_kept.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sending_has_four_spellings() {
        let whose = Whose::Me;
        for path in ["/v1.0/me/sendMail", "/v1.0/me/sendmail", "/v1.0/me/microsoft.graph.sendMail"]
        {
            let resource = Resource::parse(path).unwrap();
            assert_eq!(resource, Resource { whose: Whose::Me, action: Action::SendMail }, "{path}");
        }
        assert_eq!(Resource::parse("/v1.0/me").unwrap(), Resource { whose, action: Action::User });
        assert_eq!(
            Resource::parse("/v1.0/users/work%40sandbox.example/sendMail").unwrap().whose,
            Whose::User("work@sandbox.example".to_owned())
        );
    }

    #[test]
    fn the_segment_that_nobody_knows_is_named() {
        for (path, segment) in [
            ("/v1.0/drive", "drive"),
            ("/v1.0/me/Nonsense", "Nonsense"),
            ("/v1.0/", ""),
            ("/v1.0/me/", ""),
        ] {
            let error = Resource::parse(path).unwrap_err();
            assert!(matches!(error, GraphError::UnknownSegment(seen) if seen == segment), "{path}");
        }
    }
}
