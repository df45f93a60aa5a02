//! An environment of our own, with torch in it.

mod pip;
mod place;
mod space;

use std::{path::Path, process::Command};

use place::Staging;

use crate::{
    error::Error,
    python::{self, Python},
    report,
    torch::Torch,
    wanted::Wanted,
};

/// The libtorch of an environment in the user's cache folder, which every checkout shares. The environment is made
/// beside its place and moved there when it is whole, so that what stands there can be used, whenever an earlier run
/// was interrupted.
pub(crate) fn torch(wanted: &Wanted, pythons: &[Python]) -> Result<Torch, Error> {
    let place = place::of(wanted)?;
    if let Some(torch) = of_environment(&place, wanted) {
        return Ok(torch);
    }
    let python = fit(pythons, wanted)?;
    let _lock = place::lock(&place)?;
    if let Some(torch) = of_environment(&place, wanted) {
        return Ok(torch);
    }

    announce(wanted, pythons, python, &place);
    // First, since it removes what an interrupted run left.
    let staging = Staging::beside(&place)?;
    space::check(&place)?;
    make_environment(python, &staging.dir)?;
    pip::install(&staging.dir, wanted, python)?;
    if of_environment(&staging.dir, wanted).is_none() {
        return Err(Error::new(
            format!("pip ended well, yet there is no {wanted} in the environment"),
            "look for what pip said above; `pip config list` shows settings that lead it elsewhere",
        ));
    }
    check_imports(&staging.dir)?;
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

/// What is about to happen, before anything is downloaded.
fn announce(wanted: &Wanted, tried: &[Python], python: &Python, place: &Path) {
    let tried: Vec<_> = tried.iter().map(ToString::to_string).collect();
    report::note(format_args!(
        "{wanted} is not here yet: neither LIBTORCH nor .libtorch nor a Python ({}) has it.\n\
         Installing torch {} and numpy with {python}'s pip into\n  {}\n\
         {}. Once for every checkout.",
        tried.join(", "),
        wanted.torch,
        place.display(),
        space::words(),
    ));
}

fn of_environment(dir: &Path, wanted: &Wanted) -> Option<Torch> {
    let python = python::of_environment(dir);
    let package = python
        .exists()
        .then(|| Python::ask_alone(python.as_os_str()))?
        .torch?
        .canonicalize()
        .ok()?;
    // A Python that merely sees a torch from outside does not make the environment whole.
    let within = package.starts_with(dir.canonicalize().ok()?);
    Torch::open(&package).filter(|torch| within && torch.suits(wanted))
}

fn fit<'a>(pythons: &'a [Python], wanted: &Wanted) -> Result<&'a Python, Error> {
    pythons
        .iter()
        .find(|python| python.unfit.is_none())
        .ok_or_else(|| {
            let tried: Vec<_> = pythons
                .iter()
                .filter_map(|python| Some(format!("\n  {python}: {}", python.unfit.as_ref()?)))
                .collect();
            Error::new(
                format!(
                    "{wanted} is not here, and no Python can install it:{}",
                    tried.concat()
                ),
                "install Python 3 with venv and pip, or set PYTHON to one, or set LIBTORCH to a \
             libtorch's folder",
            )
        })
}

fn make_environment(python: &Python, dir: &Path) -> Result<(), Error> {
    let made = Command::new(&python.program)
        .args([python::ALONE, "-m", "venv"])
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
        .args([python::ALONE, "-c", "import torch, numpy"])
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
