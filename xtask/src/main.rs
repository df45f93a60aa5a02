//! `cargo torch ARGS`: finds or installs the libtorch that this workspace's `tch` wants, then runs `cargo ARGS`.
//!
//! Everything hangs on one link, `.libtorch` in the workspace's root: it leads to a folder with libtorch's `lib` and
//! `include`, usually a `torch` package of Python. `.cargo/config.toml` sets `LIBTORCH` to it for every cargo that
//! starts in the workspace, so plain cargo, rust-analyzer and `cargo torch` see one value, and torch-sys (minutes of
//! C++) is built once. When the link is there and right, `cargo torch ARGS` is `cargo ARGS`.
//!
//! The rooms: [`wanted`] reads from `Cargo.lock` which libtorch is right; [`find`] decides which source wins; [`torch`]
//! looks into a folder, [`python`] asks a Python, [`install`] makes an environment of our own, [`link`] keeps
//! `.libtorch`; [`cargo`] hands over; [`report`] speaks.

mod cargo;
mod error;
mod find;
mod install;
mod link;
mod python;
mod report;
mod torch;
mod wanted;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use error::Error;
use link::Link;
use wanted::Wanted;

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        report::note(error);
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode, Error> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    if args
        .first()
        .is_some_and(|first| first == "--help" || first == "-h")
    {
        report::help();
        return Ok(ExitCode::SUCCESS);
    }

    let root = workspace_root();
    let wanted = Wanted::of(&root)?;
    let link = Link::of(&root);
    let found = find::find(&wanted, &link)?;
    if found.replaced {
        cargo::forget_torch_sys(&root);
    }
    report::overrides();
    if args.is_empty() {
        find::tell(&found, &wanted, &link);
        return Ok(ExitCode::SUCCESS);
    }
    cargo::run(&args, &link)
}

/// `cargo run` says where the package lies; the fallback serves a binary that is started by hand.
fn workspace_root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}
