//! Which status and code each refusal has.
//!
//! Source: <https://learn.microsoft.com/graph/errors>.

use axum::http::StatusCode;

use crate::graph::error::GraphError;

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
            | Self::InvalidUser(_)
            | Self::NoMailbox
            | Self::ConsumerPhoto
            | Self::NoPhoto
            | Self::NoItem
            | Self::NoSession => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::MessageTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RangeOutOfOrder => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::ContentNotKept => StatusCode::NOT_IMPLEMENTED,
            Self::MailboxBusy | Self::MailboxThrottled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Conflict => StatusCode::PRECONDITION_FAILED,
            Self::FolderExists => StatusCode::CONFLICT,
            Self::SyncStateNotFound => StatusCode::GONE,
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
            | Self::UnknownExpansion(_)
            | Self::Batch(_)
            | Self::InvalidDeltaToken
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
            Self::UnknownUser(_) => "Request_ResourceNotFound",
            Self::InvalidUser(_) => "ErrorInvalidUser",
            Self::UnsupportedQuery(_) => "Request_UnsupportedQuery",
            Self::PageToken => "Directory_ExpiredPageToken",
            Self::NoMailbox => "MailboxNotEnabledForRESTAPI",
            Self::MailboxBusy | Self::MailboxThrottled { .. } => "ApplicationThrottled",
            Self::Conflict => "ErrorIrresolvableConflict",
            Self::SearchWithFilter => "SearchWithFilter",
            Self::SearchWithOrderBy => "SearchWithOrderBy",
            Self::SearchWithSkip => "SearchWithSkip",
            Self::SyncStateNotFound => "SyncStateNotFound",
            Self::FolderExists => "ErrorFolderExists",
            Self::DistinguishedFolder => "ErrorDeleteDistinguishedFolder",
            Self::MoveIntoItself => "ErrorMoveCopyFailed",
            Self::AlreadySent | Self::CommentAndBody | Self::RecipientsTwice => {
                "ErrorInvalidRequest"
            }
            Self::ConsumerPhoto => "ConsumerPhotoIsNotSupported",
            Self::NoPhoto => "ImageNotFound",
            Self::UnknownProperty { .. } | Self::WrongValue { .. } => "RequestBodyRead",
            Self::MissingProperty { .. } => "ErrorRequiredPropertyMissing",
            Self::InvalidPropertySet(_) | Self::NotDraft => "ErrorInvalidPropertySet",
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
