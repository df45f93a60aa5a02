use std::{
    env,
    fmt::Display,
    io::{self, Write},
    path::Path,
};

use crate::{
    find::{Found, Origin},
    link::Link,
    python::Python,
    torch::Torch,
    wanted::Wanted,
};

/// A line for people, on stderr: stdout belongs to the cargo that follows. One that nobody can read is lost.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

pub(crate) fn help() {
    let _ = write!(io::stdout(), "{HELP}");
}

/// The answer to `cargo torch` alone.
pub(crate) fn found(found: &Found, wanted: &Wanted, link: &Link) {
    let origin = match &found.origin {
        Origin::User => "LIBTORCH, as you set it".to_owned(),
        Origin::Link => format!("the link {}", link.path.display()),
        Origin::Python(name) => format!("the torch of {name}, linked now"),
        Origin::Installed => "our own environment in the cache folder, linked now".to_owned(),
    };
    let cargo = if let Origin::User = found.origin {
        "any cargo that sees your LIBTORCH uses it, rather than .libtorch"
    } else {
        "any cargo uses it in this workspace: .cargo/config.toml sets LIBTORCH to the link"
    };
    let _ = write!(
        io::stdout(),
        "{}\n  folder  {}\n  from    {origin}\n  wanted  {wanted}\n  cargo   {cargo}\n",
        found.torch,
        found.torch.dir.display(),
    );
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

/// What is about to happen, before anything is downloaded.
pub(crate) fn install(wanted: &Wanted, tried: &[Python], python: &Python, place: &Path) {
    let tried: Vec<_> = tried.iter().map(ToString::to_string).collect();
    note(format_args!(
        "{wanted} is not here yet: neither LIBTORCH nor .libtorch nor a Python ({}) has it.\n\
         Installing torch {} and numpy with {python}'s pip into\n  {}\n\
         {}. Once for every checkout.",
        tried.join(", "),
        wanted.torch,
        place.display(),
        NEEDED.words,
    ));
}

/// What an install takes, in gigabytes at its peak (downloads and unpacked files) and in words.
pub(crate) struct Needed {
    pub(crate) peak: f64,
    words: &'static str,
}

/// On Linux pip's torch brings CUDA's libraries along.
pub(crate) const NEEDED: Needed = if cfg!(target_os = "linux") {
    Needed {
        peak: 8.0,
        words: "About 2.8 GB to download, 5 GB on disk, a minute or more",
    }
} else {
    Needed {
        peak: 1.5,
        words: "About 0.2 GB to download, 1 GB on disk, a minute or more",
    }
};

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
