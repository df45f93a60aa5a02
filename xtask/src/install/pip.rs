//! pip, and what its complaints mean.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    error::Error,
    python::{self, Python},
    wanted::Wanted,
};

/// torch, and the numpy that torch's own tensors want for their conversions.
pub(super) fn install(environment: &Path, wanted: &Wanted, base: &Python) -> Result<(), Error> {
    let mut pip = command(environment, wanted);
    let (ended, said) = watch(&mut pip).map_err(|error| {
        Error::new(
            format!("cannot run pip: {error}"),
            "see whether your Python's `-m pip` works",
        )
    })?;
    if ended {
        Ok(())
    } else {
        Err(explain(&said, wanted, base))
    }
}

fn command(environment: &Path, wanted: &Wanted) -> Command {
    // pip unpacks downloads in the temporary folder, which often is a small one in memory.
    let scratch = environment.join("tmp");
    let scratch = std::fs::create_dir_all(&scratch).is_ok().then_some(scratch);
    let mut pip = Command::new(python::of_environment(environment));
    pip.args([
        python::ALONE,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-cache-dir",
    ])
    .args([&format!("torch=={}", wanted.torch), "numpy"])
    .envs(
        scratch
            .iter()
            .flat_map(|dir| ["TMPDIR", "TEMP", "TMP"].map(|name| (name, dir))),
    );
    pip
}

/// Shows what pip says, all of it on our stderr (our stdout belongs to the cargo that follows), and keeps its
/// complaints.
fn watch(pip: &mut Command) -> io::Result<(bool, String)> {
    let mut child = pip.stdout(io::stderr()).stderr(Stdio::piped()).spawn()?;
    let mut said = String::new();
    if let Some(complaints) = child.stderr.take() {
        show(complaints, &mut said)?;
    }
    Ok((child.wait()?.success(), said))
}

fn show(complaints: impl Read, said: &mut String) -> io::Result<()> {
    let mut complaints = BufReader::new(complaints);
    let mut line = Vec::new();
    while complaints.read_until(b'\n', &mut line)? > 0 {
        let _ = io::stderr().write_all(&line);
        said.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

fn explain(said: &str, wanted: &Wanted, base: &Python) -> Error {
    let has = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    if has(&[
        "No space left",
        "Errno 28",
        "Disk quota exceeded",
        "not enough space on the disk",
    ]) {
        return Error::new(
            "the disk filled up while pip installed torch; what it had installed is removed again",
            "free some room, or set XDG_CACHE_HOME (on Windows LOCALAPPDATA) to a folder on a larger disk",
        );
    }
    // Before the next one: without a network pip, too, ends in "No matching distribution".
    if has(NETWORK) {
        return Error::new(
            "pip could not reach its package index",
            "look at the network (a proxy: HTTPS_PROXY; a mirror: PIP_INDEX_URL) and run this again, or set \
             LIBTORCH to a libtorch's folder",
        );
    }
    if has(&["(from versions: none)"]) {
        return Error::new(
            "pip saw no torch at all: its package index was not reached, or has none for this machine",
            "look at the network and at `pip config list`, or set LIBTORCH to a libtorch's folder",
        );
    }
    if has(&["No matching distribution", "Could not find a version"]) {
        return Error::new(
            format!(
                "pip knows no torch {} for {base} on this machine",
                wanted.torch
            ),
            "set PYTHON to another Python 3, most often a newer one, or set LIBTORCH to a libtorch's folder",
        );
    }
    Error::new(
        "pip could not install torch; it says why above",
        "mend that and run this again, or set LIBTORCH to a libtorch's folder",
    )
}

const NETWORK: &[&str] = &[
    "NewConnectionError",
    "Failed to establish a new connection",
    "Connection broken",
    "ConnectionResetError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Read timed out",
    "Max retries exceeded",
    "NameResolutionError",
    "Cannot connect to proxy",
    "SSLError",
    "Could not fetch URL",
];

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::{Python, Wanted, explain};
    use crate::wanted::Version;

    fn explained(said: &str) -> String {
        let wanted = Wanted {
            torch: Version::new("2.13.0"),
            torch_sys: "0.26.0".into(),
        };
        explain(said, &wanted, &Python::ask(OsStr::new("no-such-python"))).to_string()
    }

    #[test]
    fn pips_complaints_become_advice() {
        let nothing = "ERROR: No matching distribution found for torch==2.13.0";
        let offline = format!(
            "WARNING: Retrying after connection broken by 'NewConnectionError: [Errno -3] Temporary \
             failure in name resolution'\n{nothing}"
        );
        for (said, expected) in [
            (
                "ERROR: Could not install packages due to an OSError: [Errno 28] No space left",
                "disk",
            ),
            (offline.as_str(), "network"),
            (
                "ERROR: Could not find a version (from versions: none)",
                "was not reached",
            ),
            (nothing, "set PYTHON"),
            ("ERROR: something else", "pip could not install torch"),
        ] {
            let error = explained(said);
            assert!(
                error.contains(expected) && error.contains("help: "),
                "{said}: {error}"
            );
        }
    }
}
