//! Opening an upload session: what may be uploaded, and where to.
//!
//! Source: <https://learn.microsoft.com/graph/api/attachment-createuploadsession>.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use time::Duration;

use crate::dates;
use crate::graph::call;
use crate::graph::error::GraphError;
use crate::graph::mail::id::IdType;
use crate::graph::mail::object::Object;
use crate::graph::mail::request::{self, MailRequest};
use crate::graph::mail::upload::session::{FileItem, Received, Session};

const ATTACHMENT_ITEM: &str = "microsoft.graph.attachmentItem";
const LIFETIME: Duration = Duration::days(1);
/// A client may take the documented 3 MB for either kind of megabyte: neither is refused.
const SMALLEST: u64 = 3_000_000;
const LARGEST: u64 = 150 * 1024 * 1024;

/// `POST /me/messages/{id}/attachments/createUploadSession`: 201 with the address to upload to.
pub async fn create(
    mail: &MailRequest<'_>,
    id: &str,
    request: Request,
) -> Result<Response, GraphError> {
    let app = mail.app;
    let file = FileItem::read(request::json(request).await?)?;
    let now = app.clock.now();
    let mut world = app.world();
    let item = mail.mailbox(&mut world).item(id)?;
    if !item.is_draft {
        return Err(GraphError::NotDraft);
    }
    let session_id = format!("AAMkADUw{}", app.random.base64url(160));
    let path = format!(
        "/api/gv1.0/users('{}@{}')/messages('{}')/AttachmentSessions('{session_id}')",
        mail.account.object_id,
        mail.account.tenant(),
        item.id.shown(mail.prefer.id_type),
    );
    let secret = app.random.base64url(700);
    let session = Session {
        owner: mail.account,
        message: item.id.shown(IdType::ImmutableId).to_owned(),
        path: path.clone(),
        expires: now + LIFETIME,
        file,
        received: Received::default(),
    };
    let body = json!({
        "@odata.context": format!("{}/v1.0/$metadata#microsoft.graph.uploadSession", app.base),
        "uploadUrl": format!("{}{path}?authtoken={secret}", app.upload_base),
        "expirationDateTime": dates::graph(session.expires),
        "nextExpectedRanges": ["0-"],
    });
    world.uploads.add(secret, session);
    let mut answer = call::resource(&body);
    *answer.status_mut() = StatusCode::CREATED;
    Ok(mail.prefer.applied(answer))
}

impl FileItem {
    /// Reads `{"AttachmentItem": …}`.
    fn read(value: Value) -> Result<Self, GraphError> {
        let missing = |name| GraphError::MissingProperty { name, on: ATTACHMENT_ITEM };
        let mut parameters = Object::read(value, "the payload", "createUploadSession")?;
        let item = parameters.object("AttachmentItem", ATTACHMENT_ITEM)?;
        parameters.finish()?;
        let mut item = item.ok_or_else(|| missing("AttachmentItem"))?;
        let kind = item.word("attachmentType", &[("file", ())], "file")?;
        let name = item.text("name")?.filter(|name| !name.is_empty());
        let size = item.count("size")?;
        let content_type = item.text("contentType")?;
        let is_inline = item.flag("isInline")?.unwrap_or_default();
        let content_id = item.text("contentId")?;
        item.finish()?;
        kind.ok_or_else(|| missing("attachmentType"))?;
        let name = name.ok_or_else(|| missing("name"))?;
        match size.ok_or_else(|| missing("size"))? {
            0..SMALLEST => Err(GraphError::FileTooSmall),
            size @ SMALLEST..=LARGEST => {
                Ok(Self { name, size, content_type, is_inline, content_id })
            }
            _ => Err(GraphError::FileTooLarge),
        }
    }
}
