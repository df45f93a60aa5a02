//! The link that everything hangs on.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{error::Error, torch::Torch};

/// `.libtorch` in the workspace's root, where `.cargo/config.toml` points `LIBTORCH`.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) path: PathBuf,
}

impl Link {
    pub(crate) fn of(root: &Path) -> Self {
        Self {
            path: root.join(".libtorch"),
        }
    }

    /// What stands there now, if it is a libtorch at all.
    pub(crate) fn torch(&self) -> Option<Torch> {
        Torch::open(&fs::canonicalize(&self.path).ok()?)
    }

    /// Whether something stands there, be it a link that leads nowhere.
    pub(crate) fn exists(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }

    /// What somebody put there by hand, a folder or a file, is never removed.
    pub(crate) fn check_free(&self) -> Result<(), Error> {
        let by_hand = fs::symlink_metadata(&self.path).is_ok_and(|found| !found.is_symlink());
        if by_hand {
            Err(self.in_the_way())
        } else {
            Ok(())
        }
    }

    pub(crate) fn set(&self, torch: &Torch) -> Result<(), Error> {
        replace(&torch.dir, &self.path).map_err(|error| self.unwritable(&error))
    }

    fn in_the_way(&self) -> Error {
        let holds = Torch::open(&self.path).map_or_else(
            || "no libtorch in it".to_owned(),
            |torch| format!("{torch} in it"),
        );
        Error::new(
            format!("{} is not a link, with {holds}", self.path.display()),
            "move it away, and run this again",
        )
    }

    fn unwritable(&self, error: &io::Error) -> Error {
        let help = if cfg!(windows) {
            "turn on Windows's developer mode, which allows links, or run this once as an \
             administrator; or set LIBTORCH to a libtorch's folder and use plain cargo"
        } else {
            "make the workspace's folder writable, or set LIBTORCH to a libtorch's folder and use \
             plain cargo"
        };
        Error::new(
            format!("cannot make the link {}: {error}", self.path.display()),
            help,
        )
    }
}

/// In one step: whoever looks meanwhile sees the old link or the new one, and several may do this at once.
#[cfg(unix)]
fn replace(target: &Path, link: &Path) -> io::Result<()> {
    let new = link.with_added_extension(std::process::id().to_string());
    // What a killed run of the same number left.
    remove(&new)?;
    std::os::unix::fs::symlink(target, &new)?;
    fs::rename(&new, link).inspect_err(|_| drop(remove(&new)))
}

#[cfg(unix)]
fn remove(link: &Path) -> io::Result<()> {
    gone(fs::remove_file(link))
}

/// Windows replaces no link to a folder in one step.
#[cfg(windows)]
fn replace(target: &Path, link: &Path) -> io::Result<()> {
    gone(fs::remove_dir(link))?;
    match std::os::windows::fs::symlink_dir(target, link) {
        // Another `cargo torch` was faster, and looked for the same.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
