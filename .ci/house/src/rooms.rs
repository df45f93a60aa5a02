//! The rooms of the runtime crate in the order of DESIGN.md: each imports only from those that stand above it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::arrows::{self, Arrow};
use crate::circles::{self, Graph};
use crate::modules::{Modules, Name};

/// What is wrong; the counts are printed.
pub(crate) fn check(source: &Path, order: &[String]) -> Result<Vec<String>, String> {
    let modules = Modules::read(source)?;
    let arrows = arrows::of(&modules);
    let is_there = |room: &str| modules.0.keys().any(|name| name.join("::") == room);
    let stale = order.iter().filter(|room| !is_there(room));
    let mut complaints: Vec<_> = stale
        .map(|room| format!("DESIGN.md: there is no room `{room}`"))
        .collect();
    let (mut between, mut within) = (Graph::new(), Graph::new());
    for name in modules.rooms() {
        let room = room(name, order)?;
        between.entry(order[room].clone()).or_default();
    }
    for arrow in &arrows {
        let (from, to) = (room(&arrow.from, order)?, room(&arrow.to, order)?);
        if from == to {
            within
                .entry(file(&modules, &arrow.from))
                .or_default()
                .insert(file(&modules, &arrow.to));
            continue;
        }
        between
            .entry(order[from].clone())
            .or_default()
            .insert(order[to].clone());
        if to > from {
            complaints.push(upwards(arrow, source, &order[from], &order[to]));
        }
    }
    for (from, to) in &mut within {
        to.remove(from);
    }
    let rooms_in_circles = circles::of(&between);
    let files_in_circles = circles::of(&within);
    println!(
        "{} rooms, {} arrows between them, {} circles; {} circles of files within rooms; {} imports upwards",
        between.len(),
        between.values().map(BTreeSet::len).sum::<usize>(),
        rooms_in_circles.len(),
        files_in_circles.len(),
        complaints.len(),
    );
    let circle = |nodes: &Vec<String>| format!("circle: {}", nodes.join(", "));
    complaints.extend(rooms_in_circles.iter().chain(&files_in_circles).map(circle));
    Ok(complaints)
}

fn upwards(arrow: &Arrow, source: &Path, from: &str, to: &str) -> String {
    let file = arrow.file.strip_prefix(source).unwrap_or(&arrow.file);
    let (file, line, path) = (file.display(), arrow.line, &arrow.path);
    format!("{file}:{line}: `{path}`: {from} stands above {to}")
}

/// The place in the order of the longest name that a module's path begins with.
fn room(name: &Name, order: &[String]) -> Result<usize, String> {
    let path = name.join("::");
    let holds = |room: &str| path == room || path.starts_with(&format!("{room}::"));
    let rooms = order.iter().enumerate().filter(|(_, room)| holds(room));
    let longest = rooms
        .max_by_key(|(_, room)| room.len())
        .map(|(place, _)| place);
    longest.ok_or_else(|| format!("the module `{path}` is in no room: give it a row in DESIGN.md"))
}

/// Inline modules belong to their file.
fn file(modules: &Modules, name: &Name) -> String {
    let file = &modules.0[name].file;
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    let source = parts
        .iter()
        .rposition(|part| part == "src")
        .map_or(0, |at| at + 1);
    parts[source..].join("/")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A crate of these files, checked.
    fn complaints(case: &str, files: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let root = std::env::temp_dir().join(format!("house-{case}-{}", std::process::id()));
        let source = root.join("src");
        for (name, text) in files {
            let file = source.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let order = ["error", "plan", "engine"].map(str::to_owned);
        let checked = check(&source, &order);
        fs::remove_dir_all(&root).unwrap();
        checked
    }

    const LIB: &str = "mod error; mod plan; mod engine; pub use crate::{error::Error, plan::{Plan, draft::Draft}};";

    #[test]
    fn downwards_is_allowed_and_tests_and_expansions_may_look_anywhere() {
        let plan = "//! [`crate::engine`]\nmod draft; pub use draft::Draft; use crate::Error;
            macro_rules! m { () => { $crate::engine::f() } }
            #[cfg(test)] mod tests { use crate::engine; } #[cfg(test)] fn f() { crate::engine::f() }";
        let files = [
            ("lib.rs", LIB),
            ("error.rs", "pub struct Error;"),
            ("plan/mod.rs", plan),
            ("plan/draft.rs", "use super::Error; pub struct Draft;"),
            ("engine.rs", "use super::Plan; pub fn f() {}"),
        ];
        assert_eq!(complaints("down", &files).unwrap(), [""; 0]);
    }

    #[test]
    fn upwards_is_found_through_windows_groups_renames_paths_and_macros() {
        for error in [
            "use crate::Plan;",
            "use crate::{Plan as P};",
            "use super::plan::*;",
            "use crate::Draft;",
            "pub use crate::Plan; fn f(_: Plan) {}",
            "fn f(_: &crate::Plan) {}",
            "fn f() { println!(\"{}\", crate::plan::N); }",
            "mod inner { use super::super::plan; }",
        ] {
            let files = [
                ("lib.rs", LIB),
                ("error.rs", error),
                (
                    "plan/mod.rs",
                    "mod draft; pub use draft::Draft; pub struct Plan;",
                ),
                ("plan/draft.rs", "pub struct Draft;"),
                ("engine.rs", ""),
            ];
            let complaints = complaints("up", &files).unwrap();
            assert_eq!(complaints.len(), 1, "{error}: {complaints:?}");
            assert!(
                complaints[0].contains("error stands above plan"),
                "{complaints:?}"
            );
        }
    }

    #[test]
    fn circles_are_found_within_rooms_and_between_them() {
        for plan in [
            "mod draft; use draft::Draft; use crate::error;",
            "mod draft; fn f() { crate::error::f(draft::f()) }",
        ] {
            let files = [
                ("lib.rs", LIB),
                ("error.rs", "use crate::Plan;"),
                ("plan/mod.rs", plan),
                ("plan/draft.rs", "use super::Plan; pub struct Draft;"),
                ("engine.rs", ""),
            ];
            let complaints = complaints("circle", &files).unwrap();
            let circles = ["circle: error, plan", "circle: plan/draft.rs, plan/mod.rs"];
            assert_eq!(complaints[1..], circles, "{plan}");
        }
    }

    #[test]
    fn a_module_without_a_room_is_an_error() {
        let files = [("lib.rs", "mod utils;"), ("utils.rs", "pub fn f() {}")];
        assert!(
            complaints("room", &files)
                .unwrap_err()
                .contains("`utils` is in no room")
        );
    }
}
