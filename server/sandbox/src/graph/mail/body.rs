//! Owns how much a request may carry: Graph takes 4 MB.
//!
//! Source: <https://learn.microsoft.com/graph/api/message-post-attachments>.

use axum::body::Body;
use http_body_util::BodyExt;

use crate::graph::error::GraphError;

const LIMIT: usize = 4 * 1024 * 1024;
/// How much of a body that is too large is still read, so that its sender gets to see the answer.
const PATIENCE: usize = 64 * 1024 * 1024;

/// Reads a whole body. One that breaks off is not one that can be read as JSON either.
pub async fn read(mut body: Body) -> Result<Vec<u8>, GraphError> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| GraphError::NotJson("it ends too early".to_owned()))?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length += data.len();
        if length <= LIMIT {
            bytes.extend_from_slice(data);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > LIMIT { Err(GraphError::TooLarge) } else { Ok(bytes) }
}
