//! Intel MKL's vector statistics with Philox4x32-10, where the machine has them: what a vendor has tuned for its
//! processors.
//!
//! `pip install mkl` puts `libmkl_rt` into the `lib` folder of a Python environment. It is looked for in the folder
//! that `NNINIT_MKL` names, in the active environment, and in that of `python3`.
//!
//! It runs in a process of its own, which takes its turn when it is told to. In ours, libtorch's MKL would stand in for
//! it: libtorch exports an older one's functions, and the dynamic linker prefers what was loaded first.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tch::Kind;

use crate::law::Law;
use crate::turns::Process;

/// The library, found.
#[derive(Debug)]
pub(crate) struct Mkl {
    library: PathBuf,
}

const NAMES: [&str; 4] = [
    "libmkl_rt.so.3",
    "libmkl_rt.so.2",
    "libmkl_rt.so",
    "mkl_rt.2.dll",
];
/// `VSL_RNG_METHOD_UNIFORM_STD` of `mkl_vsl_defines.h`.
const UNIFORM_STD: &str = "0";
/// `VSL_RNG_METHOD_GAUSSIAN_ICDF`.
const GAUSSIAN_ICDF: &str = "2";

impl Mkl {
    /// The first that is found.
    pub(crate) fn find() -> Result<Self> {
        let library = folders()
            .iter()
            .flat_map(|folder| NAMES.map(|name| folder.join(name)))
            .find(|path| path.is_file())
            .with_context(|| {
                format!(
                    "no {} where a Python keeps it; `pip install mkl` brings it",
                    NAMES[0]
                )
            })?;
        Ok(Self { library })
    }

    /// What the library says of itself.
    pub(crate) fn version(&self) -> Result<String> {
        let filler = self
            .filler(Law::Uniform, Kind::Float, 1)
            .context("MKL has no uniform law")??;
        ensure!(
            !filler.greeting().is_empty(),
            "python3 cannot open {}",
            self.library.display()
        );
        Ok(filler.greeting().to_owned())
    }

    /// A process with a buffer of `elements` values; `None` for what MKL does not have.
    pub(crate) fn filler(&self, law: Law, kind: Kind, elements: u64) -> Option<Result<Process>> {
        let (function, method, element) = match (law, kind) {
            (Law::Uniform, Kind::Float) => ("vsRngUniform", UNIFORM_STD, "c_float"),
            (Law::Uniform, Kind::Double) => ("vdRngUniform", UNIFORM_STD, "c_double"),
            (Law::Normal, Kind::Float) => ("vsRngGaussian", GAUSSIAN_ICDF, "c_float"),
            (Law::Normal, Kind::Double) => ("vdRngGaussian", GAUSSIAN_ICDF, "c_double"),
            _ => return None,
        };
        let mut command = Command::new("python3");
        command
            .args(["-c", include_str!("mkl.py")])
            .arg(&self.library)
            .args([function, method, element, &elements.to_string()]);
        Some(Process::start(command))
    }
}

/// Where it may lie, the most particular first.
fn folders() -> Vec<PathBuf> {
    if let Some(folder) = env::var_os("NNINIT_MKL") {
        return vec![folder.into()];
    }
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"]
        .into_iter()
        .filter_map(env::var_os);
    let python = Command::new("python3")
        .args(["-c", "import sys; print(sys.prefix)"])
        .output()
        .ok()
        .map(|output| OsString::from(String::from_utf8_lossy(&output.stdout).trim()));
    active
        .chain(python)
        .map(|prefix| Path::new(&prefix).join("lib"))
        .collect()
}
