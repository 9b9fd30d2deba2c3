//! Owns which permissions each resource asks for. Any one of them is enough.
//!
//! Source: the tables of permissions in <https://learn.microsoft.com/graph/api/overview>.

use crate::graph::bearer::SignedIn;
use crate::graph::error::GraphError;
use crate::graph::resource::Action;
use crate::scope::Permission;

/// Whether a token allows it. The directory and the mailbox refuse in their own ways.
pub fn check(signed_in: &SignedIn, action: &Action) -> Result<(), GraphError> {
    let enough = match action {
        Action::User | Action::Photos | Action::Photo(_) | Action::PhotoContent(_) => {
            Permission::UserRead
        }
        Action::SendMail => Permission::MailSend,
    };
    if signed_in.permissions.contains(&enough) {
        Ok(())
    } else if action.is_mail() {
        Err(GraphError::MailAccessDenied)
    } else {
        Err(GraphError::DirectoryAccessDenied)
    }
}
