//! Upload sessions: how a file too large for one request is attached to a draft, piece by piece.
//!
//! 1. [`create`] answers an address at another host, which is a secret: whoever knows it may upload.
//! 2. [`endpoint`] takes the pieces there, in order, and tells how far it got.
//! 3. With the last piece the [`session::Session`] becomes an attachment.
//!
//! Source: <https://learn.microsoft.com/graph/outlook-large-attachments>.

pub mod create;
pub mod endpoint;
pub mod range;
pub mod session;
