//! The Pythons of this machine, and what they say of themselves.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// A Python, and what it said of itself.
#[derive(Debug)]
pub(crate) struct Python {
    /// As the user knows it: `python3`, or `$PYTHON`'s value.
    pub(crate) name: String,
    pub(crate) program: OsString,
    /// The folder of its `torch` package.
    pub(crate) torch: Option<PathBuf>,
    /// Why no environment can be made with it.
    pub(crate) unfit: Option<String>,
    version: Option<String>,
}

/// `$PYTHON` alone if it is set; else the active environment's, and those on the PATH.
pub(crate) fn candidates() -> Vec<Python> {
    if let Some(chosen) = set("PYTHON") {
        return vec![Python::ask(&chosen)];
    }
    let active = set("VIRTUAL_ENV").map(|dir| of_environment(Path::new(&dir)).into_os_string());
    let on_path = ["python3", "python"].map(OsString::from);
    active
        .into_iter()
        .chain(on_path)
        .map(|program| Python::ask(&program))
        .collect()
}

pub(crate) fn of_environment(dir: &Path) -> PathBuf {
    if cfg!(windows) {
        dir.join("Scripts").join("python.exe")
    } else {
        dir.join("bin").join("python")
    }
}

/// Looks for packages without importing them: importing torch takes seconds. The current folder is left out, for a
/// folder of that name there is no package.
const QUESTION: &str = r#"
import sys
sys.path[:] = [path for path in sys.path if path]
from importlib.util import find_spec
print("python", "%d.%d.%d" % sys.version_info[:3])
torch = find_spec("torch")
if torch and torch.origin:
    print("torch", torch.origin)
for name in "venv", "ensurepip":
    if find_spec(name) is None:
        print("lacks", name)
"#;

/// Without what `PYTHONPATH` and its like add: an environment of our own is what lies in it, whatever the user's shell
/// shows to other Pythons.
pub(crate) const ALONE: &str = "-I";

impl Python {
    pub(crate) fn ask(program: &OsStr) -> Self {
        Self::answered(program, Command::new(program).args(["-c", QUESTION]))
    }

    /// One of an environment of our own.
    pub(crate) fn ask_alone(program: &OsStr) -> Self {
        Self::answered(program, Command::new(program).args([ALONE, "-c", QUESTION]))
    }

    fn answered(program: &OsStr, question: &mut Command) -> Self {
        let answer = question.output();
        let said = match &answer {
            Ok(answer) if answer.status.success() => String::from_utf8_lossy(&answer.stdout),
            _ => "".into(),
        };
        let broken = match &answer {
            Ok(answer) if said.is_empty() => {
                Some(format!("no working Python 3 ({})", answer.status))
            }
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        Self {
            name: program.to_string_lossy().into_owned(),
            program: program.to_owned(),
            torch: line(&said, "torch").and_then(|init| Some(Path::new(init).parent()?.to_owned())),
            unfit: broken.or_else(|| unfit(&said)),
            version: line(&said, "python").map(str::to_owned),
        }
    }
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.version
            .as_ref()
            .map_or(Ok(()), |version| write!(f, " ({version})"))
    }
}

fn set(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

fn line<'a>(said: &'a str, key: &str) -> Option<&'a str> {
    said.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
        .map(str::trim_end)
}

fn unfit(said: &str) -> Option<String> {
    let lacks = line(said, "lacks")?;
    let cure = if cfg!(target_os = "linux") {
        "; on Debian and Ubuntu: `apt install python3-venv`"
    } else {
        ""
    };
    Some(format!("lacks its `{lacks}` module{cure}"))
}

#[cfg(test)]
mod tests {
    use super::{line, unfit};

    #[test]
    fn an_answer_is_read_by_its_first_word() {
        let said = "python 3.12.1\r\ntorch /a b/torch/__init__.py\r\n";
        assert_eq!(line(said, "python"), Some("3.12.1"));
        assert_eq!(line(said, "torch"), Some("/a b/torch/__init__.py"));
        assert_eq!(line(said, "lacks"), None);
        assert_eq!(unfit(said), None);
        assert!(
            unfit("python 3.12.1\nlacks ensurepip\n")
                .unwrap()
                .contains("`ensurepip`")
        );
    }
}
