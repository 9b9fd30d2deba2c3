//! What a path of Graph means. Letter case does not matter in the names of segments, as in practice
//! at Microsoft; it does in ids.

use std::collections::BTreeSet;

use axum::http::Method;
use percent_encoding::percent_decode_str;

use crate::accounts::Account;
use crate::faults::route::Route;
use crate::graph::error::GraphError;
use crate::graph::mail::resource::MailPath;
use crate::scope::Permission;

/// What the path of a request names.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Whose data it is.
    pub whose: Whose,
    /// What it is.
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

/// What a path is about. A photo is the largest one or one by its size, `48x48`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The people of the organization.
    Users,
    /// How many they are.
    UserCount,
    /// The person.
    User,
    /// Every size of the photo.
    Photos,
    /// The properties of a photo.
    Photo(Option<String>),
    /// A photo itself.
    PhotoContent(Option<String>),
    /// The people who matter to the person.
    People,
    /// The address book.
    Contacts,
    /// How many contacts it has.
    ContactCount,
    /// A contact.
    Contact(String),
    /// Something in the mailbox.
    Mail(MailPath),
}

impl Action {
    /// What faults call it.
    pub fn route(&self) -> Route {
        match self {
            Self::Users | Self::UserCount => Route::Users,
            Self::User => Route::Me,
            Self::Photos | Self::Photo(_) | Self::PhotoContent(_) => Route::Photo,
            Self::People => Route::People,
            Self::Contacts | Self::ContactCount | Self::Contact(_) => Route::Contacts,
            Self::Mail(path) => path.resource.route(),
        }
    }

    /// Its methods.
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Self::Mail(path) => path.resource.methods(),
            _ => &[Method::GET],
        }
    }

    /// Whether Exchange answers, and not the directory.
    pub fn is_of_mailbox(&self) -> bool {
        matches!(
            self,
            Self::Mail(_) | Self::People | Self::Contacts | Self::ContactCount | Self::Contact(_)
        )
    }

    /// The permissions of which a token has to have one. A person may be the token's owner or somebody
    /// else.
    ///
    /// Source: the tables of permissions in <https://learn.microsoft.com/graph/api/overview>.
    pub fn permissions(&self, method: &Method, own: bool) -> &'static [Permission] {
        match self {
            Self::Mail(path) => path.resource.permissions(method),
            Self::People => &[Permission::PeopleRead],
            Self::Contacts | Self::ContactCount | Self::Contact(_) => &[Permission::ContactsRead],
            Self::Users | Self::UserCount => &[Permission::UserReadBasicAll],
            _ if own => &[Permission::UserRead, Permission::UserReadBasicAll],
            _ => &[Permission::UserReadBasicAll],
        }
    }

    /// Whether a token with these permissions may. The directory and the mailbox refuse in their own
    /// ways.
    pub fn check(
        &self,
        permissions: &BTreeSet<Permission>,
        method: &Method,
        own: bool,
    ) -> Result<(), GraphError> {
        let enough = self.permissions(method, own);
        if enough.iter().any(|one| permissions.contains(one)) {
            Ok(())
        } else if self.is_of_mailbox() {
            Err(GraphError::MailAccessDenied)
        } else {
            Err(GraphError::DirectoryAccessDenied)
        }
    }

    /// Reads what follows the person.
    fn parse(segments: &[String]) -> Option<Self> {
        let names: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let at = |index: usize| segments.get(index).cloned().unwrap_or_default();
        Some(match names.as_slice() {
            [] => Self::User,
            ["photos"] => Self::Photos,
            ["photo"] => Self::Photo(None),
            ["photo", "$value"] => Self::PhotoContent(None),
            ["photos", size] => Self::Photo(Some((*size).to_owned())),
            ["photos", size, "$value"] => Self::PhotoContent(Some((*size).to_owned())),
            ["people"] => Self::People,
            ["contacts"] => Self::Contacts,
            ["contacts", "$count"] => Self::ContactCount,
            ["contacts", _] => Self::Contact(at(1)),
            _ => Self::Mail(MailPath::parse(segments)?),
        })
    }
}

impl Resource {
    /// Reads the path of a request. A slash at its end means nothing.
    pub fn parse(path: &str) -> Result<Self, GraphError> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments: Vec<String> =
            path.split('/').skip(2).map(decoded).flat_map(without_parentheses).collect();
        let unknown = |segment: Option<&String>| {
            GraphError::UnknownSegment(segment.cloned().unwrap_or_default())
        };
        let (whose, rest) = match segments.as_slice() {
            [users] if users.eq_ignore_ascii_case("users") => {
                return Ok(Self { whose: Whose::Me, action: Action::Users });
            }
            [users, count] if users.eq_ignore_ascii_case("users") && count == "$count" => {
                return Ok(Self { whose: Whose::Me, action: Action::UserCount });
            }
            [me, rest @ ..] if me.eq_ignore_ascii_case("me") => (Whose::Me, rest),
            [users, key, rest @ ..] if users.eq_ignore_ascii_case("users") => {
                (Whose::User(key.clone()), rest)
            }
            _ => return Err(unknown(segments.first())),
        };
        let action = Action::parse(rest).ok_or_else(|| unknown(segments.last()))?;
        Ok(Self { whose, action })
    }
}

impl Whose {
    /// Whether it is the token's owner.
    pub fn is(&self, account: &Account) -> bool {
        match self {
            Self::Me => true,
            Self::User(key) => {
                account.graph_id.eq_ignore_ascii_case(key)
                    || account.address.eq_ignore_ascii_case(key)
            }
        }
    }
}

/// `%40` and the like.
fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// `messages('id')` is another way to write `messages/id` (OData 4.01, part 2, section 4.3.1).
fn without_parentheses(segment: String) -> Vec<String> {
    let key = segment.strip_suffix("')").and_then(|rest| rest.split_once("('"));
    match key {
        Some((name, key)) => vec![name.to_owned(), key.to_owned()],
        None => vec![segment],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::mail::resource::MailResource;

    #[test]
    fn sending_has_four_spellings() {
        for path in ["/v1.0/me/sendMail", "/v1.0/me/sendmail", "/v1.0/me/microsoft.graph.sendMail"]
        {
            let resource = Resource::parse(path).unwrap();
            assert_eq!(resource.whose, Whose::Me);
            let send = MailPath { folder: None, resource: MailResource::SendMail };
            assert_eq!(resource.action, Action::Mail(send), "{path}");
        }
        for path in [
            "/v1.0/users/work%40sandbox.example/sendMail",
            "/v1.0/users('work@sandbox.example')/sendMail",
        ] {
            let whose = Whose::User("work@sandbox.example".to_owned());
            assert_eq!(Resource::parse(path).unwrap().whose, whose);
        }
    }

    #[test]
    fn a_message_goes_by_its_id_in_segments_and_in_parentheses_in_its_folder_or_not() {
        let resource = MailResource::Message("AAMkAD=".to_owned());
        for (path, folder) in [
            ("/v1.0/me/messages/AAMkAD%3D", None),
            ("/v1.0/me/Messages('AAMkAD=')", None),
            ("/v1.0/me/mailFolders/drafts/messages/AAMkAD=", Some("drafts")),
            ("/v1.0/me/mailFolders('drafts')/messages('AAMkAD=')", Some("drafts")),
        ] {
            let folder = folder.map(ToOwned::to_owned);
            let expected = Action::Mail(MailPath { folder, resource: resource.clone() });
            assert_eq!(Resource::parse(path).unwrap().action, expected, "{path}");
        }
    }

    #[test]
    fn the_segment_that_nobody_knows_is_named() {
        for (path, segment) in [
            ("/v1.0/drive", "drive"),
            ("/v1.0/me/Nonsense", "Nonsense"),
            ("/v1.0/", ""),
            ("/v1.0/me//", ""),
            ("/v1.0/me/childFolders", "childFolders"),
        ] {
            let error = Resource::parse(path).unwrap_err();
            assert!(matches!(error, GraphError::UnknownSegment(seen) if seen == segment), "{path}");
        }
    }
}
