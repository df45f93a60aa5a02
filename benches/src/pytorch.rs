//! PyTorch's own functions, Python and all: those of the package that libtorch came with.
//!
//! They run in a process of their own, for Python is not in ours.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::turns::Process;

/// A process of `python` that calls `torch.nn.init.<function>` on a tensor of this shape.
pub(crate) fn process(
    python: &Path,
    threads: usize,
    shape: &[i64],
    function: &str,
    arguments: &[f64],
) -> Result<Process> {
    let shape: Vec<_> = shape.iter().map(i64::to_string).collect();
    let mut command = Command::new(python);
    command
        .args(["-c", include_str!("pytorch.py")])
        .args([&threads.to_string(), &shape.join("x"), function])
        .args(arguments.iter().map(f64::to_string));
    started(command)
}

/// A process of `python` that builds this model and initialises it by a script of PyTorch's.
pub(crate) fn from_nothing(python: &Path, threads: usize, model: &str) -> Result<Process> {
    let mut command = Command::new(python);
    command
        .args(["-c", include_str!("models/from_nothing.py")])
        .args([&threads.to_string(), model]);
    started(command)
}

fn started(command: Command) -> Result<Process> {
    let process = Process::start(command)?;
    ensure!(!process.greeting().is_empty(), "Python has no torch");
    Ok(process)
}

/// The Python of the environment whose `torch` package libtorch lies in.
pub(crate) fn python() -> Result<PathBuf> {
    let libtorch = env::var_os("LIBTORCH").map(PathBuf::from);
    let libtorch = libtorch.or_else(|| option_env!("LIBTORCH").map(PathBuf::from));
    let libtorch = libtorch
        .context("LIBTORCH names no folder")?
        .canonicalize()?;
    // <environment>/lib/pythonX.Y/site-packages/torch
    let environment = libtorch.ancestors().nth(4);
    environment
        .map(|environment| environment.join("bin/python"))
        .filter(|python| python.is_file())
        .context("libtorch came without a Python")
}
