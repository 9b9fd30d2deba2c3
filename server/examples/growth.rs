//! Whether a cost grows with the work done: prints CPU and memory of what is remembered, after each
//! tenth of a million. `cargo run --release -p server --example growth -- marks` (or `forms`,
//! `rates`, `mailboxes`: one in a process, so that memory is its own). Reads Linux's `/proc`.

#![expect(clippy::disallowed_methods, reason = "a measurement asks the system")]

use std::{
    env, fs,
    num::NonZeroU32,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use app::pages::Receipt;
use bff::{Kind, LocalState, PersonId, SessionId, SharedState, mark_of};
use futures::future::try_join_all;
use server::{
    rates::Rate,
    sending::{ConcurrencyLimit, Idempotency, IdempotencyKey, SendResponse},
};
use tokio_util::task::TaskTracker;

const ALL: usize = 1_000_000;
const AT_ONCE: usize = 32;
const NOW: u64 = 1_800_000_000;
const DAY: u64 = 86_400;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = env::temp_dir().join(format!("graph-connect-growth-{}", std::process::id()));
    let what = env::args().nth(1);
    println!(
        "| {:>10} | {:>9} | {:>8} | {:>11} |",
        "so far", "a second", "CPU, us", "resident, kB"
    );
    println!("|-----------:|----------:|---------:|-------------:|");
    match what.as_deref() {
        Some("marks") => marks(&folder).await?,
        Some("forms") => forms(&folder).await?,
        Some("rates") => rates().await?,
        Some("mailboxes") => mailboxes().await?,
        _ => anyhow::bail!("marks, forms, rates or mailboxes?"),
    }
    _ = fs::remove_dir_all(folder);
    Ok(())
}

async fn marks(folder: &Path) -> anyhow::Result<()> {
    let state = LocalState::open(folder, NOW)?;
    measure(async |index| {
        state.claim(Kind::UsedKey, mark_of(&index.to_string()), NOW + DAY, NOW).await?;
        Ok(())
    })
    .await?;
    let begun = Instant::now();
    drop(LocalState::open(folder, NOW)?);
    println!("start with all of them: {} ms", begun.elapsed().as_millis());
    Ok(())
}

async fn forms(folder: &Path) -> anyhow::Result<()> {
    let state = Arc::new(LocalState::open(folder, NOW)?);
    let forms = Idempotency::new(state, TaskTracker::new());
    measure(async |index| {
        let key = format!("{index:022}");
        let key = IdempotencyKey { account: "0123456789abcdef", key: &key };
        let sent = async {
            let ids = vec![("Request ID".to_owned(), "r".repeat(36)); 3];
            let address = "somebody@sandbox.example".to_owned();
            let receipt = Receipt { from: address.clone(), to: address, others: 0, ids };
            SendResponse::finished(Ok(receipt))
        };
        let sent = forms.run(key, [1; 32], NOW, NOW + DAY, sent).await;
        sent.map(drop).map_err(|refused| anyhow::anyhow!("{refused:?}"))
    })
    .await
}

/// 100,000 sessions in turn.
async fn rates() -> anyhow::Result<()> {
    let rate = Rate::per_minute(NonZeroU32::MIN.saturating_add(29));
    measure(async |index| {
        let session = u128::try_from(index % 100_000)?.to_be_bytes();
        _ = rate.count(Some(SessionId(session)), None);
        Ok(())
    })
    .await
}

/// 10,000 mailboxes in turn, 32 of them called at once.
async fn mailboxes() -> anyhow::Result<()> {
    let limit = ConcurrencyLimit::default();
    measure(async |index| {
        let person = PersonId((index % 10_000).to_string());
        let permit = limit.acquire(&person, Duration::from_secs(1)).await;
        tokio::task::yield_now().await;
        permit.map(drop).context("no permit")
    })
    .await
}

/// Does `work` for each number, [`AT_ONCE`] at a time.
async fn measure(work: impl AsyncFn(usize) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    for tenth in 1..=10 {
        let (begun, cpu_before) = (Instant::now(), cpu()?);
        let until = tenth * ALL / 10;
        let worker = async || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= until {
                    next.fetch_sub(1, Ordering::Relaxed);
                    return anyhow::Ok(());
                }
                work(index).await?;
            }
        };
        try_join_all((0..AT_ONCE).map(|_| worker())).await?;
        let each = (cpu()? - cpu_before) / u32::try_from(ALL / 10)?;
        let millis = begun.elapsed().as_millis().max(1);
        let a_second = u128::try_from(ALL / 10)? * 1000 / millis;
        let micros = each.as_nanos() / 1000;
        println!("| {until:>10} | {a_second:>9} | {micros:>8} | {:>12} |", resident()?);
    }
    Ok(())
}

/// CPU time of this process so far, of all its threads (proc(5), `stat`: fields 14 and 15, in
/// hundredths of a second).
fn cpu() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("/proc/self/stat")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(ticks.sum::<Result<u64, _>>()? * 10))
}

/// Memory of this process that is resident, in kB.
fn resident() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
