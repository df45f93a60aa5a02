//! What `DESIGN.md` says that can be checked: the order of the rooms, and the tests that hold the contracts.

use std::fs;
use std::path::Path;

/// The rooms, from the words of the whole crate to what expansions call.
pub(crate) fn rooms(root: &Path) -> Result<Vec<String>, String> {
    let text = read(&root.join("DESIGN.md"))?;
    let rooms = first_cells(section(&text, "## Rooms")?);
    if rooms.is_empty() {
        return Err("DESIGN.md: the section `## Rooms` has no table of rooms".into());
    }
    Ok(rooms)
}

/// The tests that are named, `FILE::FUNCTION`, and are not there.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let text = read(&root.join("DESIGN.md"))?;
    let tests: Vec<_> = named(&text).collect();
    println!("{} tests hold the contracts of DESIGN.md", tests.len());
    let missing = tests.iter().filter_map(|(file, function)| {
        let source = read(&root.join(file)).unwrap_or_default();
        let is_there = source.contains(&format!("fn {function}("));
        (!is_there).then(|| format!("DESIGN.md: there is no `{function}` in {file}"))
    });
    Ok(missing.collect())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn section<'a>(text: &'a str, heading: &str) -> Result<&'a str, String> {
    let (_, rest) = text
        .split_once(&format!("\n{heading}\n"))
        .ok_or_else(|| format!("DESIGN.md has no section `{heading}`"))?;
    Ok(rest.split("\n## ").next().unwrap_or(rest))
}

/// The names in backticks that rows of a table begin with.
fn first_cells(table: &str) -> Vec<String> {
    let names = table.lines().filter_map(|row| {
        row.strip_prefix("| `")?
            .split_once("` |")
            .map(|(name, _)| name)
    });
    names.map(str::to_owned).collect()
}

fn named(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|code| code.split_once("::"))
        .filter(|(file, _)| {
            Path::new(file)
                .extension()
                .is_some_and(|extension| extension == "rs")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_the_rows_of_their_own_section() {
        let text = "\n## Other\n| `no` | |\n\n## Rooms\n\n| room | what |\n|---|---|\n| `a` | x |\n| `b::c` | y |\n\n## Z\n| `z` | |";
        assert_eq!(
            first_cells(section(text, "## Rooms").unwrap()),
            ["a", "b::c"]
        );
        assert!(section(text, "## None").is_err());
    }

    #[test]
    fn tests_are_told_from_other_paths() {
        let text = "`tests/a.rs::holds` and `rules::store`, `b.rs`";
        assert_eq!(named(text).collect::<Vec<_>>(), [("tests/a.rs", "holds")]);
    }
}
