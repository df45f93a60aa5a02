//! Which libtorch wins, and where it comes from.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::Error,
    install,
    link::Link,
    python::{self, Python},
    report,
    torch::Torch,
    wanted::Wanted,
};

/// The libtorch that cargo will use, and where it came from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) torch: Torch,
    pub(crate) origin: Origin,
    /// `.libtorch` led elsewhere before.
    pub(crate) replaced: bool,
}

#[derive(Debug)]
pub(crate) enum Origin {
    /// `LIBTORCH`, as the user set it.
    User,
    /// `.libtorch` as it stood.
    Link,
    /// A Python that has it.
    Python(String),
    /// The environment that `cargo torch` made, now or for another checkout.
    Installed,
}

/// The first of these wins: the user's `LIBTORCH`; `.libtorch` as it stands; a Python that has the right torch; an
/// environment of our own, which is made if need be. Afterwards `.libtorch` stands.
pub(crate) fn find(wanted: &Wanted, link: &Link) -> Result<Found, Error> {
    if let Some(dir) = users_libtorch(env::var_os("LIBTORCH"), link) {
        let torch = users_torch(&dir, wanted)?;
        link_for_editors(link, &torch, wanted);
        return Ok(Found {
            torch,
            origin: Origin::User,
            replaced: false,
        });
    }
    if let Some(torch) = link.torch().filter(|torch| torch.suits(wanted)) {
        return Ok(Found {
            torch,
            origin: Origin::Link,
            replaced: false,
        });
    }

    link.check_free()?;
    let pythons = python::candidates();
    let (torch, origin) = match of_pythons(&pythons, wanted) {
        Some((torch, python)) => (torch, Origin::Python(python.name.clone())),
        None => (install::torch(wanted, &pythons)?, Origin::Installed),
    };
    let replaced = link.exists();
    link.set(&torch)?;
    report::linked(&torch, link);
    Ok(Found {
        torch,
        origin,
        replaced,
    })
}

/// The answer to `cargo torch` alone.
pub(crate) fn tell(found: &Found, wanted: &Wanted, link: &Link) {
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

/// What the user set `LIBTORCH` to. Cargo sets it too, to the link's path, for whatever it runs.
pub(crate) fn users_libtorch(libtorch: Option<OsString>, link: &Link) -> Option<PathBuf> {
    libtorch
        .map(PathBuf::from)
        .filter(|path| !same(path, &link.path))
}

fn same(a: &Path, b: &Path) -> bool {
    let parents = || Some(a.parent()?.canonicalize().ok()? == b.parent()?.canonicalize().ok()?);
    a == b || (a.file_name() == b.file_name() && parents().unwrap_or(false))
}

fn users_torch(dir: &Path, wanted: &Wanted) -> Result<Torch, Error> {
    let is = format!("LIBTORCH is set to `{}`", dir.display());
    if !dir.is_absolute() {
        return Err(Error::new(
            format!("{is}, which is not an absolute path; build scripts run in many folders"),
            "set it to an absolute path, or unset it: `cargo torch` finds or installs libtorch itself",
        ));
    }
    let torch = Torch::open(dir).ok_or_else(|| {
        Error::new(
            format!(
                "{is}, and there is no libtorch there (libraries in `lib`, headers in `include`)"
            ),
            format!(
                "set it to the folder of {wanted}, or unset it: `cargo torch` finds or installs it"
            ),
        )
    })?;
    if torch.suits(wanted) {
        return Ok(torch);
    }
    Err(Error::new(
        format!("{is}, which is {torch}; wanted is {wanted}"),
        "set it to that version's folder, or unset it: `cargo torch` finds or installs that version",
    ))
}

/// An editor started from the desktop does not see the variable. A checkout that cannot be written to serves whoever
/// does.
fn link_for_editors(link: &Link, torch: &Torch, wanted: &Wanted) {
    let stands = link.torch().is_some_and(|standing| standing.suits(wanted));
    if !stands && link.check_free().and_then(|()| link.set(torch)).is_ok() {
        report::linked(torch, link);
    }
}

fn of_pythons<'a>(pythons: &'a [Python], wanted: &Wanted) -> Option<(Torch, &'a Python)> {
    pythons.iter().find_map(|python| {
        let torch = Torch::open(python.torch.as_deref()?)?;
        torch.suits(wanted).then_some((torch, python))
    })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::users_libtorch;
    use crate::link::Link;

    #[test]
    fn cargos_own_libtorch_is_not_the_users() {
        let link = Link::of(Path::new("/checkout"));
        let users = |value: Option<&str>| users_libtorch(value.map(Into::into), &link);
        assert_eq!(users(None), None);
        assert_eq!(users(Some("/checkout/.libtorch")), None);
        for set in ["/opt/libtorch", "/elsewhere/.libtorch", ".libtorch", ""] {
            assert_eq!(users(Some(set)), Some(PathBuf::from(set)));
        }
    }
}
