//! What the derive adds to an incremental `cargo check`, beside serde's two.
//!
//! Three crates hold the same struct of a hundred fields: bare, with `Initialize`, with `Serialize` and `Deserialize`.
//! In each round a constant beside the struct changes and all three are checked in turn; what a derive costs is the
//! difference to the bare one.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::aim::Aim;
use crate::results::{Finding, Results};
use crate::settings::Settings;
use crate::timing::median;

#[derive(Debug, Clone, Copy)]
enum Derive {
    Nothing,
    Nninit,
    Serde,
}

const FIELDS: usize = 100;
const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Makes the crates beside this program's other files in the target folder, and checks them.
pub(crate) fn measure(settings: Settings, results: &mut Results) -> Result<()> {
    let workspace = Workspace::make()?;
    for derive in Derive::ALL {
        workspace.check(derive, 0)?;
    }
    let (mut bare, mut nninit, mut serde) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=settings.pairs {
        let plain = workspace.check(Derive::Nothing, round)?;
        bare.push(plain);
        nninit.push(workspace.check(Derive::Nninit, round)? - plain);
        serde.push(workspace.check(Derive::Serde, round)? - plain);
    }
    let [bare, nninit, serde] = [bare, nninit, serde].map(|times| median(times.into_iter()));
    results.finding(Finding {
        what: format!(
            "derive on {FIELDS} fields, added to an incremental `cargo check` of {bare:.2} s"
        ),
        result: nninit,
        unit: "s",
        aim: Aim::at_most(0.5),
    });
    results.finding(Finding {
        what: format!("the same ÷ what serde's two derives add ({serde:.2} s)"),
        result: nninit / serde,
        unit: "×",
        aim: Aim::at_most(1.0),
    });
    Ok(())
}

/// The three crates.
#[derive(Debug)]
struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    fn make() -> Result<Self> {
        let program = env::current_exe()?;
        let target = program.parent().context("the program lies in no folder")?;
        let workspace = Self {
            folder: target.join("derive-cost"),
        };
        for derive in Derive::ALL {
            let package = workspace.folder.join(derive.package());
            fs::create_dir_all(package.join("src"))?;
            fs::write(package.join("Cargo.toml"), derive.manifest())?;
            fs::write(package.join("src/lib.rs"), derive.source(0))?;
        }
        let members = Derive::ALL.map(|derive| format!("{:?}", derive.package()));
        fs::write(
            workspace.folder.join("Cargo.toml"),
            format!(
                "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
                members.join(", ")
            ),
        )?;
        // The same versions of everything, and nothing to ask the network for.
        fs::copy(
            Path::new(REPOSITORY).join("Cargo.lock"),
            workspace.folder.join("Cargo.lock"),
        )?;
        Ok(workspace)
    }

    /// Seconds that `cargo check` takes after a change.
    fn check(&self, derive: Derive, revision: usize) -> Result<f64> {
        let source = self.folder.join(derive.package()).join("src/lib.rs");
        fs::write(source, derive.source(revision))?;
        let mut check = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        check
            .args([
                "check",
                "--offline",
                "--quiet",
                "--package",
                derive.package(),
            ])
            .arg("--target-dir")
            .arg(self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "1")
            .current_dir(&self.folder);
        let start = Instant::now();
        let output = check.output()?;
        let took = start.elapsed().as_secs_f64();
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(took)
    }
}

impl Derive {
    const ALL: [Self; 3] = [Self::Nothing, Self::Nninit, Self::Serde];

    fn package(self) -> &'static str {
        match self {
            Self::Nothing => "bare",
            Self::Nninit => "with-nninit",
            Self::Serde => "with-serde",
        }
    }

    /// The same dependencies for all: the derive alone is what differs.
    fn manifest(self) -> String {
        format!(
            r#"[package]
name = "{}"
version = "0.0.0"
edition = "2024"

[dependencies]
nninit = {{ path = "{REPOSITORY}/nninit", default-features = false, features = ["doc-only"] }}
serde = {{ version = "1", features = ["derive"] }}
tch = {{ version = ">=0.24, <0.27", default-features = false, features = ["doc-only"] }}
"#,
            self.package()
        )
    }

    fn source(self, revision: usize) -> String {
        let derives = match self {
            Self::Nothing => "",
            Self::Nninit => "#[derive(nninit::Initialize)]",
            Self::Serde => "#[derive(serde::Serialize, serde::Deserialize)]",
        };
        let mut fields = String::new();
        for index in 0..FIELDS {
            let (kind, scheme) = field(index);
            let attribute = match self {
                Self::Nothing => "",
                Self::Nninit => scheme,
                Self::Serde => r#"#[serde(with = "crate::outside")]"#,
            };
            _ = writeln!(fields, "    {attribute}\n    pub field_{index}: {kind},");
        }
        format!(
            r#"//! Revision {revision}.
pub const REVISION: usize = {revision};

{derives}
pub struct Model {{
{fields}    pub layers: i64,
}}

/// What users write for types that serde does not know.
pub mod outside {{
    pub fn serialize<T, S: serde::Serializer>(_: &T, serializer: S) -> Result<S::Ok, S::Error> {{
        serializer.serialize_unit()
    }}

    pub fn deserialize<'de, T, D: serde::Deserializer<'de>>(_: D) -> Result<T, D::Error> {{
        Err(serde::de::Error::custom("no tensor"))
    }}
}}
"#
        )
    }
}

/// A field's type, and what is declared for it.
fn field(index: usize) -> (&'static str, &'static str) {
    match index % 4 {
        0 => (
            "tch::nn::Linear",
            r#"#[init(weight(kaiming_normal, mode = "fan_out", nonlinearity = "relu"), bias(zeros))]"#,
        ),
        1 => ("tch::Tensor", "#[init(trunc_normal, std = 0.02)]"),
        2 => ("tch::Tensor", "#[init(orthogonal, chunks = 4)]"),
        _ => (
            "tch::Tensor",
            "#[init(normal, std = 0.02 / (2.0 * self.layers as f64).sqrt())]",
        ),
    }
}
