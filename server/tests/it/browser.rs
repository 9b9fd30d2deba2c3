//! A browser without scripts: keeps cookies, sends the headers browsers send, and follows nothing
//! by itself. Keeps everything it received, for the search for secrets.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use app::wire::{SendResult, SessionStatus, VERSION, VERSION_HEADER};
use reqwest::{Client, Method, StatusCode, header::HeaderMap, redirect::Policy};
use url::Url;

/// See the module.
#[derive(Clone)]
pub struct Browser {
    origin: String,
    client: Client,
    /// The cookies of the server under test, by name.
    pub cookies: BTreeMap<String, String>,
    /// Each `Set-Cookie` line of the last answer.
    pub set_cookies: Vec<String>,
    /// Headers and bodies of every answer so far.
    pub received: Arc<Mutex<String>>,
}

/// An answer, read.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The same, where it is no text.
    pub bytes: Vec<u8>,
}

impl Page {
    /// Where a redirect leads.
    pub fn location(&self) -> String {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// The value of the form field `name`.
    pub fn field(&self, name: &str) -> String {
        let from = self.body.find(&format!("name=\"{name}\"")).expect(name);
        let tag = &self.body[from..];
        let value = tag.split_once("value=\"").expect("a value").1;
        html_escape::decode_html_entities(value.split_once('"').unwrap().0).into_owned()
    }

    /// The heading of the one notice that the mail page shows.
    pub fn shown_notice(&self) -> String {
        let headings: Vec<_> = self
            .body
            .split("<section ")
            .skip(1)
            .filter(|it| !it.split_once('>').unwrap().0.contains("hidden"))
            .map(|it| it.split_once("<h2").unwrap().1.split_once('>').unwrap().1)
            .map(|it| it.split_once("</h2>").unwrap().0.replace("<!>", ""))
            .collect();
        assert_eq!(headings.len(), 1, "one notice: {headings:?}");
        html_escape::decode_html_entities(&headings[0]).into_owned()
    }

    /// The text of the page's first heading.
    pub fn heading(&self) -> String {
        let from = self.body.find("<h1").expect("a heading");
        let text = self.body[from..].split_once('>').unwrap().1.split_once("</h1>").unwrap().0;
        html_escape::decode_html_entities(&text.replace("<!>", "")).into_owned()
    }
}

impl Browser {
    pub fn new(origin: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        Self {
            origin: origin.to_owned(),
            client,
            cookies: BTreeMap::new(),
            set_cookies: Vec::new(),
            received: Arc::default(),
        }
    }

    /// The same browser, when another process serves the site.
    pub fn at(&self, server: &crate::server::Server) -> Self {
        Self { origin: server.origin.clone(), ..self.clone() }
    }

    /// A request to the server under test with the headers given.
    pub async fn request(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Page {
        // Another client for each, so that only the cookies above are sent.
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = client
            .request(method, format!("{}{path}", self.origin))
            .header("accept", "text/html")
            .header("cookie", cookies.join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let lines = headers.get_all("set-cookie").iter();
        self.set_cookies = lines.map(|it| it.to_str().unwrap().to_owned()).collect();
        for line in &self.set_cookies {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        self.received.lock().unwrap().push_str(&format!("{headers:?}\n{body}\n"));
        Page { status, headers, body, bytes }
    }

    /// Follows a link on this site.
    pub async fn get(&mut self, path: &str) -> Page {
        self.request(Method::GET, path, &[("sec-fetch-site", "same-origin")], None).await
    }

    /// Posts a form of this site.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.request(Method::POST, path, &headers, Some(body)).await
    }

    /// Calls a server function as the island does, and gives its answer as JSON.
    pub async fn call(
        &mut self,
        function: &str,
        arguments: serde_json::Value,
    ) -> serde_json::Value {
        let answer = |page: Page| -> serde_json::Value {
            assert_eq!(page.status, 200, "{}", page.body);
            match function {
                "session" => json(postcard::from_bytes::<SessionStatus>(&page.bytes)),
                _ => json(postcard::from_bytes::<SendResult>(&page.bytes)),
            }
        };
        if function == "session" {
            let headers = [
                ("sec-fetch-site", "same-origin"),
                ("content-type", "application/x-postcard"),
                (VERSION_HEADER, VERSION),
            ];
            return answer(self.request(Method::POST, "/api/session", &headers, None).await);
        }
        let fields = arguments.as_object().unwrap().iter();
        let fields: Vec<_> =
            fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        answer(self.post_multipart(&format!("/api/{function}"), &fields).await)
    }

    /// Posts these fields as a script posts form data.
    pub async fn post_multipart(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let part = |(name, value): &(&str, &str)| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--edge--\r\n";
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "multipart/form-data; boundary=edge"),
            (VERSION_HEADER, VERSION),
        ];
        self.request(Method::POST, path, &headers, Some(body)).await
    }

    /// Presses "Connect" and gives the authorization request.
    pub async fn press_connect(&mut self) -> Url {
        let page = self.get("/login").await;
        assert_eq!(page.status, 303, "{}", page.body);
        Url::parse(&page.location()).unwrap()
    }

    /// Signs in at the sandbox as `account`, presses `consent` where it asks, and gives the path
    /// with which the sandbox leads back.
    pub async fn at_sandbox(&mut self, authorize: Url, account: &str, consent: &str) -> String {
        let picker = self.client.get(authorize.clone()).send().await.unwrap();
        let mut location = location(&picker);
        let mut page = picker.text().await.unwrap();
        for button in [account, consent] {
            if location.is_some() {
                break;
            }
            let mut fields = vec![("transaction".to_owned(), hidden(&page, "transaction"))];
            fields.extend(button_field(&page, button));
            let answer = self
                .client
                .post(authorize.join(&action_of(&page)).unwrap())
                .header("origin", authorize.origin().ascii_serialization())
                .form(&fields)
                .send()
                .await
                .unwrap();
            location = self::location(&answer);
            page = answer.text().await.unwrap();
        }
        let back = Url::parse(&location.unwrap_or_else(|| panic!("no way back: {page}"))).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    /// Connects as `account` and gives the last page.
    pub async fn connect(&mut self, account: &str) -> Page {
        self.connect_with(account, &[("sec-fetch-site", "same-origin")]).await
    }

    /// The same, with these headers on the press.
    pub async fn connect_with(&mut self, account: &str, headers: &[(&str, &str)]) -> Page {
        let page = self.request(Method::GET, "/login", headers, None).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let authorize = Url::parse(&page.location()).unwrap();
        let back = self.at_sandbox(authorize, account, "Accept").await;
        self.request(Method::GET, &back, &[("sec-fetch-site", "cross-site")], None).await
    }

    /// The mail page, and its form's fields with these for To, Subject and Message.
    pub async fn form(
        &mut self,
        to: &str,
        subject: &str,
        message: &str,
    ) -> Vec<(&'static str, String)> {
        let page = self.get("/send").await;
        vec![
            ("key", page.field("key")),
            ("account", page.field("account")),
            ("confirmed", String::new()),
            ("to", to.to_owned()),
            ("subject", subject.to_owned()),
            ("message", message.to_owned()),
        ]
    }

    /// Posts what [`form`](Self::form) gave.
    pub async fn press_send(&mut self, form: &[(&'static str, String)]) -> Page {
        let fields: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post("/send", &fields).await
    }
}

fn json<T: serde::Serialize>(answer: postcard::Result<T>) -> serde_json::Value {
    serde_json::to_value(answer.unwrap()).unwrap()
}

fn location(response: &reqwest::Response) -> Option<String> {
    response.headers().get("location").map(|it| it.to_str().unwrap().to_owned())
}

fn hidden(page: &str, name: &str) -> String {
    let tag = page.split_once(&format!("name=\"{name}\" value=\"")).expect(page).1;
    tag.split_once('"').unwrap().0.to_owned()
}

fn action_of(page: &str) -> String {
    let tag = page.split_once("action=\"").expect(page).1;
    tag.split_once('"').unwrap().0.to_owned()
}

/// The name and value of the button with this text, where it has them.
fn button_field(page: &str, text: &str) -> Option<(String, String)> {
    let before = page.split_once(&format!(">{text}</button>")).expect(page).0;
    let tag = &before[before.rfind("<button").unwrap()..];
    let attribute = |name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1;
        Some(value.split_once('"')?.0.to_owned())
    };
    Some((attribute("name")?, attribute("value")?))
}
