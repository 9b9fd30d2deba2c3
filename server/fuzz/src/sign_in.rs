//! What the token client takes from `bff::sign_in`.

pub mod provider {
    pub struct Metadata {
        pub token_endpoint: url::Url,
    }
}

#[path = "../../bff/src/sign_in/token.rs"]
mod token;

/// Whether a token endpoint's answer has tokens.
pub async fn refresh(
    settings: &crate::Settings,
    http: std::sync::Arc<crate::http_client::HttpClient>,
    metadata: &provider::Metadata,
) -> Result<String, String> {
    use secrecy::ExposeSecret;
    let client = token::TokenClient::new(settings, &metadata.token_endpoint, http);
    match client.refresh(metadata, &"refresh".into()).await {
        Ok(tokens) => Ok(tokens.access_token.expose_secret().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
