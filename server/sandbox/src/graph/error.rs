//! The refusals of Graph: status, code and message.
//!
//! Source: <https://learn.microsoft.com/graph/errors>.

use axum::http::{Method, StatusCode};

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
    /// No account has this id or address.
    #[error("The user '{0}' was not found.")]
    UnknownUser(String),
    /// Exchange does not know the account.
    #[error("The mailbox is inactive, soft-deleted or hosted on-premises.")]
    NoMailbox,
    /// More requests at a time than a mailbox answers.
    #[error("The application is over its MailboxConcurrency limit.")]
    MailboxBusy,
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

impl GraphError {
    /// Its HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TokenMissing
            | Self::TokenUnknown
            | Self::TokenExpired
            | Self::TokenWithoutSub
            | Self::TokenForOtherAudience => StatusCode::UNAUTHORIZED,
            Self::DirectoryAccessDenied | Self::MailAccessDenied | Self::SendAsDenied(_) => {
                StatusCode::FORBIDDEN
            }
            Self::UnknownUser(_)
            | Self::NoMailbox
            | Self::ConsumerPhoto
            | Self::NoPhoto
            | Self::NoItem
            | Self::NoSession => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::MessageTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RangeOutOfOrder => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::ContentNotKept => StatusCode::NOT_IMPLEMENTED,
            Self::MailboxBusy => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Its code: what a client decides by, after the status.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenMissing | Self::TokenUnknown | Self::TokenExpired => {
                "InvalidAuthenticationToken"
            }
            Self::TokenWithoutSub => "UnknownError",
            Self::UnknownSegment(_)
            | Self::NeedsPerson
            | Self::UnknownOption(_)
            | Self::RepeatedOption(_)
            | Self::InvalidOption(_)
            | Self::UnknownSelection { .. }
            | Self::TooLarge
            | Self::ContentType
            | Self::ContentRange
            | Self::RangeLength
            | Self::EmptyPayload
            | Self::NotJson(_)
            | Self::NoMessage => "BadRequest",
            Self::UnknownOperand { .. } => "RequestBroker--ParseUri",
            Self::InvalidFilter => "ErrorInvalidUrlQueryFilter",
            Self::InvalidOrder => "ErrorInvalidUrlQuery",
            Self::InefficientFilter => "InefficientFilter",
            Self::MethodNotAllowed { .. } => "Request_BadRequest",
            Self::DirectoryAccessDenied => "Authorization_RequestDenied",
            Self::MailAccessDenied => "ErrorAccessDenied",
            Self::UnknownUser(_) => "ResourceNotFound",
            Self::NoMailbox => "MailboxNotEnabledForRESTAPI",
            Self::MailboxBusy => "ApplicationThrottled",
            Self::ConsumerPhoto => "ConsumerPhotoIsNotSupported",
            Self::NoPhoto => "ImageNotFound",
            Self::UnknownProperty { .. } | Self::WrongValue { .. } => "RequestBodyRead",
            Self::MissingProperty { .. } => "ErrorRequiredPropertyMissing",
            Self::InvalidPropertySet(_) | Self::NotDraft => "ErrorInvalidPropertySet",
            Self::AlreadySent => "ErrorInvalidRequest",
            Self::MalformedId => "ErrorInvalidIdMalformed",
            Self::NoItem | Self::NoSession => "ErrorItemNotFound",
            Self::FileTooSmall => "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
            Self::FileTooLarge => "ErrorAttachmentSizeLimitExceeded",
            Self::TokenForOtherAudience => "InvalidAudienceForResource",
            Self::RangeOutOfOrder => "InvalidRange",
            Self::ContentNotKept => "NotImplemented",
            Self::MessageTooLarge => "ErrorMessageSizeExceeded",
            Self::NoRecipients | Self::InvalidRecipient(_) => "ErrorInvalidRecipients",
            Self::TooManyRecipients(_) => "ErrorExceededMaxRecipientLimit",
            Self::InvalidHeader(_) => "InvalidInternetMessageHeader",
            Self::SendAsDenied(_) => "ErrorSendAsDenied",
            Self::MimeNotBase64 => "ErrorMimeContentInvalidBase64String",
            Self::MimeUnreadable => "UnableToDeserializePostBody",
        }
    }
}
