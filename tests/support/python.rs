//! The Python beside libtorch, whose `torch` our values are held against.

use std::env;
use std::io::Write;
use std::path::PathBuf;

/// Prints a line that is seen without `--nocapture` too.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The Python whose `torch` package libtorch lies in, or the one that `NNINIT_PYTHON` names; `None`, having said that
/// `what` did not run, where there is none.
///
/// # Panics
///
/// Where there has to be one: in CI, and beside the libtorch that `cargo torch` linked to.
#[must_use]
pub fn beside_libtorch(what: &str) -> Option<PathBuf> {
    let python = python();
    if python.is_none() {
        unavailable(
            what,
            &format!(
                "no Python with torch beside libtorch ({:?}); set NNINIT_PYTHON to one",
                libtorch()
            ),
        );
    }
    python
}

/// Says that `what` did not run, and why.
///
/// # Panics
///
/// Where it has to run.
pub fn unavailable(what: &str, why: &str) {
    assert!(!must_run(), "{what} cannot be shown: {why}");
    say(&format!("{what} did not run: {why}"));
}

fn python() -> Option<PathBuf> {
    if let Some(named) = env::var_os("NNINIT_PYTHON") {
        return Some(named.into());
    }
    // <environment>/lib/pythonX.Y/site-packages/torch
    let torch = libtorch()?.canonicalize().ok()?;
    let environment = torch.ancestors().nth(4)?;
    let python = environment.join("bin/python");
    (torch.join("nn/init.py").exists() && python.exists()).then_some(python)
}

fn libtorch() -> Option<PathBuf> {
    env::var_os("LIBTORCH")
        .map(PathBuf::from)
        .or_else(|| option_env!("LIBTORCH").map(PathBuf::from))
}

/// In CI, and where libtorch is the one that `cargo torch` linked to.
fn must_run() -> bool {
    let ci = env::var_os("CI").is_some_and(|ci| ci == "true");
    ci || libtorch().is_some_and(|libtorch| libtorch.ends_with(".libtorch"))
}
