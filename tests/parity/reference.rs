//! Runs `reference.py`, once, and reads what it wrote.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{MutexGuard, OnceLock};

use nninit::Entry;
use tch::Tensor;

use nninit_tests::bits::differing;
use nninit_tests::bits::next_draws;
use nninit_tests::generator::alone;
use nninit_tests::python::{self, say};

/// What Python says of one subject: a line for each case, and the tensors.
pub(crate) struct Reference {
    pub(crate) cases: Vec<Case>,
    file: PathBuf,
    tensors: OnceCell<HashMap<String, Tensor>>,
    _alone: MutexGuard<'static, ()>,
}

/// One line of `key=value`.
pub(crate) struct Case(HashMap<String, String>);

impl Reference {
    /// What Python wrote of `subject`; `None`, having said so, where there is no Python to ask.
    pub(crate) fn of(subject: &str) -> Option<Self> {
        let alone = alone();
        let folder = folder()?;
        tch::set_num_threads(threads());
        let file = folder.join(subject);
        let lines = std::fs::read_to_string(file.with_extension("txt")).unwrap();
        Some(Self {
            cases: lines.lines().map(Case::parse).collect(),
            file: file.with_extension("safetensors"),
            tensors: OnceCell::new(),
            _alone: alone,
        })
    }

    pub(crate) fn tensor(&self, name: &str) -> &Tensor {
        self.tensors()
            .get(name)
            .unwrap_or_else(|| panic!("Python wrote no `{name}`"))
    }

    pub(crate) fn tensors(&self) -> &HashMap<String, Tensor> {
        self.tensors.get_or_init(|| {
            let tensors = Tensor::read_safetensors(&self.file).unwrap();
            tensors.into_iter().collect()
        })
    }

    /// That a model is bit for bit what Python wrote under `title`, no tensor more or less, and that it left the
    /// generator where Python did. How many tensors and elements that was.
    pub(crate) fn assert_model(&self, title: &str, entries: &[Entry]) -> (usize, usize) {
        let after = self.tensor(&format!("{title}/after"));
        assert_eq!(
            differing(&next_draws(), after),
            0,
            "{title}: generator elsewhere"
        );
        let mut elements = 0;
        for entry in entries {
            let path = format!("{title}.{}", entry.path());
            let theirs = self.tensor(&path);
            assert_eq!(differing(&entry.tensor(), theirs), 0, "{path}");
            elements += theirs.numel();
        }
        let theirs = |tensor: &&String| tensor.starts_with(&format!("{title}."));
        assert_eq!(
            entries.len(),
            self.tensors().keys().filter(theirs).count(),
            "{title}"
        );
        (entries.len(), elements)
    }
}

impl Case {
    fn parse(line: &str) -> Self {
        let pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        Self(
            pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub(crate) fn number(&self, key: &str, default: f64) -> f64 {
        self.text(key).map_or(default, |text| text.parse().unwrap())
    }

    pub(crate) fn integer(&self, key: &str, default: i64) -> i64 {
        self.text(key).map_or(default, |text| text.parse().unwrap())
    }

    pub(crate) fn list<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, key: &str) -> Vec<T> {
        let text = self.text(key).unwrap_or_default();
        text.split(',')
            .filter(|item| !item.is_empty())
            .map(|item| item.parse().unwrap())
            .collect()
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut pairs: Vec<_> = self.0.iter().collect();
        pairs.sort();
        pairs
            .iter()
            .try_for_each(|(key, value)| write!(f, "{key}={value} "))
    }
}

/// Where Python wrote, if there is one.
fn folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOLDER.get_or_init(run).as_deref()
}

fn run() -> Option<PathBuf> {
    let python = python::beside_libtorch("parity with PyTorch")?;
    // Both sides with the same number: LAPACK's results depend on it.
    let threads = threads();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    std::fs::create_dir_all(&folder).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("parity/reference.py");
    let status = Command::new(&python)
        // Threads that spin while they wait take the time of those that work.
        .env("OMP_WAIT_POLICY", "PASSIVE")
        .arg("-B")
        .arg(script)
        .arg(&folder)
        .arg(threads.to_string())
        .status()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
    assert!(status.success(), "reference.py failed");
    let version = std::fs::read_to_string(folder.join("torch.txt")).unwrap();
    say(&format!(
        "the reference is PyTorch {version}, {threads} threads"
    ));
    Some(folder)
}

/// How many threads libtorch starts with.
fn threads() -> i32 {
    static THREADS: OnceLock<i32> = OnceLock::new();
    *THREADS.get_or_init(tch::get_num_threads)
}
