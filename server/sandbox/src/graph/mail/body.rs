//! How much a request may carry: Graph takes 4 MB.
//!
//! Source: <https://learn.microsoft.com/graph/api/message-post-attachments>.

use axum::body::Body;
use http_body_util::BodyExt;

use crate::graph::error::GraphError;

const LIMIT: usize = 4 * 1024 * 1024;

/// Reads a whole body. One that breaks off is not one that can be read as JSON either.
pub async fn read(mut body: Body) -> Result<Vec<u8>, GraphError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| GraphError::NotJson("it ends too early".to_owned()))?;
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
        if bytes.len() > LIMIT {
            return Err(GraphError::TooLarge);
        }
    }
    Ok(bytes)
}
