//! Scopes: what a client may ask for, and what each means to a person who is asked to consent.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>.

/// One thing a client can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// An id_token.
    OpenId,
    /// Name and object id in the id_token.
    Profile,
    /// The address in the id_token.
    Email,
    /// A refresh token.
    OfflineAccess,
    /// A permission of Microsoft Graph.
    Graph(Permission),
}

/// The permissions of Graph that the registration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// `GET /me`.
    UserRead,
    /// `POST /me/sendMail`.
    MailSend,
    /// Reading mail without its text and its files.
    MailReadBasic,
    /// Reading mail.
    MailRead,
    /// Drafts and attachments of any size.
    MailReadWrite,
    /// Suggestions of recipients.
    PeopleRead,
    /// The names and addresses of the organization's people.
    UserReadBasicAll,
    /// The address book.
    ContactsRead,
}

impl Permission {
    /// Every registered permission; what `.default` stands for.
    pub const ALL: [Self; 8] = [
        Self::UserRead,
        Self::MailSend,
        Self::MailReadBasic,
        Self::MailRead,
        Self::MailReadWrite,
        Self::PeopleRead,
        Self::UserReadBasicAll,
        Self::ContactsRead,
    ];

    /// As Microsoft writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserRead => "User.Read",
            Self::MailSend => "Mail.Send",
            Self::MailReadBasic => "Mail.ReadBasic",
            Self::MailRead => "Mail.Read",
            Self::MailReadWrite => "Mail.ReadWrite",
            Self::PeopleRead => "People.Read",
            Self::UserReadBasicAll => "User.ReadBasic.All",
            Self::ContactsRead => "Contacts.Read",
        }
    }

    /// Whether Microsoft's managed policy lets people consent to it themselves.
    pub fn people_can_consent(self) -> bool {
        matches!(
            self,
            Self::UserRead | Self::MailSend | Self::UserReadBasicAll | Self::ContactsRead
        )
    }

    /// Whether an application can have it for itself, without a person.
    pub fn is_for_applications(self) -> bool {
        matches!(self, Self::MailSend | Self::MailReadBasic | Self::MailRead | Self::MailReadWrite)
    }

    /// By its name, in any letter case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name().eq_ignore_ascii_case(name))
    }
}

impl Scope {
    /// What the consent page says: a heading and a sentence.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenId | Self::Profile | Self::Email | Self::Graph(Permission::UserRead) => (
                "Sign you in and read your profile",
                "Allows you to sign in to the app with your account and lets the app read your profile.",
            ),
            Self::OfflineAccess => (
                "Maintain access to data you have given it access to",
                "Allows the app to see and update the data you gave it access to, even when you're not using the app.",
            ),
            Self::Graph(Permission::MailSend) => {
                ("Send mail as you", "Allows the app to send email as you.")
            }
            Self::Graph(Permission::MailReadBasic) => (
                "Read your basic mail",
                "Allows the app to read the senders, recipients, dates and subjects of your email, but not its text or attachments.",
            ),
            Self::Graph(Permission::MailRead) => {
                ("Read your mail", "Allows the app to read your email.")
            }
            Self::Graph(Permission::MailReadWrite) => (
                "Read and write access to your mail",
                "Allows the app to create, read, update and delete your email. This doesn't include permission to send it.",
            ),
            Self::Graph(Permission::PeopleRead) => (
                "Read your relevant people lists",
                "Allows the app to read a ranked list of the people you work with.",
            ),
            Self::Graph(Permission::UserReadBasicAll) => (
                "Read all users' basic profiles",
                "Lets the app read the names, addresses and photos of the people in your organization.",
            ),
            Self::Graph(Permission::ContactsRead) => {
                ("Read your contacts", "Lets the app read your address book.")
            }
        }
    }
}
