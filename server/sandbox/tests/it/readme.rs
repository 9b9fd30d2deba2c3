//! Each row of the README's table of differences names tests that show it.

use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder and of those within.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Whether there is such a test: `module::name`.
fn exists(test: &str) -> bool {
    let Some((module, name)) = test.split_once("::") else { return false };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = files(&root.join("src"));
    sources.extend(files(&root.join("tests")));
    let is_named = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == module);
    sources.iter().filter(is_named).any(|path| {
        let text = fs::read_to_string(path).unwrap();
        let at = text.find(&format!("fn {name}()"));
        // The attribute stands on the line above.
        at.is_some_and(|at| {
            let mut above = text[..at].lines().rev().skip(1);
            above.next().is_some_and(|line| line.trim().ends_with("test]"))
        })
    })
}

#[test]
fn each_row_of_the_table_of_differences_names_tests_that_exist() {
    let readme = include_str!("../../README.md");
    let table = readme.split("## Known differences\n").nth(1).unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).skip(2).collect();
    assert!(rows.len() > 30, "the table is read: {rows:?}");
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [what, _, _, tests] = cells[..] else { panic!("{row}") };
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{what} names no test");
        for test in tests {
            assert!(exists(test), "{what}: there is no test {test}");
        }
    }
}
