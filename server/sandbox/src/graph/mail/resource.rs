//! The resources of a mailbox: how paths name them, which methods and permissions each has.

use axum::http::Method;

use crate::faults::route::Route;
use crate::scope::Permission;

/// What a path says of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPath {
    /// The folder that it is said to lie in, by id or well-known name.
    pub folder: Option<String>,
    /// What it is about.
    pub resource: MailResource,
}

/// Something in a mailbox. Messages and attachments go by their ids, folders by id or well-known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailResource {
    /// The action that sends mail.
    SendMail,
    /// The folders, or those within the path's.
    Folders,
    /// How many they are.
    FolderCount,
    /// What changed among them.
    FolderDelta,
    /// A folder.
    Folder(String),
    /// The action that moves a folder.
    MoveFolder(String),
    /// The action that copies a folder.
    CopyFolder(String),
    /// Messages.
    Messages,
    /// How many they are.
    MessageCount,
    /// What changed among them.
    MessageDelta,
    /// A message.
    Message(String),
    /// A message as MIME.
    MessageContent(String),
    /// The action that sends a draft.
    Send(String),
    /// The action that moves a message.
    Move(String),
    /// The action that copies a message.
    Copy(String),
    /// The actions that send an answer to a message.
    Answer(String, Answering),
    /// The actions that make a draft of one.
    CreateAnswer(String, Answering),
    /// The attachments of a message.
    Attachments(String),
    /// How many they are.
    AttachmentCount(String),
    /// The action that opens an upload session.
    CreateUploadSession(String),
    /// An attachment of a message.
    Attachment(String, String),
    /// The content of an attachment of a message.
    AttachmentContent(String, String),
}

/// Whom an answer goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// Whoever wrote.
    Reply,
    /// Everybody who has the message.
    ReplyAll,
    /// Somebody else.
    Forward,
}

impl Answering {
    /// The end of a path, in lower case.
    pub fn parse(action: &str) -> Option<Self> {
        Some(match action {
            "reply" => Self::Reply,
            "replyall" => Self::ReplyAll,
            "forward" => Self::Forward,
            _ => return None,
        })
    }
}

/// Who wrote to whom, and when.
const READ_BASIC: &[Permission] =
    &[Permission::MailReadBasic, Permission::MailRead, Permission::MailReadWrite];
const READ: &[Permission] = &[Permission::MailRead, Permission::MailReadWrite];
const WRITE: &[Permission] = &[Permission::MailReadWrite];
const SEND: &[Permission] = &[Permission::MailSend];

impl MailPath {
    /// Reads what follows the person in a path.
    pub fn parse(segments: &[String]) -> Option<Self> {
        let is = |segment: Option<&String>, name: &str| {
            segment.is_some_and(|segment| segment.eq_ignore_ascii_case(name))
        };
        let (mut folder, mut rest) = (None, segments);
        while let [folders, key, within @ ..] = rest
            && (is(Some(folders), "mailFolders")
                || folder.is_some() && is(Some(folders), "childFolders"))
            && (is(within.first(), "childFolders") || is(within.first(), "messages"))
        {
            (folder, rest) = (Some(key.clone()), within);
        }
        if folder.is_none() && is(rest.first(), "childFolders") {
            return None;
        }
        Some(Self { resource: MailResource::parse(rest)?, folder })
    }
}

impl MailResource {
    fn parse(segments: &[String]) -> Option<Self> {
        let names: Vec<String> = segments.iter().map(|segment| plain(segment)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let at = |index: usize| segments.get(index).cloned().unwrap_or_default();
        Some(match names.as_slice() {
            ["sendmail"] => Self::SendMail,
            ["mailfolders" | "childfolders"] => Self::Folders,
            ["mailfolders" | "childfolders", "$count"] => Self::FolderCount,
            ["mailfolders", "delta"] => Self::FolderDelta,
            ["mailfolders" | "childfolders", _] => Self::Folder(at(1)),
            ["mailfolders" | "childfolders", _, "move"] => Self::MoveFolder(at(1)),
            ["mailfolders" | "childfolders", _, "copy"] => Self::CopyFolder(at(1)),
            ["messages"] => Self::Messages,
            ["messages", "$count"] => Self::MessageCount,
            ["messages", "delta"] => Self::MessageDelta,
            ["messages", _] => Self::Message(at(1)),
            ["messages", _, "$value"] => Self::MessageContent(at(1)),
            ["messages", _, "send"] => Self::Send(at(1)),
            ["messages", _, "move"] => Self::Move(at(1)),
            ["messages", _, "copy"] => Self::Copy(at(1)),
            ["messages", _, "attachments"] => Self::Attachments(at(1)),
            ["messages", _, "attachments", "$count"] => Self::AttachmentCount(at(1)),
            ["messages", _, "attachments", "createuploadsession"] => {
                Self::CreateUploadSession(at(1))
            }
            ["messages", _, "attachments", _] => Self::Attachment(at(1), at(3)),
            ["messages", _, "attachments", _, "$value"] => Self::AttachmentContent(at(1), at(3)),
            ["messages", _, action] => match action.strip_prefix("create") {
                Some(action) => Self::CreateAnswer(at(1), Answering::parse(action)?),
                None => Self::Answer(at(1), Answering::parse(action)?),
            },
            _ => return None,
        })
    }

    /// The message that it is or belongs to.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Message(id)
            | Self::MessageContent(id)
            | Self::Send(id)
            | Self::Move(id)
            | Self::Copy(id)
            | Self::Answer(id, _)
            | Self::CreateAnswer(id, _)
            | Self::Attachments(id)
            | Self::AttachmentCount(id)
            | Self::CreateUploadSession(id)
            | Self::Attachment(id, _)
            | Self::AttachmentContent(id, _) => Some(id),
            _ => None,
        }
    }

    /// What faults call it.
    pub fn route(&self) -> Route {
        match self {
            Self::SendMail => Route::SendMail,
            Self::Send(_) => Route::Send,
            Self::CreateUploadSession(_) => Route::CreateUploadSession,
            Self::Attachments(_)
            | Self::AttachmentCount(_)
            | Self::Attachment(..)
            | Self::AttachmentContent(..) => Route::Attachments,
            _ => Route::Messages,
        }
    }

    /// Its methods.
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Self::SendMail
            | Self::Send(_)
            | Self::Move(_)
            | Self::Copy(_)
            | Self::MoveFolder(_)
            | Self::CopyFolder(_)
            | Self::Answer(..)
            | Self::CreateAnswer(..)
            | Self::CreateUploadSession(_) => &[Method::POST],
            Self::Folders | Self::Messages | Self::Attachments(_) => &[Method::GET, Method::POST],
            Self::Folder(_) | Self::Message(_) => &[Method::GET, Method::PATCH, Method::DELETE],
            Self::Attachment(..) => &[Method::GET, Method::DELETE],
            Self::FolderCount
            | Self::FolderDelta
            | Self::MessageCount
            | Self::MessageDelta
            | Self::MessageContent(_)
            | Self::AttachmentCount(_)
            | Self::AttachmentContent(..) => &[Method::GET],
        }
    }

    /// The permissions of which a token has to have one.
    pub fn permissions(&self, method: &Method) -> &'static [Permission] {
        match self {
            Self::SendMail | Self::Send(_) | Self::Answer(..) => SEND,
            _ if method != Method::GET => WRITE,
            Self::Folders
            | Self::FolderCount
            | Self::FolderDelta
            | Self::Folder(_)
            | Self::Messages
            | Self::MessageCount
            | Self::MessageDelta
            | Self::Message(_) => READ_BASIC,
            _ => READ,
        }
    }
}

/// A segment in lower case, without the namespace and the parentheses that actions and functions may have.
fn plain(segment: &str) -> String {
    let name = segment.to_lowercase();
    let name = name.strip_prefix("microsoft.graph.").unwrap_or(&name);
    name.strip_suffix("()").unwrap_or(name).to_owned()
}
