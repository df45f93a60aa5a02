//! Trains one small convolutional network on 1,797 handwritten digits from several initialisations.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use nninit::Initialize;
use nninit_examples::chart::{self, Line};
use nninit_examples::digits::{self, Digits, Net, Run, Start, train};
use tch::{Device, nn};

/// Trains one small convolutional network on handwritten digits from several initialisations, prints how each ends and
/// draws how each got there.
#[derive(Debug, Parser)]
#[command(name = "digits")]
struct Args {
    /// Decides the weights, the digits that are held out, and the order of the others.
    #[arg(long, default_value_t = digits::SEED)]
    seed: u64,
    /// How often each network sees each digit.
    #[arg(long, default_value_t = digits::EPOCHS, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    epochs: u32,
    /// Where the picture of the loss curves goes, a PNG.
    #[arg(long, default_value = "digits.png")]
    output: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let Args {
        seed,
        epochs,
        output,
    } = Args::parse();
    let mut picture = chart::create(&output)?;
    let data = Digits::load(seed)?;
    // One thread adds in one order, whatever the number of cores.
    tch::set_num_threads(1);

    let net = Net::new(&nn::VarStore::new(Device::Cpu).root());
    println!("{}\n", net.plan()?);

    let progress = progress(epochs)?;
    let mut runs = Vec::new();
    for start in Start::ALL {
        runs.push(train(start, &data, seed, epochs, |name| {
            progress.set_message(name.to_owned());
            progress.inc(1);
        })?);
    }
    progress.finish_and_clear();

    println!("{}\n", table(&runs).trim_fmt());
    picture
        .write_all(&draw(&runs)?)
        .with_context(|| format!("cannot write {}", output.display()))?;
    println!("loss curves: {}", output.display());
    Ok(())
}

/// Drawn on a terminal alone.
fn progress(epochs: u32) -> anyhow::Result<ProgressBar> {
    let steps = Start::ALL.len() as u64 * u64::from(epochs);
    let style = ProgressStyle::with_template("{bar:40} epoch {pos} of {len}, {eta} left  {msg}")?;
    Ok(ProgressBar::new(steps).with_style(style))
}

fn table(runs: &[Run]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "initialisation",
        "hidden.weight",
        "loss at first",
        "at last",
        "accuracy",
    ]);
    for run in runs {
        table.add_row([
            run.name.clone(),
            run.law_of("hidden.weight"),
            format!("{:.3}", run.first().loss),
            format!("{:.3}", run.last().loss),
            format!("{:.1} %", 100.0 * run.last().accuracy),
        ]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index >= 2 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn draw(runs: &[Run]) -> anyhow::Result<Vec<u8>> {
    let lines: Vec<_> = runs
        .iter()
        .map(|run| Line {
            name: &run.name,
            values: run
                .evaluations
                .iter()
                .map(|evaluation| evaluation.loss)
                .collect(),
        })
        .collect();
    chart::png(
        "Handwritten digits: one network, four initialisations",
        "epoch",
        "held-out loss",
        &lines,
    )
}
