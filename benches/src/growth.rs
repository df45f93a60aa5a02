//! What a parameter costs in models of a hundred, ten thousand and a million of them: more there would be a cost that
//! grows faster than the work.
//!
//! Each case has a process of its own, for the peak of its memory.

use std::any::Any;
use std::fs;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use comfy_table::{CellAlignment, Table, presets};
use nninit::{Blueprint, Dtype, Initialize, Rules};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

use crate::child;
use crate::machine;
use crate::peak::peak;
use crate::results::Results;

/// What grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// A blueprint of names and shapes, by two rules.
    Blueprint,
    /// A blueprint by a rule for every ten parameters.
    Rules,
    /// A blueprint as a table.
    Table,
    /// A blueprint as a table, one of its paths as long as all others together.
    LongPath,
    /// A blueprint into JSON and back.
    Json,
    /// A plan of a `VarStore`, by two rules.
    Plan,
    /// A plan of tensors that are all one.
    Ties,
    /// An execution, and its report as a table.
    Execute,
    /// A plan of structs within structs, whose paths grow with their depth.
    Nesting,
    /// A path, matched by `*a*b` and planned.
    Path,
}

const SIZES: [usize; 3] = [100, 10_000, 1_000_000];

/// How many structs may stand within each other.
const DEEPEST: usize = 10_000;

/// Runs every case in processes of their own.
pub(crate) fn measure(results: &mut Results) -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let mut header = vec![String::new(), "for each".to_owned()];
    header.extend(SIZES.map(|size| format!("time, of {size}")));
    header.extend(SIZES.map(|size| format!("peak, of {size}")));
    table.set_header(header);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for &case in Case::value_variants() {
        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        for size in SIZES {
            if case == Case::Nesting && size > DEEPEST {
                times.push(String::new());
                peaks.push(String::new());
                continue;
            }
            let (seconds, bytes) = in_child(case, size)?;
            times.push(format!("{:.0} ns", 1e9 * seconds));
            peaks.push(format!("{bytes:.0} B"));
        }
        let value = case.to_possible_value().context("a case without a name")?;
        let what = value.get_help().map(ToString::to_string);
        let each = match case {
            Case::Path | Case::Nesting => "byte of the paths",
            _ => "parameter",
        };
        let head = [what.unwrap_or_default(), each.to_owned()];
        let row: Vec<String> = head.into_iter().chain(times).chain(peaks).collect();
        eprintln!("{}", row.join(", "));
        table.add_row(row);
    }
    // A section of its own, for it may be measured on another machine than the rest of the page.
    results.take_growth(format!("On {}:\n\n{table}", machine::description()));
    Ok(())
}

fn in_child(case: Case, size: usize) -> Result<(f64, f64)> {
    let text = child::output("--growth", &case, &["--size", &size.to_string()])?;
    let (seconds, bytes) = text.split_once(' ').context("two numbers")?;
    Ok((seconds.parse()?, bytes.parse()?))
}

/// Seconds, and bytes over what was there before, for each parameter of `size`, or byte of its paths.
pub(crate) fn cost(case: Case, size: usize) -> Result<(f64, f64)> {
    let mut work = case.prepare(size)?;
    // Few of them are done often, and all results are kept until the clock has stopped.
    let times = (DEEPEST / size).max(1);
    let mut kept = Vec::with_capacity(times);
    // From here on the peak counts anew.
    fs::write("/proc/self/clear_refs", "5").context("the peak is read from Linux")?;
    let (before, start) = (peak()?, Instant::now());
    for _ in 0..times {
        kept.push(work()?);
    }
    let (seconds, bytes) = (start.elapsed().as_secs_f64(), peak()? - before);
    let all = (times * case.units(size)) as f64;
    Ok((seconds / all, bytes as f64 / all))
}

type Work = Box<dyn FnMut() -> Result<Box<dyn Any>>>;

impl Case {
    /// What there is of in a model of that size.
    fn units(self, size: usize) -> usize {
        match self {
            // w, next.w, next.next.w, …
            Self::Nesting => size + "next.".len() * size * (size - 1) / 2,
            _ => size,
        }
    }

    fn prepare(self, size: usize) -> Result<Work> {
        let rules = rules()?;
        Ok(match self {
            Self::Blueprint => {
                let names = names(size);
                Box::new(move || Ok(Box::new(blueprint(&rules, &names)?)))
            }
            Self::Rules => {
                let names = names(size);
                let text: Vec<String> = (0..size.div_ceil(10))
                    .map(|rule| format!("layers.{}.{{weight,bias}} => normal(std=1)", 5 * rule))
                    .collect();
                // What they leave is the last one's.
                let text = format!("{}\n** => zeros", text.join("\n"));
                Box::new(move || Ok(Box::new(blueprint(&text.parse()?, &names)?)))
            }
            Self::Table => {
                let blueprint = blueprint(&rules, &names(size))?;
                Box::new(move || Ok(Box::new(blueprint.to_string())))
            }
            Self::LongPath => {
                let mut names = names(size);
                names.push(format!(
                    "{}.weight",
                    "a".repeat(names.iter().map(String::len).sum())
                ));
                let blueprint = blueprint(&rules, &names)?;
                Box::new(move || Ok(Box::new(blueprint.to_string())))
            }
            Self::Json => {
                let blueprint = blueprint(&rules, &names(size))?;
                Box::new(move || {
                    let text = serde_json::to_string(&blueprint)?;
                    Ok(Box::new(serde_json::from_str::<Blueprint>(&text)?))
                })
            }
            Self::Plan => {
                let vs = store(&names(size), |_| zeros());
                Box::new(move || Ok(Box::new(rules.plan(&vs)?)))
            }
            Self::Ties => {
                let one = zeros();
                let vs = store(&names(size), |_| one.shallow_clone());
                let rules: Rules = "** => xavier_uniform".parse()?;
                Box::new(move || Ok(Box::new(rules.plan(&vs)?)))
            }
            Self::Execute => {
                let vs = store(&names(size), |_| zeros());
                let plan = rules.plan(&vs)?;
                let mut rng = StdRng::seed_from_u64(0);
                Box::new(move || Ok(Box::new(plan.execute(&mut rng)?.to_string())))
            }
            Self::Nesting => {
                let chain =
                    (0..size).fold(None, |next, _| Some(Box::new(Link { w: zeros(), next })));
                Box::new(move || Ok(Box::new(chain.plan()?)))
            }
            Self::Path => {
                let name = format!("{}b", "a".repeat(size - 1));
                let rules: Rules = "*a*b => zeros".parse()?;
                Box::new(move || Ok(Box::new(blueprint(&rules, std::slice::from_ref(&name))?)))
            }
        })
    }
}

#[derive(Initialize)]
struct Link {
    #[init(zeros)]
    w: Tensor,
    next: Option<Box<Link>>,
}

fn rules() -> Result<Rules> {
    Ok("**.weight => kaiming_normal(nonlinearity=relu)\n**.bias => zeros".parse()?)
}

/// `layers.0.weight`, `layers.0.bias`, `layers.1.weight`, …
fn names(count: usize) -> Vec<String> {
    let part = |i| if i % 2 == 0 { "weight" } else { "bias" };
    (0..count)
        .map(|i| format!("layers.{}.{}", i / 2, part(i)))
        .collect()
}

fn blueprint(rules: &Rules, names: &[String]) -> Result<Blueprint> {
    Ok(rules.blueprint(names.iter().map(|name| (name.as_str(), [2, 2], Dtype::F32)))?)
}

fn zeros() -> Tensor {
    Tensor::zeros([2, 2], (Kind::Float, Device::Cpu))
}

fn store(names: &[String], tensor: impl Fn(usize) -> Tensor) -> VarStore {
    let vs = VarStore::new(Device::Cpu);
    for (i, name) in names.iter().enumerate() {
        let (layer, part) = name.rsplit_once('.').unwrap_or(("", name));
        let path = layer.split('.').fold(vs.root(), |path, name| path / name);
        let _ = path.add(part, tensor(i), false);
    }
    vs
}
