//! What can be counted exactly of a page: what it reads from files, and how often it asks for memory.
//! Both are counted for the test's own thread, on which the whole page is made.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    collections::HashMap,
    fs,
};

use axum::{
    Router,
    body::Body,
    http::{
        Request,
        header::{COOKIE, HOST},
    },
};
use bff::Clock;
use http_body_util::BodyExt;
use server::{config::Config, routes::router, site, state::AppState};
use tempfile::TempDir;
use tower::ServiceExt;
use tracing::subscriber::{NoSubscriber, set_default};

use crate::server::{ON_SANDBOX, Server, key};

/// The system's allocator, which counts.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: the system's allocator does all of it; the count is a number in the thread's own memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract of this function, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as above.
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(old, layout) }
    }
}

/// A server without connections, whose built files have hashes in their names; and the folder in which
/// all of its files are.
fn server_without_connections() -> (Router, TempDir) {
    let folder = TempDir::new().unwrap();
    let hashes = "css: c3\njs: j5\nwasm: w7\n";
    fs::write(folder.path().join("hash.txt"), hashes).unwrap();
    let (keys, state) = (key(1), folder.path().join("state"));
    let mut env = HashMap::from([
        ("LEPTOS_HASH_FILES", "true"),
        ("PUBLIC_URL", "http://localhost"),
        ("SESSION_KEYS", &keys),
        ("STATE_DIR", state.to_str().unwrap()),
    ]);
    env.extend(ON_SANDBOX);
    let read = |name: &str| env.get(name).map(|&it| it.to_owned());
    let options = site::options(read, folder.path(), ([127, 0, 0, 1], 0).into());
    let config = Config::read(read).ok().unwrap();
    (router(AppState::new(config, options, Clock::system()).unwrap()), folder)
}

/// Loads a page; how often that asked for memory.
async fn load(router: &Router, path: &str, cookies: &str) -> usize {
    let request = Request::get(path).header(HOST, "localhost").header(COOKIE, cookies);
    let request = request.body(Body::empty()).unwrap();
    // What other tests log with in this process doesn't count.
    let _no_log = set_default(NoSubscriber::default());
    let before = ALLOCATIONS.get();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let html = answer.into_body().collect().await.unwrap().to_bytes();
    let asked = ALLOCATIONS.get() - before;
    let html = str::from_utf8(&html).unwrap();
    assert!(html.contains("/pkg/graph-connect.w7.wasm"), "{html}");
    assert_eq!(html.contains("id=\"form\""), path == "/send", "{html}");
    asked
}

/// Cookies that any server with the same key and registration takes for a session.
async fn session() -> String {
    let mut browser = Server::on_sandbox().await.browser();
    assert_eq!(browser.connect("work@sandbox.example").await.status, 200);
    let pairs: Vec<_> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

/// Calls of `read` and its relatives by this thread so far (proc(5), `io`: `syscr`).
fn reads() -> u64 {
    let io = fs::read_to_string("/proc/thread-self/io").unwrap();
    io.lines().find_map(|line| line.strip_prefix("syscr: ")).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_page_reads_no_file() {
    let cookies = session().await;
    let (router, folder) = server_without_connections();
    // Not even one that is there no more.
    folder.close().unwrap();
    for path in ["/", "/send"] {
        load(&router, path, &cookies).await;
        let own = {
            let before = reads();
            reads() - before
        };
        let before = reads();
        for _ in 0..10 {
            load(&router, path, &cookies).await;
        }
        assert_eq!(reads() - before, own, "{path}");
    }
}

#[tokio::test]
async fn a_page_asks_for_memory_no_more_often_than_it_must() {
    let cookies = session().await;
    let (router, _folder) = server_without_connections();
    for (path, cookies, most) in [("/", "", 190), ("/send", cookies.as_str(), 320)] {
        load(&router, path, cookies).await;
        let asked = load(&router, path, cookies).await;
        assert!(asked <= most, "{path}: {asked} times, more than {most}");
    }
}
