//! `POST /me/microsoft.graph.sendMail`: one message, saved to Sent Items. Source: Graph,
//! "user: sendMail"; needs `Mail.Send`.

use app::wire::Ids;
use axum::http::{HeaderValue, Method, StatusCode, header::CONTENT_TYPE};
use secrecy::SecretString;
use serde_json::json;

use super::{Graph, GraphError, GraphRefusal, error::ids};
use crate::{
    mail::{EmailAddress, html_from_text},
    request_id::RequestId,
};

/// A message, checked.
#[derive(Clone, Debug)]
pub struct Message {
    /// At least one.
    pub to: Vec<EmailAddress>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Graph {
    /// Sends `message` and gives the answer's ids. Never repeated: Graph does not recognize a
    /// message that it was given twice.
    ///
    /// # Errors
    /// [`GraphError`]; after `TimedOut`, `Broken` and every answer but 4xx the message may have been
    /// sent, and after 408 too.
    pub async fn send_mail(
        &self,
        token: &SecretString,
        message: &Message,
        id: RequestId,
    ) -> Result<Ids, GraphError> {
        let recipient = |it: &EmailAddress| json!({ "emailAddress": { "address": it.as_str() } });
        let body = json!({
            "message": {
                "subject": message.subject,
                "body": { "contentType": "html", "content": html_from_text(&message.text) },
                "toRecipients": message.to.iter().map(recipient).collect::<Vec<_>>(),
            },
            "saveToSentItems": true,
        });
        let mut request = self.request(Method::POST, "/me/microsoft.graph.sendMail", token, id)?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.to_string().into());
        let answer = self.call(request, self.graph_timeout).await?;
        if answer.status == StatusCode::ACCEPTED {
            Ok(ids(&answer.headers))
        } else {
            Err(GraphError::Refused(Box::new(GraphRefusal::read(&answer))))
        }
    }
}
