//! Microsoft's clouds and their hosts. Tokens and registrations never cross them.
//!
//! Source: Microsoft Graph, "National cloud deployments"; Entra, "National clouds".

/// A Microsoft cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// The worldwide cloud, and GCC.
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DoD).
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// Reads the value of `CLOUD`.
    ///
    /// # Errors
    /// Where the name is none of the four.
    pub fn parse(name: &str) -> Result<Self, &'static str> {
        match name {
            "global" => Ok(Self::Global),
            "usgov-l4" => Ok(Self::UsGovL4),
            "usgov-l5" => Ok(Self::UsGovL5),
            "china" => Ok(Self::China),
            _ => Err("there is no such cloud"),
        }
    }

    /// The identity platform.
    #[must_use]
    pub const fn login_url(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    /// Microsoft Graph.
    #[must_use]
    pub const fn graph_url(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// Outlook on the web, at Sent Items.
    #[must_use]
    pub const fn sent_items_url(self) -> &'static str {
        match self {
            Self::Global => "https://outlook.office.com/mail/sentitems",
            Self::UsGovL4 => "https://outlook.office365.us/mail/sentitems",
            Self::UsGovL5 => "https://webmail.apps.mil/mail/sentitems",
            Self::China => "https://partner.outlook.cn/mail/sentitems",
        }
    }
}
