//! The sandbox's modules use each other in one direction: none reaches itself by way of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Every module, by its path below the crate, with its text.
fn modules(folder: &Path, above: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let module = match name.as_str() {
            "mod" => above.to_owned(),
            _ if above.is_empty() => name,
            _ => format!("{above}::{name}"),
        };
        if path.is_dir() {
            modules(&path, &module, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(module, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The modules whose items a text names behind `crate::`, outside of its tests and comments.
fn used(text: &str, known: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.flat_map(|line| [line.trim(), " "]).collect();
    let is_path = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
    let mut used = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let end = rest.find(|letter| !is_path(letter)).unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        let several = after.strip_prefix('{').filter(|_| path.ends_with("::") || path.is_empty());
        let items = several.and_then(|list| list.split('}').next()).unwrap_or_default();
        for item in items.split(',').map(str::trim).chain([""]) {
            let mut name = format!("{path}{item}");
            while !name.is_empty() && !known.contains_key(name.trim_end_matches(':')) {
                name = name.rsplit_once("::").map_or(String::new(), |(start, _)| start.to_owned());
            }
            used.extend(Some(name.trim_end_matches(':').to_owned()).filter(|it| !it.is_empty()));
        }
    }
    used
}

fn reached(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph[from].iter().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module.clone()) {
            next.extend(&graph[module]);
        }
    }
    reached
}

#[test]
fn no_module_reaches_itself() {
    let mut known = BTreeMap::new();
    modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut known);
    let graph: Graph = known
        .iter()
        .map(|(module, text)| {
            let mut used = used(text, &known);
            used.remove(module);
            (module.clone(), used)
        })
        .collect();
    assert!(graph["platform"].contains("clock"), "the graph is read");
    let circular: Vec<&String> =
        graph.keys().filter(|module| reached(&graph, module).contains(*module)).collect();
    assert!(circular.is_empty(), "{circular:?}");
}
