mod pip;
mod space;

use std::{
    env, fs,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    process::{self, Command},
};

use crate::{
    error::Error,
    python::{self, Python},
    report,
    torch::Torch,
    wanted::Wanted,
};

/// The libtorch of an environment in the user's cache folder, which every checkout shares. The
/// environment is made beside its place and moved there when it is whole, so that what stands
/// there can be used, whenever an earlier run was interrupted.
pub(crate) fn torch(wanted: &Wanted, pythons: &[Python]) -> Result<Torch, Error> {
    let place = cache_folder()?
        .join("nninit")
        .join(format!("torch-{}", wanted.torch));
    if let Some(torch) = of_environment(&place, wanted) {
        return Ok(torch);
    }
    let python = fit(pythons, wanted)?;
    let _lock = lock(&place)?;
    if let Some(torch) = of_environment(&place, wanted) {
        return Ok(torch);
    }

    report::install(wanted, pythons, python, &place);
    space::check(&place)?;
    let staging = Staging::beside(&place)?;
    make_environment(python, &staging.0)?;
    pip::install(&staging.0, wanted, python)?;
    if of_environment(&staging.0, wanted).is_none() {
        return Err(Error::new(
            format!("pip ended well, yet there is no {wanted} in the environment"),
            "look for what pip said above; `pip config list` shows settings that lead it elsewhere",
        ));
    }
    check_imports(&staging.0)?;
    staging.move_to(&place)?;
    of_environment(&place, wanted).ok_or_else(|| {
        Error::new(
            format!(
                "{} was made, but does not work at its place",
                place.display()
            ),
            "install torch and numpy into a Python of your own, and set PYTHON to it",
        )
    })
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

fn of_environment(dir: &Path, wanted: &Wanted) -> Option<Torch> {
    let python = python::of_environment(dir);
    let package = python
        .exists()
        .then(|| Python::ask(python.as_os_str()))?
        .torch?;
    // A Python that merely sees a torch from outside does not make the environment whole.
    let within = package.starts_with(dir);
    Torch::open(&package).filter(|torch| within && torch.suits(wanted))
}

fn fit<'a>(pythons: &'a [Python], wanted: &Wanted) -> Result<&'a Python, Error> {
    pythons.iter().find(|python| python.unfit.is_none()).ok_or_else(|| {
        let tried: Vec<_> = pythons
            .iter()
            .filter_map(|python| Some(format!("\n  {python}: {}", python.unfit.as_ref()?)))
            .collect();
        Error::new(
            format!("{wanted} is not here, and no Python can install it:{}", tried.concat()),
            "install Python 3 with venv and pip, or set PYTHON to one, or set LIBTORCH to a libtorch's folder",
        )
    })
}

fn lock(place: &Path) -> Result<Option<File>, Error> {
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
struct Staging(PathBuf);

impl Staging {
    fn beside(place: &Path) -> Result<Self, Error> {
        let part = place.with_added_extension("part");
        remove_leftovers(&part)?;
        // A pip whose `cargo torch` was killed may still be writing: never into this run's folder.
        Ok(Self(part.with_added_extension(process::id().to_string())))
    }

    fn move_to(self, place: &Path) -> Result<(), Error> {
        remove(place)?;
        fs::rename(&self.0, place).map_err(|error| unwritable(place, &error))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn remove_leftovers(part: &Path) -> Result<(), Error> {
    let (Some(folder), Some(name)) = (part.parent(), part.file_name()) else {
        return Ok(());
    };
    let entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    let name = name.to_string_lossy();
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&*name))
        .try_for_each(|entry| remove(&entry.path()))
}

fn remove(dir: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(dir, &error)),
        _ => Ok(()),
    }
}

fn make_environment(python: &Python, dir: &Path) -> Result<(), Error> {
    let made = Command::new(&python.program)
        .args(["-m", "venv"])
        .arg(dir)
        .output();
    let why = match made {
        Ok(made) if made.status.success() => return Ok(()),
        Ok(made) => {
            let said = [made.stdout, made.stderr].concat();
            String::from_utf8_lossy(&said).trim().to_owned()
        }
        Err(error) => error.to_string(),
    };
    Err(Error::new(
        format!("{python} cannot make a virtual environment:\n{why}"),
        "install what it lacks (Debian and Ubuntu: `apt install python3-venv`), or set PYTHON to another \
         Python",
    ))
}

fn check_imports(dir: &Path) -> Result<(), Error> {
    let tried = Command::new(python::of_environment(dir))
        .args(["-c", "import torch, numpy"])
        .output();
    let why = match tried {
        Ok(tried) if tried.status.success() => return Ok(()),
        Ok(tried) => String::from_utf8_lossy(&tried.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Error::new(
        format!("torch is installed, but cannot be loaded on this machine:\n{why}"),
        "install what it lacks, or set LIBTORCH to a libtorch that works here",
    ))
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
