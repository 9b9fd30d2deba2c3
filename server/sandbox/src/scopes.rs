//! Reading `scope` parameters: spellings, resources, `.default`.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>.

use std::collections::BTreeSet;

use crate::scope::{Permission, Scope};

/// What a `scope` parameter asks for, in its order and its spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    named: Vec<RequestedScope>,
    /// The resource that `.default` stands behind, with its slash.
    default_of: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RequestedScope {
    text: String,
    scope: Scope,
}

/// Why a `scope` parameter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// The parameter has no scope in it.
    #[error("The scope is empty.")]
    Empty,
    /// Not a scope that the registration knows.
    #[error("The scope '{0}' is not valid.")]
    Unknown(String),
    /// A scope of another resource than Graph.
    #[error("The resource of the scope '{scope}' was not found.")]
    OtherResource {
        /// As it was asked for.
        scope: String,
        /// Whether scopes of Graph stand beside it.
        beside_graph: bool,
    },
    /// `.default` together with named permissions.
    #[error("The scope .default cannot be combined with named permissions of its resource.")]
    DefaultAndNamed,
}

impl Scopes {
    /// Reads a `scope` parameter. `base` is the sandbox's own address: as in national clouds, its Graph
    /// is a resource beside `https://graph.microsoft.com`.
    pub fn parse(text: &str, base: &str) -> Result<Self, ScopeError> {
        let (mut asked, mut other, mut named, mut default_of) = (Vec::new(), None, false, None);
        for word in text.split_ascii_whitespace() {
            match Word::read(word, base) {
                Word::Scope(scope) => {
                    named |= matches!(scope, Scope::Graph(_));
                    asked.push(RequestedScope { text: word.to_owned(), scope });
                }
                Word::Default(resource) => default_of = Some(resource.to_owned()),
                Word::OtherResource => other = Some(word.to_owned()),
                Word::Unknown => return Err(ScopeError::Unknown(word.to_owned())),
            }
        }
        let default = default_of.is_some();
        match other {
            Some(scope) => Err(ScopeError::OtherResource { scope, beside_graph: named || default }),
            None if asked.is_empty() && !default => Err(ScopeError::Empty),
            None if named && default => Err(ScopeError::DefaultAndNamed),
            None => Ok(Self { named: asked, default_of }),
        }
    }

    /// The same scopes with the permissions that `.default` stands for, if it is among them.
    pub fn with_default(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        if let Some(resource) = &self.default_of {
            self.named.extend(permissions.into_iter().map(|permission| RequestedScope {
                text: format!("{resource}{}", permission.name()),
                scope: Scope::Graph(permission),
            }));
        }
        self
    }

    /// The same scopes with what was granted before, where any of them is for Graph: a token is for one
    /// resource, and carries everything that was granted there.
    pub fn with_granted_before(mut self, permissions: BTreeSet<Permission>) -> Self {
        let of_graph = self.named.iter().find(|asked| matches!(asked.scope, Scope::Graph(_)));
        let Some(like) = of_graph.map(|asked| asked.text.as_str()) else {
            return self;
        };
        // In the spelling of the request: with or without the resource.
        let resource =
            like.rfind('/').and_then(|at| like.get(..=at)).unwrap_or_default().to_owned();
        for permission in &permissions - &self.permissions() {
            let text = format!("{resource}{}", permission.name());
            self.named.push(RequestedScope { text, scope: Scope::Graph(permission) });
        }
        self
    }

    /// Whether it was asked for.
    pub fn contains(&self, scope: Scope) -> bool {
        self.named.iter().any(|asked| asked.scope == scope)
    }

    /// Each scope once.
    pub fn set(&self) -> BTreeSet<Scope> {
        self.named.iter().map(|asked| asked.scope).collect()
    }

    /// The permissions of Graph among them.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        self.named
            .iter()
            .filter_map(|asked| match asked.scope {
                Scope::Graph(permission) => Some(permission),
                _ => None,
            })
            .collect()
    }

    /// The scopes of OpenID Connect among them.
    pub fn openid(&self) -> BTreeSet<Scope> {
        self.set().into_iter().filter(|scope| !matches!(scope, Scope::Graph(_))).collect()
    }

    /// The `scope` of a token answer: in the spelling of the request, without `offline_access`. `.default`
    /// stands behind the permissions that it brought.
    pub fn granted(&self) -> String {
        let mut seen = BTreeSet::new();
        let default = self.default_of.as_ref().map(|resource| format!("{resource}.default"));
        let words: Vec<&str> = self
            .named
            .iter()
            .filter(|asked| asked.scope != Scope::OfflineAccess && seen.insert(asked.scope))
            .map(|asked| asked.text.as_str())
            .chain(default.as_deref())
            .collect();
        words.join(" ")
    }
}

enum Word<'a> {
    Scope(Scope),
    /// `.default` with the prefix that names its resource.
    Default(&'a str),
    OtherResource,
    Unknown,
}

impl<'a> Word<'a> {
    fn read(word: &'a str, base: &str) -> Self {
        match word {
            "openid" => return Self::Scope(Scope::OpenId),
            "profile" => return Self::Scope(Scope::Profile),
            "email" => return Self::Scope(Scope::Email),
            "offline_access" => return Self::Scope(Scope::OfflineAccess),
            _ => {}
        }
        let (resource, name) = word.rfind('/').map_or(("", word), |at| word.split_at(at + 1));
        let graph = ["", "https://graph.microsoft.com/"].contains(&resource)
            || resource.strip_suffix('/') == Some(base);
        match Permission::parse(name) {
            _ if !graph => Self::OtherResource,
            Some(permission) => Self::Scope(Scope::Graph(permission)),
            None if name == ".default" => Self::Default(resource),
            None => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "http://127.0.0.1:5001";

    #[test]
    fn scopes_are_granted_in_the_spelling_they_were_asked_in() {
        let asked = "openid offline_access https://graph.microsoft.com/User.Read mail.send";
        let scopes = Scopes::parse(asked, BASE).unwrap();
        assert_eq!(scopes.granted(), "openid https://graph.microsoft.com/User.Read mail.send");
        assert_eq!(
            scopes.permissions(),
            BTreeSet::from([Permission::UserRead, Permission::MailSend])
        );
    }

    #[test]
    fn a_scope_asked_for_twice_is_granted_once() {
        let scopes = Scopes::parse("User.Read User.Read", BASE).unwrap();
        assert_eq!(scopes.granted(), "User.Read");
    }

    #[test]
    fn the_sandbox_is_a_graph_of_its_own_as_in_a_national_cloud() {
        let scopes = Scopes::parse("http://127.0.0.1:5001/Mail.Send", BASE).unwrap();
        assert!(scopes.contains(Scope::Graph(Permission::MailSend)));
    }

    #[test]
    fn default_stands_for_permissions_that_are_known_later_and_for_no_others() {
        let scopes = Scopes::parse("openid https://graph.microsoft.com/.default", BASE).unwrap();
        assert!(scopes.permissions().is_empty());
        let scopes = scopes.with_default([Permission::MailSend]);
        assert_eq!(
            scopes.granted(),
            "openid https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/.default"
        );
        assert_eq!(
            Scopes::parse("https://graph.microsoft.com/.default User.Read", BASE),
            Err(ScopeError::DefaultAndNamed)
        );
    }

    #[test]
    fn what_the_registration_does_not_know_is_refused() {
        assert_eq!(Scopes::parse(" ", BASE), Err(ScopeError::Empty));
        for unknown in ["Mail.Everything", "phone", "address", "https://graph.microsoft.com/x"] {
            assert_eq!(Scopes::parse(unknown, BASE), Err(ScopeError::Unknown(unknown.to_owned())));
        }
        for (text, beside_graph) in
            [("api://other/Read", false), ("User.Read https://outlook.office.com/Mail.Send", true)]
        {
            let error = Scopes::parse(text, BASE).unwrap_err();
            assert!(
                matches!(error, ScopeError::OtherResource { beside_graph: seen, .. } if seen == beside_graph),
                "{text}"
            );
        }
    }
}
