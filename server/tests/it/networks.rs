//! Whom an address limit counts together, and whose word for an address is taken (security.md, V4).

use futures::future::join_all;
use reqwest::Method;
use server::config::Config;

use crate::server::Server;

#[tokio::test]
async fn the_addresses_of_one_ipv6_network_of_64_bits_count_together() {
    let proxied = [("SIGN_INS_PER_MINUTE", "1"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let server = Server::on_sandbox_with(&proxied).await;
    let begin = async |from: String| {
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", from.as_str())];
        server.browser().request(Method::GET, "/login", &headers, None).await.status.as_u16()
    };
    let refused = async |address: fn(u32) -> String| {
        let statuses = join_all((0..20).map(|it| begin(address(it)))).await;
        statuses.into_iter().filter(|it| *it == 429).count()
    };
    let one = refused(|it| format!("2001:db8:0:1::{it:x}")).await;
    assert!((5..=10).contains(&one), "{one} of 20 are refused");
    assert_eq!(refused(|it| format!("2001:db8:0:{:x}::1", it + 2)).await, 0, "other networks");
    assert_eq!(refused(|it| format!("192.0.2.{it}")).await, 0, "IPv4 addresses count alone");
}

#[test]
fn proxies_are_not_everybody() {
    for everybody in ["0.0.0.0/0", "::/0", "10.0.0.0/8, ::/0"] {
        let settings = |name: &str| (name == "TRUSTED_PROXIES").then(|| everybody.to_owned());
        let problems = Config::read(settings).err().expect(everybody);
        assert_eq!(problems[0].setting, "TRUSTED_PROXIES");
    }
}

#[test]
fn a_session_key_of_one_repeated_byte_is_refused_at_the_start() {
    let repeated = bff::SessionKey::from_bytes([7; 64]).to_text();
    let settings = |name: &str| match name {
        "CLIENT_ID" | "CLIENT_SECRET" => Some("a".to_owned()),
        "SESSION_KEYS" => Some(repeated.clone()),
        _ => None,
    };
    let problems = Config::read(settings).err().unwrap();
    assert_eq!(problems[0].setting, "SESSION_KEYS");
}
