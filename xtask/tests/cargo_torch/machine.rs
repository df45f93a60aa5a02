//! A machine that pretends, for one test.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// A machine of its own for one test: a workspace, a PATH, a cache folder, a Python and a cargo that pretend.
pub(crate) struct Machine {
    root: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl Machine {
    /// Its Python works and has no torch.
    pub(crate) fn new(name: &str) -> Self {
        let machine = Self::without_python(name);
        machine.program("bin/python3", include_str!("python.sh"));
        machine
    }

    pub(crate) fn without_python(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        let machine = Self {
            root,
            variables: Vec::new(),
        };
        for workspace in ["workspace", "other-workspace"] {
            machine.file(
                &format!("{workspace}/Cargo.lock"),
                "[[package]]\nname = \"torch-sys\"\nversion = \"0.26.0\"\n",
            );
            fs::create_dir_all(machine.path(workspace).join("xtask/src")).unwrap();
        }
        let cargo = "#!/bin/sh\necho \"cargo $* in $PWD with ${LIBTORCH-nothing}\"\n[ \"$1\" != fail ] || exit 7\n";
        machine.program("bin/cargo", cargo);
        machine
    }

    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    pub(crate) fn path(&self, within: &str) -> PathBuf {
        self.root.join(within)
    }

    pub(crate) fn text(&self, within: &str) -> String {
        self.path(within).display().to_string()
    }

    pub(crate) fn file(&self, within: &str, text: &str) {
        let path = self.path(within);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn program(&self, within: &str, text: &str) {
        self.file(within, text);
        fs::set_permissions(self.path(within), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A `torch` package, as pip leaves one.
    pub(crate) fn torch(&self, within: &str, version: &str) {
        self.file(&format!("{within}/lib/libtorch_cpu.so"), "");
        self.file(&format!("{within}/include/torch.h"), "");
        self.file(
            &format!("{within}/version.py"),
            &format!("__version__ = '{version}'\n"),
        );
    }

    pub(crate) fn link(&self, target: &str) {
        std::os::unix::fs::symlink(self.path(target), self.path("workspace/.libtorch")).unwrap();
    }

    /// Where `.libtorch` leads, from the machine's root; `None` where nothing stands at all.
    pub(crate) fn linked(&self) -> Option<String> {
        let target = fs::read_link(self.path("workspace/.libtorch")).ok()?;
        Some(
            target
                .strip_prefix(&self.root)
                .unwrap()
                .display()
                .to_string(),
        )
    }

    /// What stands in our part of the cache folder, less the lock.
    pub(crate) fn cached(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("cache/nninit")) else {
            return Vec::new();
        };
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension() != Some("lock".as_ref()))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    /// How often a Python was started for something whose first words these are.
    pub(crate) fn count(&self, what: &str) -> usize {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        log.lines().filter(|line| line.starts_with(what)).count()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.start("workspace", args).wait_with_output().unwrap())
    }

    pub(crate) fn start(&self, workspace: &str, args: &[&str]) -> Child {
        let workspace = self.path(workspace);
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(args)
            .current_dir(workspace.join("xtask/src"))
            .env_clear()
            .env("CARGO", self.path("bin/cargo"))
            .env("CARGO_MANIFEST_DIR", workspace.join("xtask"))
            .env("LIBTORCH", workspace.join(".libtorch"))
            .env("PATH", self.path("bin"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("FAKE_LOG", self.path("log"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

pub(crate) struct Ran {
    code: Option<i32>,
    pub(crate) stdout: String,
    stderr: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It went well, and said these.
    #[track_caller]
    pub(crate) fn ok(self, said: &[&str]) -> Self {
        self.ended(0, said)
    }

    /// It failed before it ran cargo, with an error and advice that say these.
    #[track_caller]
    pub(crate) fn failed(self, said: &[&str]) {
        let ran = self.ended(1, said).ended(1, &["error: ", "\nhelp: "]);
        assert_eq!(ran.stdout, "");
    }

    #[track_caller]
    pub(crate) fn ended(self, code: i32, said: &[&str]) -> Self {
        let Self { stdout, stderr, .. } = &self;
        assert_eq!(self.code, Some(code), "{stdout}{stderr}");
        for text in said {
            assert!(
                stdout.contains(text) || stderr.contains(text),
                "`{text}`: {stdout}{stderr}"
            );
        }
        self
    }
}
