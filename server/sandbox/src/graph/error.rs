//! The refusals of Graph, with our own words for each. Statuses and codes are in
//! [`error_code`](crate::graph::error_code).
//!
//! Source: <https://learn.microsoft.com/graph/errors>.

use axum::http::Method;

/// Why Graph refuses.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No `Authorization: Bearer`.
    #[error("The access token is empty.")]
    TokenMissing,
    /// Not one that the sandbox issued.
    #[error("The access token cannot be read, or it is meant for somebody else.")]
    TokenUnknown,
    /// The access token has expired.
    #[error("The access token has expired.")]
    TokenExpired,
    /// No `openid` among the token's scopes.
    #[error("Token must contain sub claim.")]
    TokenWithoutSub,
    /// `/me` with a token that an application has for itself.
    #[error("/me request is only valid with delegated authentication flow.")]
    NeedsPerson,
    /// A path that the sandbox does not have.
    #[error("Resource not found for the segment '{0}'.")]
    UnknownSegment(String),
    /// A method that the path does not have.
    #[error("The HTTP method is not allowed for this request.")]
    MethodNotAllowed {
        /// The methods that the path has.
        allowed: &'static [Method],
    },
    /// A scope of the directory is missing.
    #[error("The token's permissions are not enough for this operation.")]
    DirectoryAccessDenied,
    /// A scope of the mailbox is missing, or it is somebody else's.
    #[error("Access is denied. Check credentials and try again.")]
    MailAccessDenied,
    /// Nobody in the directory.
    #[error("Resource '{0}' does not exist.")]
    UnknownUser(String),
    /// Nobody with a mailbox.
    #[error("The requested user '{0}' is invalid.")]
    InvalidUser(String),
    /// A query of the directory that needs `ConsistencyLevel: eventual`, or is written wrongly.
    #[error("{0}")]
    UnsupportedQuery(&'static str),
    /// A page of the directory that does not exist.
    #[error("The page token is not valid.")]
    PageToken,
    /// Exchange does not know the account.
    #[error("The mailbox is inactive, soft-deleted or hosted on-premises.")]
    NoMailbox,
    /// More requests at a time than a mailbox answers.
    #[error("The application is over its MailboxConcurrency limit.")]
    MailboxBusy,
    /// More than a mailbox takes in some minutes.
    #[error("The application is over its limit of requests or uploads for this mailbox.")]
    MailboxThrottled {
        /// When it may try again.
        seconds: u64,
    },
    /// Another request has changed the item since this one arrived.
    #[error("The change key of the item is not the current one: another request has changed it.")]
    Conflict,
    /// Personal accounts tell nothing about their photos.
    #[error("Properties of photos are not supported for personal accounts.")]
    ConsumerPhoto,
    /// There is no photo, or not in this size.
    #[error("The photo was not found.")]
    NoPhoto,
    /// A query option that the resource does not have.
    #[error("The query option '{0}' is not supported here.")]
    UnknownOption(String),
    /// A query option that stands there twice.
    #[error("The query option '${0}' was given more than once.")]
    RepeatedOption(&'static str),
    /// A value that a query option does not take.
    #[error("The value of the query option '${0}' is not valid.")]
    InvalidOption(&'static str),
    /// A property that the type does not have, or not for this, in `$filter` or `$orderby`.
    #[error("Could not find a property named '{name}' on type '{on}'.")]
    UnknownOperand {
        /// The property, as it was written.
        name: String,
        /// The type.
        on: &'static str,
    },
    /// A filter that is not understood.
    #[error("The query filter contains one or more invalid nodes.")]
    InvalidFilter,
    /// `$filter` beside `$search`.
    #[error("The query parameter '$filter' is not supported with '$search'.")]
    SearchWithFilter,
    /// `$orderby` beside `$search`.
    #[error("The query parameter '$orderBy' is not supported with '$search'.")]
    SearchWithOrderBy,
    /// `$skip` beside `$search`.
    #[error("The query parameter '$skip' is not supported with '$search'.")]
    SearchWithSkip,
    /// A relationship that the type does not have, or that does not come along.
    #[error("'{0}' cannot be expanded.")]
    UnknownExpansion(String),
    /// Not a token of a delta query.
    #[error("The delta token is malformed.")]
    InvalidDeltaToken,
    /// A token of a mailbox as it was before a reset.
    #[error("The sync state is not found. Begin again without a token.")]
    SyncStateNotFound,
    /// An order that is not understood.
    #[error("The sort order is not valid.")]
    InvalidOrder,
    /// An order that does not follow the filter.
    #[error("The restriction or sort order is too complex for this operation.")]
    InefficientFilter,
    /// A property that the type does not have, in `$select`.
    #[error("Could not find a property named '{name}' on type '{on}'.")]
    UnknownSelection {
        /// The property, as it was written.
        name: String,
        /// The type.
        on: &'static str,
    },
    /// The body is longer than Graph takes.
    #[error("The request is longer than 4 MB.")]
    TooLarge,
    /// The body has another type.
    #[error("The Content-Type must be application/json, or text/plain for MIME.")]
    ContentType,
    /// The body is empty.
    #[error("The payload is empty. JSON is expected.")]
    EmptyPayload,
    /// The body is not JSON.
    #[error("The payload is not JSON: {0}.")]
    NotJson(String),
    /// No `message`.
    #[error("The parameter 'Message' is missing.")]
    NoMessage,
    /// A property that the type does not have.
    #[error("The property '{name}' does not exist on type '{on}'.")]
    UnknownProperty {
        /// The property, as it was written.
        name: String,
        /// The type, or the action whose parameter it was meant to be.
        on: &'static str,
    },
    /// A value of a type that the property does not have.
    #[error("The value of '{name}' on type '{on}' must be {expected}.")]
    WrongValue {
        /// The property.
        name: String,
        /// Its type.
        on: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A property that the type must have.
    #[error("The property '{name}' on type '{on}' is required.")]
    MissingProperty {
        /// The property.
        name: &'static str,
        /// Its type.
        on: &'static str,
    },
    /// A property that nobody can set, or not any more.
    #[error("Set action is invalid for property '{0}'.")]
    InvalidPropertySet(&'static str),
    /// A change that only a draft takes.
    #[error("The message is not a draft.")]
    NotDraft,
    /// Sending what was sent already.
    #[error("The message is not a draft and cannot be sent.")]
    AlreadySent,
    /// The id cannot be one of this mailbox.
    #[error("The id is malformed.")]
    MalformedId,
    /// Nothing with this id, or nothing any more.
    #[error("The specified object was not found in the store.")]
    NoItem,
    /// A large file, of which the sandbox keeps only the beginning.
    #[error("The sandbox keeps only the beginning of a file of this size.")]
    ContentNotKept,
    /// The name is taken.
    #[error("A folder with the specified name already exists.")]
    FolderExists,
    /// A folder that every mailbox has.
    #[error("Distinguished folders cannot be moved, renamed or deleted.")]
    DistinguishedFolder,
    /// A folder cannot lie in itself.
    #[error("A folder cannot be moved or copied into itself.")]
    MoveIntoItself,
    /// An answer with two texts.
    #[error("Specify a comment or the body of the message, not both.")]
    CommentAndBody,
    /// A forward with two lists of recipients.
    #[error("Specify toRecipients as a parameter or in the message, not both.")]
    RecipientsTwice,
    /// A batch with no requests or too many, or with a mistake in one.
    #[error("{0}")]
    Batch(String),
    /// A file that should be attached in one request.
    #[error("An upload session is for files of 3 MB and more.")]
    FileTooSmall,
    /// A file that no message takes.
    #[error("A file may have at most 150 MB.")]
    FileTooLarge,
    /// A token where the address alone should do.
    #[error("The audience of the token is not this resource; an upload needs no token.")]
    TokenForOtherAudience,
    /// No such upload session, or not any more.
    #[error("The upload session was not found, or it has expired.")]
    NoSession,
    /// Not a `Content-Range`.
    #[error("The Content-Range must be 'bytes {{start}}-{{end}}/{{total}}'.")]
    ContentRange,
    /// Not as many bytes as `Content-Range` says.
    #[error("The body is not as long as the Content-Range says.")]
    RangeLength,
    /// Not the piece that comes next.
    #[error("The range is not the one that is expected next.")]
    RangeOutOfOrder,
    /// More than a message may hold.
    #[error("The message exceeds the maximum supported size.")]
    MessageTooLarge,
    /// The message names no recipient.
    #[error("At least one recipient is needed; the message has none.")]
    NoRecipients,
    /// The recipient has no valid address.
    #[error("The recipient '{0}' cannot be resolved: it is not an address.")]
    InvalidRecipient(String),
    /// More than a message may have.
    #[error("The message has {0} recipients; the limit is 500.")]
    TooManyRecipients(usize),
    /// A header that nobody may set.
    #[error(
        "The internet message header '{0}' is not valid: its name must begin with 'x-' or 'X-'."
    )]
    InvalidHeader(String),
    /// Somebody else's address in `from` or `sender`.
    #[error("The user account may not send as '{0}'.")]
    SendAsDenied(String),
    /// Not base64.
    #[error("The MIME content is not valid base64.")]
    MimeNotBase64,
    /// The MIME content cannot be parsed.
    #[error("The MIME content cannot be read.")]
    MimeUnreadable,
}
