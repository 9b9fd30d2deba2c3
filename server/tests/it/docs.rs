//! What the documents say is so: each test they name exists, each setting and each event they are to
//! list is listed.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use server::config::{Config, NAMES};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

/// Every file below `folder` that ends in `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// `module::name` of Rust, `file.spec.ts: title` of the browser tests, or `attacks/file.mjs: title`.
fn exists(test: &str) -> bool {
    if let Some((file, title)) = test.split_once(": ") {
        let folder = if file.starts_with("attacks/") { "end2end" } else { "end2end/tests" };
        let path = root().join(folder).join(file);
        return fs::read_to_string(path).is_ok_and(|text| text.contains(title));
    }
    let Some((module, name)) = test.rsplit_once("::") else { return false };
    let crates = ["server", "server/bff", "server/sandbox"];
    let folders = crates.iter().flat_map(|it| [format!("{it}/src"), format!("{it}/tests")]);
    let folders = folders.chain(["server/journal/src".to_owned()]);
    folders.flat_map(|folder| files(&root().join(folder), ".rs")).any(|path| {
        // The unit tests of a whole crate go by the crate's name.
        let named = path.file_stem().unwrap() == module
            || path.parent().unwrap().file_name().unwrap() == module
            || path.ends_with(format!("{module}/src/tests.rs"));
        named && fs::read_to_string(path).unwrap().contains(&format!("fn {name}("))
    })
}

#[test]
fn each_row_of_the_security_table_names_tests_that_exist() {
    let text = read("server/docs/security.md");
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [row, _, tests] = cells[..] else { continue };
        if row.len() == 2 && row.starts_with(char::is_uppercase) {
            let tests: Vec<&str> = quoted(tests).collect();
            assert!(!tests.is_empty(), "{row} names no test");
            for test in tests {
                assert!(exists(test), "{row}: there is no test {test}");
            }
            rows.push(row.to_owned());
        }
    }
    let expected: Vec<String> =
        [("T", 7), ("C", 3), ("F", 2), ("S", 7), ("H", 4), ("V", 4), ("L", 2)]
            .iter()
            .flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}")))
            .collect();
    assert_eq!(rows, expected);
}

#[test]
fn each_event_of_the_log_is_in_its_inventory() {
    let inventory = read("server/docs/log.md");
    let listed: BTreeSet<&str> =
        inventory.lines().filter_map(|line| quoted(line.strip_prefix("| ")?).next()).collect();
    let mut logged = BTreeSet::new();
    let sources: Vec<String> = ["server/src", "server/bff/src", "server/journal/src"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), ".rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for source in &sources {
        for rest in source.split("event = \"").skip(1) {
            logged.insert(rest.split('"').next().unwrap());
        }
    }
    assert_eq!(listed, logged);
}

#[test]
fn each_setting_is_in_the_configuration_table_and_in_the_example() {
    let asked = RefCell::new(BTreeSet::new());
    // A registration, so that all settings are read.
    _ = Config::read(|name| {
        // Those of proxies are also read in lower case, as curl does.
        asked.borrow_mut().insert(name.to_uppercase());
        (name == "CLIENT_ID").then(|| "a".to_owned())
    });
    _ = Config::read(|name| {
        asked.borrow_mut().insert(name.to_uppercase());
        None
    });
    let asked = asked.into_inner();
    assert_eq!(asked.iter().collect::<Vec<_>>(), NAMES.iter().collect::<Vec<_>>());
    let (readme, example) = (read("README.md"), read(".env.example"));
    for name in asked {
        assert!(readme.contains(&format!("`{name}`")), "README.md does not name {name}");
        assert!(example.contains(&format!("{name}=")), ".env.example does not name {name}");
    }
}
