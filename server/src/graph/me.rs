//! `GET /me`: name and address. Source: Graph, "Get a user"; needs `User.Read`.

use app::pages::Person;
use axum::http::{Method, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Graph, GraphError, GraphRefusal};
use crate::request_id::RequestId;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    display_name: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
}

impl Graph {
    /// Who the token's person is. The address is `mail`; a personal account, or one without a
    /// mailbox, may have none, and then it is the sign-in name.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn me(&self, token: &SecretString, id: RequestId) -> Result<Person, GraphError> {
        let path = "/me?$select=displayName,mail,userPrincipalName";
        let request = self.request(Method::GET, path, token, id)?;
        let answer = self.call(request, self.login_timeout).await?;
        if answer.status != StatusCode::OK {
            return Err(GraphError::Refused(Box::new(GraphRefusal::read(&answer))));
        }
        let user: User = serde_json::from_slice(&answer.body).map_err(|_| GraphError::Nonsense)?;
        let given = |text: Option<String>| text.filter(|it| !it.trim().is_empty());
        let address =
            given(user.mail).or(given(user.user_principal_name)).ok_or(GraphError::Nonsense)?;
        let name = given(user.display_name).unwrap_or_else(|| address.clone());
        Ok(Person { name, address })
    }
}
