//! Where an environment of our own stands, and how it gets there.

use std::{
    env,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{error::Error, report, wanted::Wanted};

/// Where the environment stands, or will.
pub(super) fn of(wanted: &Wanted) -> Result<PathBuf, Error> {
    Ok(cache_folder()?
        .join("nninit")
        .join(format!("torch-{}", wanted.torch)))
}

/// One install at a time.
pub(super) fn lock(place: &Path) -> Result<Option<File>, Error> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let path = place.with_added_extension("lock");
    let file = File::create(&path).map_err(|error| unwritable(&path, &error))?;
    let locked = match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            report::note("Another `cargo torch` is installing libtorch; waiting for it.");
            file.lock()
        }
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => Ok(()),
    };
    match locked {
        Ok(()) => Ok(Some(file)),
        // Some network file systems have no locks. Then two installs at once are the user's to avoid.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(unwritable(&path, &error)),
    }
}

/// A folder beside the environment's place, gone when this is dropped, unless it was moved there.
pub(super) struct Staging {
    pub(super) dir: PathBuf,
}

impl Staging {
    pub(super) fn beside(place: &Path) -> Result<Self, Error> {
        let part = place.with_added_extension("part");
        remove_leftovers(&part)?;
        let mut number = 0;
        loop {
            let dir = part.with_added_extension(number.to_string());
            match fs::create_dir(&dir) {
                Ok(()) => return Ok(Self { dir }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(unwritable(&dir, &error)),
            }
        }
    }

    pub(super) fn move_to(self, place: &Path) -> Result<(), Error> {
        remove(place)?;
        fs::rename(&self.dir, place).map_err(|error| unwritable(place, &error))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A pip whose `cargo torch` was killed may still be writing into its folder, which then cannot be removed. It is left
/// to a later run, and this one takes another folder.
fn remove_leftovers(part: &Path) -> Result<(), Error> {
    let (Some(folder), Some(name)) = (part.parent(), part.file_name()) else {
        return Ok(());
    };
    let entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    let name = name.to_string_lossy();
    let leftovers = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&*name));
    for leftover in leftovers {
        let _ = fs::remove_dir_all(leftover.path());
    }
    Ok(())
}

fn remove(dir: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(dir, &error)),
        _ => Ok(()),
    }
}

fn cache_folder() -> Result<PathBuf, Error> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let found = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else {
        absolute("XDG_CACHE_HOME").or_else(|| {
            let within = if cfg!(target_os = "macos") {
                "Library/Caches"
            } else {
                ".cache"
            };
            Some(absolute("HOME")?.join(within))
        })
    };
    found.ok_or_else(|| {
        let variable = if cfg!(windows) {
            "LOCALAPPDATA"
        } else {
            "HOME or XDG_CACHE_HOME"
        };
        Error::new(
            "there is no cache folder to install libtorch into",
            format!("set {variable} to an absolute path"),
        )
    })
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    let cache = if cfg!(windows) {
        "LOCALAPPDATA"
    } else {
        "XDG_CACHE_HOME"
    };
    Error::new(
        format!("cannot write {}: {error}", path.display()),
        format!("make it writable, or set {cache} to a folder that is"),
    )
}
