//! This program again, in a process of its own: a peak of memory never falls again.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

/// What the program prints under `--FLAG CASE` and these arguments.
pub(crate) fn output(flag: &str, case: &impl ValueEnum, arguments: &[&str]) -> Result<String> {
    let name = case.to_possible_value().context("a case without a name")?;
    let output = Command::new(std::env::current_exe()?)
        .args([flag, name.get_name()])
        .args(arguments)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
