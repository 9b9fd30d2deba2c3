use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use futures::future::join_all;
use proptest::prelude::*;
use tempfile::TempDir;

use super::{Claim, Journal, Mark, NotKept};

const HOUR: u64 = 3600;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

/// A path in `folder` where the file of `hour` would be, in place of which `target` is written to.
fn in_place_of_hour(folder: &Path, hour: u64, target: &str) -> PathBuf {
    let path = folder.join(hour.to_string());
    symlink(target, &path).unwrap();
    path
}

#[tokio::test]
async fn what_was_marked_is_known_after_a_restart_until_it_expires() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    journal.claim([1; 16], 10, 0).await.unwrap();
    journal.mark([2; 16], 3 * HOUR, 0).await.unwrap();

    let restarted = Journal::open(folder.path(), HOUR).unwrap();
    assert!(!restarted.contains(&[1; 16]), "expired");
    assert!(restarted.contains(&[2; 16]));
    assert!(!restarted.contains(&[3; 16]), "never marked");
    assert_eq!(restarted.claim([2; 16], 4 * HOUR, HOUR).await.unwrap(), Claim::Known);
    assert_eq!(restarted.claim([1; 16], 4 * HOUR, HOUR).await.unwrap(), Claim::New);
}

#[tokio::test]
async fn what_has_expired_cannot_be_claimed() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 10 * HOUR).unwrap();
    assert_eq!(journal.claim([1; 16], HOUR, 10 * HOUR).await.unwrap(), Claim::Known);
    assert!(names(folder.path()).is_empty());
}

#[tokio::test]
async fn files_and_marks_of_past_hours_are_forgotten() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    for hour in 0..5 {
        let mark = [u8::try_from(hour).unwrap(); 16];
        journal.claim(mark, hour * HOUR, hour * HOUR).await.unwrap();
    }
    // Dropped, it brings to an end what it does in the background.
    let shared = Arc::clone(&journal.shared);
    drop(journal);
    while Arc::strong_count(&shared) > 1 {
        std::thread::yield_now();
    }
    assert_eq!(names(folder.path()), BTreeSet::from(["4".to_owned()]));
    assert_eq!(shared.lock().marks.len(), 1);
    assert!(shared.lock().marks.detail(&[4; 16]).is_some());
}

#[tokio::test]
async fn a_line_that_was_cut_off_costs_no_other_mark() {
    let whole = super::files::Line { mark: [1; 16], expires: 100, now: 0 }.to_string().len() + 1;
    for cut in 1..whole {
        let folder = folder();
        let journal = Journal::open(folder.path(), 0).unwrap();
        journal.claim([1; 16], 100, 0).await.unwrap();
        let file = fs::File::options().write(true).open(folder.path().join("0")).unwrap();
        file.set_len(u64::try_from(cut).unwrap()).unwrap();
        journal.claim([2; 16], 100, 0).await.unwrap();

        let restarted = Journal::open(folder.path(), 0).unwrap();
        assert!(restarted.contains(&[2; 16]), "cut after {cut}");
        let known = restarted.shared.lock().marks.len();
        let first = usize::from(restarted.contains(&[1; 16]));
        assert_eq!(known, 1 + first, "cut after {cut}: no mark that was never made");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_logged_and_the_others_are_used() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    journal.claim([1; 16], 100, 0).await.unwrap();
    let file = folder.path().join("0");
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend(
        b"\xff\xfe\0\0 not a line\n+0000000000000000000000000000001 00000000000000000100\n",
    );
    fs::write(&file, bytes).unwrap();
    journal.claim([2; 16], 100, 0).await.unwrap();

    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let restarted =
        tracing::subscriber::with_default(subscriber, || Journal::open(folder.path(), 0));
    let restarted = restarted.unwrap();
    assert!(restarted.contains(&[1; 16]) && restarted.contains(&[2; 16]));
    assert_eq!(restarted.shared.lock().marks.len(), 2);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("journal_lines_unreadable") && log.contains("lines=2"), "{log}");
}

#[tokio::test]
async fn what_cannot_be_written_is_not_claimed_and_can_be_claimed_later() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    let full = in_place_of_hour(folder.path(), 0, "/dev/full");
    assert!(matches!(journal.claim([1; 16], 100, 0).await, Err(NotKept::Unwritten(_))));
    assert!(!journal.contains(&[1; 16]));
    fs::remove_file(full).unwrap();
    assert_eq!(journal.claim([1; 16], 100, 0).await.unwrap(), Claim::New);
}

#[tokio::test]
async fn what_is_to_stay_marked_does_so_where_it_cannot_be_written() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    in_place_of_hour(folder.path(), 0, "/dev/full");
    let (first, second) =
        tokio::join!(journal.mark([1; 16], 100, 0), journal.mark([1; 16], 100, 0));
    assert!(first.is_err(), "told that a restart forgets it");
    assert_eq!(second.unwrap(), Claim::Known);
    assert!(journal.contains(&[1; 16]));
}

// `fdatasync` of this device fails although writing to it does not.
#[tokio::test]
async fn nobody_is_answered_before_the_mark_is_synced_to_disk() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    in_place_of_hour(folder.path(), 0, "/dev/null");
    assert!(journal.claim([1; 16], 100, 0).await.is_err());
    assert!(!journal.contains(&[1; 16]));
}

#[tokio::test]
async fn a_mark_is_not_written_into_a_file_that_was_deleted() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    journal.claim([1; 16], 100, 0).await.unwrap();
    fs::remove_file(folder.path().join("0")).unwrap();
    journal.claim([2; 16], 100, 0).await.unwrap();
    assert!(Journal::open(folder.path(), 0).unwrap().contains(&[2; 16]));
    fs::remove_dir_all(folder.path()).unwrap();
    assert!(journal.claim([3; 16], 100, 0).await.is_err());
}

#[tokio::test]
async fn a_mark_that_is_known_is_not_written_again() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    assert_eq!(journal.claim([1; 16], 100, 0).await.unwrap(), Claim::New);
    let before = fs::read(folder.path().join("0")).unwrap();
    assert_eq!(journal.claim([1; 16], 100, 0).await.unwrap(), Claim::Known);
    assert_eq!(journal.mark([1; 16], 100, 0).await.unwrap(), Claim::Known);
    assert_eq!(fs::read(folder.path().join("0")).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_callers_at_once_one_claims_a_mark() {
    let folder = folder();
    let journal = Arc::new(Journal::open(folder.path(), 0).unwrap());
    for mark in 0..20 {
        let callers = (0..16).map(|_| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move { journal.claim([mark; 16], 100, 0).await.unwrap() })
        });
        let claims = join_all(callers).await.into_iter().map(Result::unwrap);
        assert_eq!(claims.filter(|claim| *claim == Claim::New).count(), 1);
    }
}

#[tokio::test]
async fn a_caller_that_is_gone_leaves_a_mark_that_is_kept() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    {
        let caller = journal.claim([1; 16], 100, 0);
        tokio::pin!(caller);
        assert!(futures::poll!(caller.as_mut()).is_pending());
    }
    assert_eq!(journal.claim([1; 16], 100, 0).await.unwrap(), Claim::Known);
    assert!(Journal::open(folder.path(), 0).unwrap().contains(&[1; 16]));
}

#[tokio::test]
async fn marks_that_wait_at_the_same_time_share_a_write() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    // Whoever opens it to write waits until somebody opens it to read.
    let pipe = folder.path().join("0");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let first = journal.claim([0; 16], 1, 0);
    let others = join_all((1..=100).map(|mark| journal.claim([mark; 16], HOUR, 0)));
    tokio::pin!(first, others);
    assert!(futures::poll!(first.as_mut()).is_pending());
    assert!(futures::poll!(others.as_mut()).is_pending());
    let reader = std::thread::spawn(move || fs::read(pipe));
    assert!(first.await.is_err(), "a pipe cannot be synced");
    assert!(others.await.into_iter().all(|claim| matches!(claim, Ok(Claim::New))));
    reader.join().unwrap().unwrap();
    let text = fs::read_to_string(folder.path().join("1")).unwrap();
    assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), 100);
    // Each write begins with an empty line: one for those that came with the first mark, and one
    // for those that came while it was written.
    assert!(text.lines().filter(|line| line.is_empty()).count() <= 2, "{text}");
}

#[tokio::test]
async fn a_full_journal_forgets_nothing_and_refuses_claims() {
    let folder = folder();
    let journal = Journal::with_room_for(2, folder.path(), 0).unwrap();
    journal.claim([1; 16], 100, 0).await.unwrap();
    journal.mark([2; 16], 100, 0).await.unwrap();
    assert!(matches!(journal.claim([3; 16], 100, 0).await, Err(NotKept::Full)));
    assert!(!journal.contains(&[3; 16]));
    assert_eq!(journal.claim([1; 16], 100, 0).await.unwrap(), Claim::Known);
    assert_eq!(journal.mark([4; 16], 100, 0).await.unwrap(), Claim::New, "never refused");
    assert!([1, 2, 4].iter().all(|mark| journal.contains(&[*mark; 16])));
}

#[tokio::test]
async fn a_full_journal_takes_claims_again_once_marks_have_expired() {
    let folder = folder();
    let journal = Journal::with_room_for(1, folder.path(), 0).unwrap();
    journal.claim([1; 16], 100, 0).await.unwrap();
    assert!(matches!(journal.claim([2; 16], 7300, 3599).await, Err(NotKept::Full)));
    assert_eq!(journal.claim([2; 16], 7300, 3600).await.unwrap(), Claim::New);
    assert!(!journal.contains(&[1; 16]));
}

#[tokio::test]
async fn only_the_programs_own_user_reads_the_files() {
    let folder = folder();
    let journal = Journal::open(folder.path(), 0).unwrap();
    journal.claim([1; 16], 100, 0).await.unwrap();
    let mode = fs::metadata(folder.path().join("0")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_at_the_start() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Journal::open(&file, 0).is_err());
    fs::create_dir(folder.path().join("writable")).unwrap();
    assert!(Journal::open(folder.path(), 0).is_err());
}

#[derive(Clone, Debug)]
enum Step {
    Claim(u8, u64),
    Mark(u8, u64),
    Pass(u64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..20_u8, 0..3_u64).prop_map(|(mark, hours)| Step::Claim(mark, hours)),
        4 => (0..20_u8, 0..3_u64).prop_map(|(mark, hours)| Step::Mark(mark, hours)),
        1 => (1..3_u64).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever happens in between, a mark is new once until the hour in which it expires is over.
    #[test]
    fn a_mark_is_new_once_until_it_expires(steps in proptest::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = folder();
        let mut now = 0;
        let mut journal = Journal::open(folder.path(), now).unwrap();
        // The last hour in which each is marked.
        let mut model: BTreeMap<Mark, u64> = BTreeMap::new();
        for step in steps {
            let (mark, expires, claim) = match step {
                Step::Claim(mark, hours) => {
                    let expires = now + hours * HOUR;
                    ([mark; 16], expires, runtime.block_on(journal.claim([mark; 16], expires, now)))
                }
                Step::Mark(mark, hours) => {
                    let expires = now + hours * HOUR;
                    ([mark; 16], expires, runtime.block_on(journal.mark([mark; 16], expires, now)))
                }
                Step::Pass(hours) => {
                    now += hours * HOUR;
                    continue;
                }
                Step::Restart => {
                    journal = Journal::open(folder.path(), now).unwrap();
                    continue;
                }
            };
            let known = model.get(&mark).is_some_and(|hour| *hour >= now / HOUR);
            match claim.unwrap() {
                Claim::New => {
                    prop_assert!(!known);
                    model.insert(mark, expires / HOUR);
                }
                // Forgetting may take until the next mark is written; never longer.
                Claim::Known => prop_assert!(known || model.contains_key(&mark)),
            }
            prop_assert!(journal.contains(&mark));
        }
    }
}
