//! The load: so many requests, over so many connections, as fast as they are answered.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, ensure};
use futures::future::try_join_all;
use reqwest::{Client, Method, Request, header::HeaderMap, redirect::Policy};
use serde::Deserialize;
use serde_json::json;

/// What to ask, as JSON on standard input.
#[derive(Deserialize)]
struct Load {
    url: String,
    method: String,
    /// What a good answer has.
    status: u16,
    requests: usize,
    /// Each asks as the next of these people.
    connections: usize,
    people: Vec<Person>,
}

#[derive(Deserialize)]
struct Person {
    headers: Vec<(String, String)>,
    /// Each `{n}` in it becomes the number of the request.
    #[serde(default)]
    body: String,
}

/// Asks, and prints how long it took in all and for most requests, as JSON. Times are milliseconds.
#[expect(clippy::disallowed_methods, reason = "a measurement asks the system")]
pub async fn run() -> anyhow::Result<()> {
    let load: Load = serde_json::from_reader(io::stdin())?;
    let client = Client::builder()
        .redirect(Policy::none())
        .pool_max_idle_per_host(load.connections)
        .no_proxy()
        .build()?;
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let connection = async |index: usize| {
        let person = load.people.get(index % load.people.len()).context("nobody")?;
        let mut millis = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= load.requests {
                return anyhow::Ok(millis);
            }
            let sent = Instant::now();
            let answer = client.execute(request(&load, person, number)?).await?;
            let status = answer.status().as_u16();
            answer.bytes().await?;
            ensure!(status == load.status, "{} answered {status}", load.url);
            millis.push(sent.elapsed().as_secs_f64() * 1000.0);
        }
    };
    let mut millis = try_join_all((0..load.connections).map(connection)).await?.concat();
    let all = begun.elapsed().as_secs_f64() * 1000.0;
    millis.sort_by(f64::total_cmp);
    let of = |hundredths: usize| millis.get(millis.len() * hundredths / 100);
    println!("{}", json!({ "all": all, "median": of(50), "p99": of(99) }));
    Ok(())
}

fn request(load: &Load, person: &Person, number: usize) -> anyhow::Result<Request> {
    let method = Method::from_bytes(load.method.as_bytes())?;
    let mut request = Request::new(method, load.url.parse()?);
    let mut headers = HeaderMap::new();
    for (name, value) in &person.headers {
        headers.insert(name.parse::<reqwest::header::HeaderName>()?, value.parse()?);
    }
    *request.headers_mut() = headers;
    if !person.body.is_empty() {
        *request.body_mut() = Some(person.body.replace("{n}", &number.to_string()).into());
    }
    Ok(request)
}
