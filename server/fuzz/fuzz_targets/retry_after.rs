#![no_main]

use axum::http::{HeaderMap, HeaderValue};
use fuzz::retry_after;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (value, date) =
        data.split_at(data.iter().position(|it| *it == b'\n').unwrap_or(data.len()));
    let mut headers = HeaderMap::new();
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    headers.insert("retry-after", value.clone());
    if let Some(Ok(date)) = date.get(1..).map(HeaderValue::from_bytes) {
        headers.insert("date", date);
    }
    let seconds = value.to_str().ok().and_then(|it| it.trim().parse::<u64>().ok());
    let wait = retry_after(&headers);
    assert!(seconds.is_none() || wait == seconds);
    // Without a number, it took two dates to know.
    assert!(wait.is_none() || seconds.is_some() || headers.contains_key("date"));
});
