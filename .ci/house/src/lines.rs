//! Lines fit 120 columns, and files are counted that have more than 600 of them.

use std::fs;
use std::path::Path;
use std::process::Command;

const COLUMNS: usize = 120;
const LONG: usize = 600;
const TEXTS: [&str; 6] = ["rs", "md", "toml", "sh", "py", "txt"];

/// Written by programs: tables of figures and of values.
const DATA: [&str; 2] = ["benches/RESULTS.md", "tests/golden/values.txt"];

/// What is too wide, of all that git knows.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let listed = Command::new("git")
        .arg("ls-files")
        .current_dir(root)
        .output();
    let listed = listed.map_err(|error| format!("git does not start: {error}"))?;
    let listed = String::from_utf8(listed.stdout).map_err(|error| error.to_string())?;
    let is_text = |path: &&str| {
        let extension = Path::new(path)
            .extension()
            .and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| TEXTS.contains(&extension)) && !DATA.contains(path)
    };
    let (mut complaints, mut long) = (vec![], vec![]);
    for path in listed.lines().filter(is_text) {
        let Ok(text) = fs::read_to_string(root.join(path)) else {
            continue;
        };
        let count = text.lines().count();
        if count > LONG {
            long.push(format!("{path} ({count})"));
        }
        complaints.extend(
            too_wide(&text).map(|(line, columns)| format!("{path}:{line}: {columns} columns")),
        );
    }
    println!(
        "{} lines over {COLUMNS} columns; {} files over {LONG} lines: {}",
        complaints.len(),
        long.len(),
        long.join(", ")
    );
    Ok(complaints)
}

fn too_wide(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !is_unbreakable(line));
    let measured = lines.map(|(number, line)| (number + 1, line.chars().count()));
    measured.filter(|&(_, columns)| columns > COLUMNS)
}

/// A row of a Markdown table, also in documentation; one word, as addresses are; a literal that runs past the last
/// column, for a message stands whole where somebody looks for it.
fn is_unbreakable(line: &str) -> bool {
    let line = line.trim_start();
    let text = line.trim_start_matches(['/', '!']).trim_start();
    let is_comment = text.len() < line.len();
    let within: String = line.chars().take(COLUMNS).collect();
    let quotes = within.replace("\\\"", "").matches('"').count();
    let ends_in_literal = line.trim_end_matches([',', ';', ')']).ends_with('"') || quotes % 2 == 1;
    text.starts_with('|') || !text.contains(' ') || (!is_comment && ends_in_literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_whole_and_its_comment_does_not() {
        let words = "a ".repeat(61);
        let text = format!("f(\"{words}\\\"{words}\");\nf(\"\", {words});\n// \"{words}\");");
        assert_eq!(
            too_wide(&text).map(|(line, _)| line).collect::<Vec<_>>(),
            [2, 3]
        );
    }

    #[test]
    fn only_what_can_be_broken_is_too_wide() {
        let words = "a ".repeat(61);
        let text = format!(
            "{words}\n/// {words}\n| {words}\n//! | {words}\n{}\n",
            "a".repeat(200)
        );
        assert_eq!(too_wide(&text).collect::<Vec<_>>(), [(1, 122), (2, 126)]);
        assert_eq!(too_wide(&"é ".repeat(60)).count(), 0);
    }
}
