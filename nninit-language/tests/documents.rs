//! The tables of schemes in the documentation are the table. `OVERWRITE=1` writes them anew.

use std::env;
use std::fs;
use std::path::Path;

use nninit_language::table::markdown;

/// The lines from the table's head to its last row, each after `prefix`.
#[track_caller]
fn compare(file: &str, prefix: &str, name: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let due: Vec<String> = markdown(name)
        .lines()
        .map(|line| format!("{prefix}{line}"))
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| *line == due[0]);
    let start = start.unwrap_or_else(|| panic!("{file} has no line `{}`", due[0]));
    let is_row = |line: &&&str| {
        line.strip_prefix(prefix)
            .is_some_and(|line| line.starts_with('|'))
    };
    let end = start + lines[start..].iter().take_while(is_row).count();
    if lines[start..end] == due {
        return;
    }
    let written = [
        &lines[..start],
        &due.iter().map(String::as_str).collect::<Vec<_>>(),
        &lines[end..],
    ]
    .concat();
    if env::var_os("OVERWRITE").is_some() {
        fs::write(&path, written.join("\n") + "\n").unwrap();
    } else {
        panic!(
            "{file} does not show the table; OVERWRITE=1 writes it:\n{}",
            due.join("\n")
        );
    }
}

#[test]
fn readme() {
    compare("README.md", "", |name| format!("`{name}`"));
}

#[test]
fn attributes() {
    compare("nninit/src/attributes.md", "", |name| format!("`{name}`"));
}

#[test]
fn schemes() {
    compare("nninit/src/schemes/mod.rs", "//! ", |name| {
        format!("[`{name}`]")
    });
}
