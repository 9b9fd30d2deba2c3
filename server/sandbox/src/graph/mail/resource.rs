//! The resources of a mailbox: how paths name them, which methods and permissions each has.

use axum::http::Method;

use crate::faults::Route;
use crate::scope::Permission;

/// What a path says of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPath {
    /// The folder that a message or messages are said to lie in, by id or well-known name.
    pub folder: Option<String>,
    /// What it is about.
    pub resource: MailResource,
}

/// Something in a mailbox. Messages and attachments go by their ids, folders by id or well-known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailResource {
    /// The action that sends mail.
    SendMail,
    /// The folders.
    Folders,
    /// A folder.
    Folder(String),
    /// Messages.
    Messages,
    /// A message.
    Message(String),
    /// The action that sends a draft.
    Send(String),
    /// The attachments of a message.
    Attachments(String),
    /// The action that opens an upload session.
    CreateUploadSession(String),
    /// An attachment of a message.
    Attachment(String, String),
    /// The content of an attachment of a message.
    AttachmentContent(String, String),
}

const UPLOAD: [&str; 2] = ["createuploadsession", "microsoft.graph.createuploadsession"];

/// Who wrote to whom, and when.
const READ_BASIC: &[Permission] =
    &[Permission::MailReadBasic, Permission::MailRead, Permission::MailReadWrite];
const READ: &[Permission] = &[Permission::MailRead, Permission::MailReadWrite];
const WRITE: &[Permission] = &[Permission::MailReadWrite];
const SEND: &[Permission] = &[Permission::MailSend];

impl MailPath {
    /// Reads what follows the person in a path.
    pub fn parse(segments: &[String]) -> Option<Self> {
        let (folder, rest) = match segments {
            [folders, folder, rest @ ..]
                if folders.eq_ignore_ascii_case("mailFolders")
                    && rest.first().is_some_and(|it| it.eq_ignore_ascii_case("messages")) =>
            {
                (Some(folder.clone()), rest)
            }
            _ => (None, segments),
        };
        Some(Self { folder, resource: MailResource::parse(rest)? })
    }
}

impl MailResource {
    fn parse(segments: &[String]) -> Option<Self> {
        let names: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let at = |index: usize| segments.get(index).cloned().unwrap_or_default();
        Some(match names.as_slice() {
            ["sendmail" | "microsoft.graph.sendmail"] => Self::SendMail,
            ["mailfolders"] => Self::Folders,
            ["mailfolders", _] => Self::Folder(at(1)),
            ["messages"] => Self::Messages,
            ["messages", _] => Self::Message(at(1)),
            ["messages", _, "send" | "microsoft.graph.send"] => Self::Send(at(1)),
            ["messages", _, "attachments"] => Self::Attachments(at(1)),
            ["messages", _, "attachments", action] if UPLOAD.contains(action) => {
                Self::CreateUploadSession(at(1))
            }
            ["messages", _, "attachments", _] => Self::Attachment(at(1), at(3)),
            ["messages", _, "attachments", _, "$value"] => Self::AttachmentContent(at(1), at(3)),
            _ => return None,
        })
    }

    /// What faults call it.
    pub fn route(&self) -> Route {
        match self {
            Self::SendMail => Route::SendMail,
            Self::Folders | Self::Folder(_) | Self::Messages | Self::Message(_) => Route::Messages,
            Self::Send(_) => Route::Send,
            Self::CreateUploadSession(_) => Route::CreateUploadSession,
            Self::Attachments(_) | Self::Attachment(..) | Self::AttachmentContent(..) => {
                Route::Attachments
            }
        }
    }

    /// Its methods.
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Self::SendMail | Self::Send(_) | Self::CreateUploadSession(_) => &[Method::POST],
            Self::Messages | Self::Attachments(_) => &[Method::GET, Method::POST],
            Self::Message(_) => &[Method::GET, Method::PATCH, Method::DELETE],
            Self::Attachment(..) => &[Method::GET, Method::DELETE],
            Self::Folders | Self::Folder(_) | Self::AttachmentContent(..) => &[Method::GET],
        }
    }

    /// The permissions of which a token has to have one.
    pub fn permissions(&self, method: &Method) -> &'static [Permission] {
        match self {
            Self::SendMail | Self::Send(_) => SEND,
            Self::Folders | Self::Folder(_) | Self::Messages | Self::Message(_)
                if method == Method::GET =>
            {
                READ_BASIC
            }
            _ if method == Method::GET => READ,
            _ => WRITE,
        }
    }
}
