//! The cargo that everything is handed over to.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
    process::{Command, ExitCode},
};

use crate::{error::Error, find, link::Link, report};

/// Runs `cargo ARGS` in the user's folder, and ends as it ends.
pub(crate) fn run(args: &[OsString], link: &Link) -> Result<ExitCode, Error> {
    let mut cargo = command();
    cargo.args(args);
    if find::users_libtorch(env::var_os("LIBTORCH"), link).is_none() {
        // The cargo that started us took it from `.cargo/config.toml`; left to itself, the next one does the same, and
        // sees exactly what a plain `cargo` sees.
        cargo.env_remove("LIBTORCH");
    }
    hand_over(&mut cargo)
}

/// torch-sys watches the *path* in `LIBTORCH`, not where the link leads: after the link moved, it would go on asking
/// for the libraries of the old place.
pub(crate) fn forget_torch_sys(root: &Path) {
    let cleaned = command()
        .args(["clean", "--quiet", "--package", "torch-sys"])
        .current_dir(root)
        .status()
        .is_ok_and(|status| status.success());
    if !cleaned {
        report::note("note: .libtorch moved; if linking fails, run `cargo clean -p torch-sys`");
    }
}

fn command() -> Command {
    Command::new(
        env::var_os("CARGO")
            .as_deref()
            .unwrap_or(OsStr::new("cargo")),
    )
}

#[cfg(unix)]
fn hand_over(cargo: &mut Command) -> Result<ExitCode, Error> {
    use std::os::unix::process::CommandExt;
    let error = cargo.exec();
    Err(not_started(cargo, &error))
}

#[cfg(not(unix))]
fn hand_over(cargo: &mut Command) -> Result<ExitCode, Error> {
    let status = cargo.status().map_err(|error| not_started(cargo, &error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn not_started(cargo: &Command, error: &std::io::Error) -> Error {
    Error::new(
        format!("cannot start {}: {error}", cargo.get_program().display()),
        "run this as `cargo torch`, which says where cargo is",
    )
}
