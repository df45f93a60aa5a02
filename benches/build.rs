//! Lets the program find libtorch without `LD_LIBRARY_PATH`, and tells it which one that is.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Cargo sets it only for packages that depend on torch-sys directly.
    let Some(lib) = env::var_os("DEP_TCH_LIBTORCH_LIB") else {
        return;
    };
    let lib = Path::new(&lib);
    if let Some(version) = lib.parent().and_then(version) {
        println!("cargo::rustc-env=LIBTORCH_VERSION={version}");
    }
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "windows") {
        return;
    }
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", lib.display());
    // Nothing refers to CUDA's half by name, so the linker would drop it, and CUDA with it.
    if lib.join("libtorch_cuda.so").exists() {
        println!("cargo::rustc-link-arg=-Wl,--no-as-needed");
        println!("cargo::rustc-link-arg=-ltorch");
    }
}

/// What an archive says of itself, or a Python package.
fn version(torch: &Path) -> Option<String> {
    if let Ok(version) = fs::read_to_string(torch.join("build-version")) {
        return Some(version.trim().to_owned());
    }
    let package = fs::read_to_string(torch.join("version.py")).ok()?;
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix("__version__ = "))?;
    Some(line.trim_matches('\'').to_owned())
}
