//! nninit beside libtorch, tch, `rand_distr` and MKL, in one process.
//!
//! `cargo torch run --release -p nninit-benches` measures everything, and writes `RESULTS.md` and `results.png` beside
//! this package's manifest. `--only laws --pairs 3` is a quick look that writes nothing.

mod aim;
mod chart;
mod child;
mod derive_cost;
mod growth;
mod law;
mod laws;
mod machine;
mod mkl;
mod models;
mod peak;
mod pytorch;
mod results;
mod scalar;
mod settings;
mod small;
mod structured;
mod timing;
mod turns;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use crate::aim::Aim;
use crate::chart::{Bar, Group};
use crate::results::{Results, Row};
use crate::settings::Settings;

/// Measures nninit beside libtorch, tch, `rand_distr` and MKL.
#[derive(Debug, Parser)]
#[command(name = "nninit-benches")]
struct Args {
    /// Of how many interleaved pairs the median is taken.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    pairs: u16,
    /// Measures only these, prints the tables and writes nothing.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Section>,
    /// Where RESULTS.md and results.png go.
    #[arg(long, default_value = env!("CARGO_MANIFEST_DIR"))]
    output: PathBuf,
    /// Prints by how many bytes one task raises this process's peak.
    #[arg(long, hide = true, value_enum)]
    peak: Option<peak::Case>,
    /// Prints seconds and bytes that a parameter costs in a model of so many.
    #[arg(long, hide = true, value_enum, requires = "size")]
    growth: Option<growth::Case>,
    #[arg(long, hide = true)]
    size: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Elementwise laws on one tensor.
    Laws,
    /// ResNet-50 and GPT-2, whole.
    Models,
    /// Orthogonal, sparse, dirac.
    Structured,
    /// 64 elements.
    Small,
    /// Peak resident set.
    Peak,
    /// The derive, in `cargo check`.
    Derive,
    /// Time and memory a parameter, in models of a hundred to a million.
    Growth,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(case) = args.peak {
        println!("{}", peak::rise(case)?);
        return Ok(());
    }
    if let (Some(case), Some(size)) = (args.growth, args.size) {
        let (seconds, bytes) = growth::cost(case, size)?;
        println!("{seconds} {bytes}");
        return Ok(());
    }
    let settings = Settings {
        pairs: usize::from(args.pairs),
    };
    let (load, start) = (machine::load(), Instant::now());
    let mut results = Results::default();
    for &section in Section::value_variants() {
        if args.only.is_empty() || args.only.contains(&section) {
            section.measure(settings, &mut results)?;
        }
    }
    let text = page(settings, &results, load, start);
    println!("{text}");
    if args.only.is_empty() {
        write(&args.output, &text, &results)?;
    }
    Ok(())
}

impl Section {
    fn measure(self, settings: Settings, results: &mut Results) -> Result<()> {
        match self {
            Self::Laws => laws::measure(settings, results),
            Self::Models => models::measure(settings, results)?,
            Self::Structured => structured::measure(settings, results),
            Self::Small => small::measure(settings, results)?,
            Self::Peak => peak::measure(results)?,
            Self::Derive => derive_cost::measure(settings, results)?,
            Self::Growth => growth::measure(results)?,
        }
        Ok(())
    }
}

/// The page, with the load on the machine as it was before the run.
fn page(settings: Settings, results: &Results, before: Option<f64>, start: Instant) -> String {
    let load = |load: Option<f64>| load.map_or("unknown".to_owned(), |load| format!("{load:.1}"));
    let counts = results.counts();
    format!(
        "\
# Measured

{summary}

Each line is measured in turns within one process, memory touched beforehand; for models from nothing, memory and
layers are made each time. Libtorch's side is its own in-place operation, called through tch. The times are those of
{threads} threads on this machine: {machine}.

Written by `cargo torch run --release -p nninit-benches`, but for the section *Limits*, which it keeps as it is.

- Load average over the last minute: {before} before the run, {after} after it. The run itself makes 1 to 2; more before
  it means that the machine had other work, and that the numbers are less certain.
- Each ratio is the median of {pairs} interleaved pairs (ours, theirs, ours, theirs, …); of at most {few} for laws and
  libraries of which nothing is wanted. Times are medians too. The run took {took:.0} s.
{notes}
## Everything

![Libtorch's time divided by nninit's](results.png)

Libtorch's side is its own in-place operation, called through tch; for the truncated normal law (±2σ) and the structured
schemes, the operations that PyTorch's functions call; for models, one call a parameter with the law already computed,
whereas ours plans the model each time. `rand_distr` and MKL have one thread. PyTorch's functions, in the last column,
are called from Python, in a process of its own that takes its turns.

{comparison}

## Beside what was wanted

{met} of {of} are met, {within} more are within the bar, {missed} are missed. The bar is 15 % under what is wanted where
it is not named, which is meant for a machine of two cores with AVX-512.

{wanted}

## Growth

Time and peak memory for each parameter, in models of a hundred, ten thousand and a million of them (`--only growth`).
What grows no faster than the work has a row of like numbers.

{growth}
",
        machine = machine::description(),
        before = load(before),
        after = load(machine::load()),
        pairs = settings.pairs,
        few = settings.few(),
        took = start.elapsed().as_secs_f64(),
        notes = results.notes(),
        met = counts.met,
        of = counts.all,
        within = counts.within_bar,
        missed = counts.missed,
        summary = results.summary(),
        threads = settings::thread_counts().last().unwrap_or(1),
        wanted = results.wanted(),
        comparison = results.comparison(),
        growth = results.growth(),
    )
}

/// Begins what is written by hand.
const LIMITS: &str = "\n## Limits\n";

/// Writes the page and the picture; what the page says under *Limits* stays.
fn write(folder: &Path, text: &str, results: &Results) -> Result<()> {
    let picture = chart::png(
        "Libtorch's time divided by nninit's; black: what was wanted",
        &groups(results.rows()),
    )?;
    let limits = fs::read_to_string(folder.join("RESULTS.md")).ok();
    let limits = limits
        .as_ref()
        .and_then(|old| old.split_once(LIMITS))
        .map(|(_, limits)| format!("{LIMITS}{limits}"));
    let text = format!("{text}{}", limits.unwrap_or_default());
    for (name, bytes) in [
        ("RESULTS.md", text.as_bytes()),
        ("results.png", picture.as_slice()),
    ] {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What the picture shows: the largest tensor of each law and kind, the models, the structured schemes.
fn groups(rows: &[Row]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for Row { task, measured } in rows {
        let is_small = task
            .elements
            .is_some_and(|elements| elements < laws::LARGEST);
        let (Ok(measured), false) = (measured, is_small) else {
            continue;
        };
        let name = format!("{} {}, {}", task.what, task.kind, task.size);
        let bar = Bar {
            threads: task.threads,
            value: measured.libtorch.ratio,
            aim: task.aim.map(Aim::value),
        };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.bars.push(bar),
            None => groups.push(Group {
                name,
                bars: vec![bar],
            }),
        }
    }
    groups
}
