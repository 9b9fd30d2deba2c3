//! What an address is, and a recipient: RFC 5321, section 4.1.2, without quoted local parts and address
//! literals, with the letters of all languages (RFC 6531).

use serde_json::{Value, json};

use crate::graph::error::GraphError;
use crate::graph::mail::object::Object;

const RECIPIENT: &str = "microsoft.graph.recipient";
const EMAIL_ADDRESS: &str = "microsoft.graph.emailAddress";

/// Who a message is from or to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address; where a message is checked, it may turn out not to be one.
    pub address: String,
    /// A name to show.
    pub name: Option<String>,
}

impl Recipient {
    /// Reads a `recipient`.
    pub fn read(mut recipient: Object) -> Result<Self, GraphError> {
        let inner = recipient.object("emailAddress", EMAIL_ADDRESS)?;
        recipient.finish()?;
        let Some(mut inner) = inner else {
            return Ok(Self { address: String::new(), name: None });
        };
        let read =
            Self { address: inner.text("address")?.unwrap_or_default(), name: inner.text("name")? };
        inner.finish()?;
        Ok(read)
    }

    /// Reads a list of them.
    pub fn read_list(message: &mut Object, name: &str) -> Result<Vec<Self>, GraphError> {
        message.objects(name, RECIPIENT)?.into_iter().map(Self::read).collect()
    }

    /// Reads one, if it is there.
    pub fn read_one(message: &mut Object, name: &str) -> Result<Option<Self>, GraphError> {
        message.object(name, RECIPIENT)?.map(Self::read).transpose()
    }

    /// As Graph writes it.
    pub fn to_json(&self) -> Value {
        let name = self.name.as_deref().unwrap_or(&self.address);
        json!({ "emailAddress": { "name": name, "address": self.address } })
    }

    /// Whether the address is one.
    pub fn check(&self) -> Result<(), GraphError> {
        if is_address(&self.address) {
            Ok(())
        } else {
            Err(GraphError::InvalidRecipient(self.address.clone()))
        }
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let in_local =
        |c: char| c.is_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let in_domain = |c: char| c.is_alphanumeric() || !c.is_ascii() || c == '-';
    let atoms_of = |text: &str, allowed: &dyn Fn(char) -> bool| {
        text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(allowed))
    };
    let hyphens =
        |label: &str| !label.starts_with('-') && !label.ends_with('-') && label.len() <= 63;
    text.len() <= 254
        && local.len() <= 64
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
        && atoms_of(local, &in_local)
        && atoms_of(domain, &in_domain)
        && domain.split('.').all(hyphens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_local_part_and_a_domain() {
        for good in [
            "a@b.example",
            "first.last+tag@sub.sandbox.example",
            "o'neil@sandbox.example",
            "user@localhost",
            "юзер@пример.example",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "nobody",
            "@sandbox.example",
            "a@",
            "a@b@c.example",
            "a b@c.example",
            "a@b..example",
            ".a@b.example",
            "a@-b.example",
            "a@b.example\r\nBcc: c@d.example",
            "Wanda <a@b.example>",
            "a@b.example,c@d.example",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("{}@b.example", "a".repeat(65))));
    }
}
