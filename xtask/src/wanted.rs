//! Which libtorch is right.

use std::{fmt, fs, path::Path};

use crate::error::Error;

/// The `TORCH_VERSION` that each torch-sys checks for in its build script. There is no 0.25.
const PAIRS: [(&str, &str); 2] = [("0.24", "2.11.0"), ("0.26", "2.13.0")];

/// The libtorch that the locked torch-sys was generated for; no other will do.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) torch: Version,
    pub(crate) torch_sys: String,
}

impl Wanted {
    pub(crate) fn of(root: &Path) -> Result<Self, Error> {
        let path = root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).map_err(|error| {
            Error::new(
                format!("cannot read {}: {error}", path.display()),
                "run `cargo generate-lockfile`, and this as `cargo torch` inside the workspace",
            )
        })?;
        Self::by(&lock)
    }

    fn by(lock: &str) -> Result<Self, Error> {
        let torch_sys = locked(lock, "torch-sys").ok_or_else(|| {
            Error::new(
                "Cargo.lock names no torch-sys, so nothing says which libtorch is wanted",
                "add `tch` to the workspace, or run `cargo update`",
            )
        })?;
        let (_, torch) =
            PAIRS.iter().find(|(minor, _)| is_minor(torch_sys, minor)).ok_or_else(|| {
                Error::new(
                    format!("it is not known here which libtorch torch-sys {torch_sys} wants"),
                    "add its TORCH_VERSION (in torch-sys's build.rs) to PAIRS in xtask/src/wanted.rs",
                )
            })?;
        Ok(Self {
            torch: Version::new(torch),
            torch_sys: torch_sys.to_owned(),
        })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "libtorch {} (for torch-sys {})",
            self.torch, self.torch_sys
        )
    }
}

/// `2.13.0`, or `2.13.0+cu130`: what follows the `+` says how it was built, not what it is.
#[derive(Debug, Clone)]
pub(crate) struct Version(String);

impl Version {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub(crate) fn same_release(&self, other: &Self) -> bool {
        self.release() == other.release()
    }

    fn release(&self) -> &str {
        self.0
            .split_once('+')
            .map_or(self.0.as_str(), |(release, _)| release)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    lock.split("[[package]]")
        .find(|package| value(package, "name") == Some(name))
        .and_then(|package| value(package, "version"))
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    package.lines().find_map(|line| {
        let (found, value) = line.split_once('=')?;
        (found.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

fn is_minor(version: &str, minor: &str) -> bool {
    version
        .strip_prefix(minor)
        .is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Version, Wanted};

    fn lock(torch_sys: &str) -> String {
        format!(
            "version = 4\n\n[[package]]\nname = \"tch\"\nversion = \"9.9.9\"\ndependencies = [\n \
             \"torch-sys\",\n]\n\n[[package]]\nname = \"torch-sys\"\nversion = \"{torch_sys}\"\n"
        )
    }

    #[test]
    fn the_locked_torch_sys_says_which_libtorch() {
        for (torch_sys, torch) in [
            ("0.24.0", "2.11.0"),
            ("0.26.0", "2.13.0"),
            ("0.26.7", "2.13.0"),
        ] {
            let wanted = Wanted::by(&lock(torch_sys)).unwrap();
            assert_eq!(
                (wanted.torch.to_string(), wanted.torch_sys),
                (torch.into(), torch_sys.into())
            );
        }
        let windows = lock("0.26.0").replace('\n', "\r\n");
        assert_eq!(Wanted::by(&windows).unwrap().torch_sys, "0.26.0");
    }

    #[test]
    fn an_unknown_torch_sys_is_an_error_that_names_it() {
        for unknown in ["0.25.0", "0.2.6", "0.260.0", "1.26.0"] {
            let error = Wanted::by(&lock(unknown)).unwrap_err().to_string();
            assert!(
                error.contains(unknown) && error.contains("PAIRS"),
                "{error}"
            );
        }
        let error = Wanted::by("version = 4\n").unwrap_err().to_string();
        assert!(error.contains("names no torch-sys"), "{error}");
    }

    #[test]
    fn builds_of_one_release_are_equal() {
        let wanted = Version::new("2.13.0");
        for same in ["2.13.0", "2.13.0+cpu", "2.13.0+cu130\n"] {
            assert!(Version::new(same).same_release(&wanted), "{same}");
        }
        for other in ["2.13.1", "2.13.0a0+git1234", "2.1", ""] {
            assert!(!Version::new(other).same_release(&wanted), "{other}");
        }
    }
}
