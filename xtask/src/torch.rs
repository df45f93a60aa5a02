//! What lies in a folder with libtorch.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::wanted::{Version, Wanted};

/// A folder with libtorch in it: an unpacked libtorch archive, or a `torch` package of Python.
#[derive(Debug)]
pub(crate) struct Torch {
    pub(crate) dir: PathBuf,
    version: Option<Version>,
    device: &'static str,
}

impl Torch {
    /// `None` where torch-sys would find nothing to compile and link against.
    pub(crate) fn open(dir: &Path) -> Option<Self> {
        let libraries = libraries(&dir.join("lib"));
        let links = libraries.iter().any(|name| name.contains("torch_cpu"));
        (links && dir.join("include").is_dir()).then(|| Self {
            dir: dir.to_owned(),
            version: version(dir),
            device: device(&libraries),
        })
    }

    /// One that does not say its version is taken at its word, as torch-sys takes it.
    pub(crate) fn suits(&self, wanted: &Wanted) -> bool {
        self.version
            .as_ref()
            .is_none_or(|version| version.same_release(&wanted.torch))
    }
}

impl fmt::Display for Torch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "libtorch {version}")?,
            None => write!(f, "libtorch of unknown version")?,
        }
        write!(f, " ({})", self.device)
    }
}

fn libraries(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn device(libraries: &[String]) -> &'static str {
    let has = |part| libraries.iter().any(|name| name.contains(part));
    if has("torch_cuda") {
        "CUDA and CPU libraries"
    } else if has("torch_hip") {
        "ROCm and CPU libraries"
    } else {
        "CPU libraries"
    }
}

fn version(dir: &Path) -> Option<Version> {
    let archive = || fs::read_to_string(dir.join("build-version")).ok();
    let package = || {
        fs::read_to_string(dir.join("version.py"))
            .ok()
            .and_then(|text| of_package(&text))
    };
    archive().or_else(package).map(|text| Version::new(&text))
}

/// From a line like `__version__ = '2.13.0+cu130'`.
fn of_package(version_py: &str) -> Option<String> {
    let (_, value) = version_py
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| {
            name.split(':')
                .next()
                .is_some_and(|name| name.trim() == "__version__")
        })?;
    Some(value.trim().trim_matches(['\'', '"']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::of_package;

    #[test]
    fn a_package_says_its_version_in_version_py() {
        let real = "from typing import Optional\n\n__all__ = ['__version__', 'debug']\n\
                    __version__ = '2.13.0+cu130'\ndebug = False\ncuda: Optional[str] = '13.0'\n";
        assert_eq!(of_package(real).as_deref(), Some("2.13.0+cu130"));
        assert_eq!(
            of_package("__version__: str = \"2.11.0\"").as_deref(),
            Some("2.11.0")
        );
        assert_eq!(of_package("cuda = None\n"), None);
    }
}
