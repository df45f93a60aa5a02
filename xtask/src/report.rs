//! What is said to people.

use std::{
    env,
    fmt::Display,
    io::{self, Write},
};

use crate::{link::Link, torch::Torch};

/// A line for people, on stderr: stdout belongs to the cargo that follows. One that nobody can read is lost.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

pub(crate) fn help() {
    let _ = write!(io::stdout(), "{HELP}");
}

pub(crate) fn linked(torch: &Torch, link: &Link) {
    note(format_args!(
        "{torch}: {} -> {}",
        link.path.display(),
        torch.dir.display()
    ));
}

/// Warns of what makes torch-sys look past `LIBTORCH`; shell profiles often set the first.
pub(crate) fn overrides() {
    for name in ["LIBTORCH_USE_PYTORCH", "LIBTORCH_LIB", "LIBTORCH_INCLUDE"] {
        if env::var_os(name).is_some() {
            note(format_args!(
                "note: {name} is set, and torch-sys heeds it before LIBTORCH and .libtorch; unset it unless you mean that"
            ));
        }
    }
}

const HELP: &str = "\
cargo torch [ARGS]: find or install libtorch, then run `cargo ARGS`

    cargo torch                  say which libtorch is used, and why
    cargo torch test             set up if need be, then `cargo test`
    cargo torch run --example x  set up if need be, then `cargo run --example x`

Cargo.lock's torch-sys says which release is right. The first of these that has it is used:

    1. LIBTORCH, if you set it: a folder with libtorch's `lib` and `include`
    2. .libtorch in the workspace's root, as an earlier run left it
    3. the torch package of a Python: $PYTHON alone if set, else the active
       virtual environment's, python3, python
    4. an environment of its own, made with `pip install torch==... numpy` in
       the cache folder ($XDG_CACHE_HOME or ~/.cache; macOS ~/Library/Caches;
       Windows %LOCALAPPDATA%), under nninit/, once for every checkout; what it
       takes is said beforehand, and pip's own settings (PIP_INDEX_URL, ...) hold

What is found is linked as .libtorch, and .cargo/config.toml sets LIBTORCH to that
link: afterwards plain cargo and rust-analyzer work too, and rebuild nothing.
To start afresh, remove .libtorch; remove the folder in the cache too to download again.
";
