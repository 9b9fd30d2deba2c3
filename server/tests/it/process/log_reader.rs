//! A log that is read slowly, or not at all.

use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::{FOREVER, Program};

/// Times fifty lines: more than the pipe to the reader of the log and the program itself keep.
const MORE_THAN_FITS: usize = 100;

/// Has the program write this many times fifty lines to its log.
async fn write_log(program: &Program, times: usize) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let address = format!("http://{}/", program.address);
    for _ in 0..times {
        let asked = join_all((0..50).map(|_| client.get(&address).send()));
        let answers = timeout(FOREVER, asked).await.expect("each is answered");
        assert!(answers.iter().all(|it| it.as_ref().unwrap().status() == 308));
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_neither_requests_nor_the_end() {
    let mut program = Program::start(&[]).await;
    write_log(&program, MORE_THAN_FITS).await;
    program.terminate();
    let status = timeout(FOREVER, program.child.wait()).await.expect("it ends").unwrap();
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn lines_that_find_no_room_in_the_log_are_counted_and_told() {
    let mut program = Program::start(&[("LOG_FORMAT", "json")]).await;
    write_log(&program, MORE_THAN_FITS).await;
    let mut log = BufReader::new(program.child.stderr.take().unwrap()).lines();
    let mut lines = 0;
    let told = async {
        while let Some(line) = log.next_line().await.unwrap() {
            lines += 1;
            let line: Value = serde_json::from_str(&line).expect(&line);
            if line["event"] == "log_lines_dropped" {
                return line["lines"].as_u64().unwrap();
            }
        }
        panic!("the log ended");
    };
    let dropped = timeout(FOREVER, told).await.expect("it is told");
    assert!(lines > 4_000 && dropped > 0 && lines + dropped > 5_000, "{lines} {dropped}");

    program.terminate();
    let mut last = String::new();
    while let Some(line) = timeout(FOREVER, log.next_line()).await.expect("it ends").unwrap() {
        last = line;
    }
    assert!(last.contains("\"stopping\""), "{last}");
}

#[tokio::test]
async fn what_waits_for_room_in_the_log_is_written_before_the_end() {
    let mut program = Program::start(&[]).await;
    // More than the pipe takes, less than the program keeps.
    write_log(&program, 20).await;
    program.terminate();
    let closed = async { while TcpStream::connect(&program.address).await.is_ok() {} };
    timeout(FOREVER, closed).await.expect("it listens no longer");
    let ended = timeout(Duration::from_millis(300), program.child.wait()).await;
    assert!(ended.is_err(), "it waits for the reader");
    let (status, log) = program.end().await;
    assert_eq!(status.code(), Some(0));
    assert_eq!(log.matches("answered").count(), 1_000);
    assert!(log.lines().last().unwrap().contains("stopping"), "{log}");
}
