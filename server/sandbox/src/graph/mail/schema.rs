//! What messages, folders and attachments can be filtered and ordered by.
//!
//! Sources: the types' pages in <https://learn.microsoft.com/graph/api/resources/mail-api-overview>, and what
//! Exchange answers where they are silent.

use crate::graph::mail::attachment::ATTACHMENT;
use crate::graph::mail::message::MESSAGE;
use crate::graph::odata::property::{Kind, Property, Schema};

/// The type of a folder.
pub const MAIL_FOLDER: &str = "microsoft.graph.mailFolder";

/// Of messages. Recipients are the well-known gap: Exchange answers that the filter has an invalid node.
pub const MESSAGES: Schema = Schema {
    on: MESSAGE,
    properties: &[
        Property::text("body/content"),
        Property::text("bodyPreview"),
        Property { name: "categories", kind: Kind::Texts },
        Property::text("changeKey"),
        Property::text("conversationId"),
        Property::date("createdDateTime"),
        Property::text("flag/flagStatus"),
        Property::text("from/emailAddress/address"),
        Property::text("from/emailAddress/name"),
        Property::flag("hasAttachments"),
        Property::text("id"),
        Property::text("importance"),
        Property::text("inferenceClassification"),
        Property::text("internetMessageId"),
        Property::flag("isDeliveryReceiptRequested"),
        Property::flag("isDraft"),
        Property::flag("isRead"),
        Property::flag("isReadReceiptRequested"),
        Property::date("lastModifiedDateTime"),
        Property::text("parentFolderId"),
        Property::date("receivedDateTime"),
        Property::text("sender/emailAddress/address"),
        Property::text("sender/emailAddress/name"),
        Property::date("sentDateTime"),
        Property::text("subject"),
    ],
    refused: &[
        "attachments",
        "bccRecipients",
        "bccRecipients/any",
        "body",
        "ccRecipients",
        "ccRecipients/any",
        "categories/all",
        "conversationIndex",
        "extensions",
        "flag",
        "from",
        "internetMessageHeaders",
        "multiValueExtendedProperties",
        "replyTo",
        "sender",
        "singleValueExtendedProperties",
        "toRecipients",
        "toRecipients/any",
        "uniqueBody",
        "webLink",
    ],
};

/// Of folders.
pub const FOLDERS: Schema = Schema {
    on: MAIL_FOLDER,
    properties: &[
        Property::number("childFolderCount"),
        Property::text("displayName"),
        Property::text("id"),
        Property::flag("isHidden"),
        Property::text("parentFolderId"),
        Property::number("totalItemCount"),
        Property::number("unreadItemCount"),
    ],
    refused: &["childFolders", "messages"],
};

/// Of attachments.
pub const ATTACHMENTS: Schema = Schema {
    on: ATTACHMENT,
    properties: &[
        Property::text("contentType"),
        Property::text("id"),
        Property::flag("isInline"),
        Property::date("lastModifiedDateTime"),
        Property::text("name"),
        Property::number("size"),
    ],
    refused: &["contentBytes"],
};
