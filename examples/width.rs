//! Finds the best learning rate of networks of three widths, with μP and without: where it moves, and where it stays.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use nninit_examples::chart::{self, Curve, Panel};
use nninit_examples::digits::Digits;
use nninit_examples::width::{RATES, Scaling, Sweep, WIDTHS, coordinates, sweep};

/// Trains one network at three widths and nine learning rates, by the standard parametrisation and by μP, prints the
/// best rates and how large activations become, and draws the losses.
#[derive(Debug, Parser)]
#[command(name = "width")]
struct Args {
    /// From how many seeds each network is trained.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// How often each network sees each digit.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000))]
    epochs: u32,
    /// Where the picture goes, a PNG.
    #[arg(long, default_value = "width.png")]
    output: PathBuf,
}

/// At which activations are compared; ten steps.
const RATE: f64 = 1.0 / 256.0;
const STEPS: usize = 3;

fn main() -> anyhow::Result<()> {
    let Args {
        seeds,
        epochs,
        output,
    } = Args::parse();
    let mut picture = File::create(&output).with_context(|| {
        format!(
            "cannot write {}; `--output PATH` puts the picture elsewhere",
            output.display()
        )
    })?;
    let data = Digits::load(1)?;
    let seeds: Vec<u64> = (1..=seeds).collect();
    let trainings = 2 * WIDTHS.len() * RATES.count() * seeds.len();
    let style =
        ProgressStyle::with_template("{bar:40} training {pos} of {len}, {eta} left  {msg}")?;
    let progress = ProgressBar::new(trainings as u64).with_style(style);
    let mut sweeps: Vec<(Scaling, Vec<Sweep>)> = Vec::new();
    for scaling in [Scaling::Standard, Scaling::MuP] {
        let of_widths = WIDTHS.into_iter().map(|width| {
            progress.set_message(format!("{scaling}, width {width}"));
            sweep(scaling, width, &seeds, epochs, &data, || progress.inc(1))
        });
        sweeps.push((scaling, of_widths.collect::<anyhow::Result<_>>()?));
    }
    progress.finish_and_clear();

    println!("{}\n", best_rates(&sweeps).trim_fmt());
    println!("{}\n", activations(&data)?.trim_fmt());
    picture
        .write_all(&draw(&sweeps)?)
        .with_context(|| format!("cannot write {}", output.display()))?;
    println!("losses over learning rates: {}", output.display());
    Ok(())
}

fn best_rates(sweeps: &[(Scaling, Vec<Sweep>)]) -> Table {
    let header = [
        "parametrisation",
        "width",
        "best rate",
        "loss",
        "from",
        "to",
    ];
    let rows = sweeps.iter().flat_map(|(scaling, sweeps)| {
        sweeps.iter().map(move |sweep| {
            let (mean, low, high) = sweep.least();
            vec![
                scaling.to_string(),
                sweep.width.to_string(),
                format!("2^{}", sweep.best().log2()),
                format!("{mean:.4}"),
                format!("{low:.4}"),
                format!("{high:.4}"),
            ]
        })
    });
    table(&header, rows)
}

/// How far the outputs of each layer have moved after some steps at one rate.
fn activations(data: &Digits) -> anyhow::Result<Table> {
    let mut rows = Vec::new();
    for scaling in [Scaling::Standard, Scaling::MuP] {
        for width in WIDTHS {
            let sizes = coordinates(scaling, width, RATE, 1, STEPS, data)?;
            let sizes = sizes.iter().map(|size| format!("{size:.3}"));
            rows.push(
                [scaling.to_string(), width.to_string()]
                    .into_iter()
                    .chain(sizes)
                    .collect(),
            );
        }
    }
    let header = [
        "mean change",
        "width",
        "input",
        "hidden 1",
        "hidden 2",
        "logits",
    ];
    Ok(table(&header, rows.into_iter()))
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table.add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index >= 1 {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn draw(sweeps: &[(Scaling, Vec<Sweep>)]) -> anyhow::Result<Vec<u8>> {
    let panels: Vec<Panel> = sweeps
        .iter()
        .map(|(scaling, sweeps)| Panel {
            title: match scaling {
                Scaling::Standard => "One learning rate for all widths".to_owned(),
                Scaling::MuP => "The same with μP".to_owned(),
            },
            curves: sweeps.iter().map(curve).collect(),
        })
        .collect();
    chart::panels("learning rate, 2^", "training loss", &panels)
}

fn curve(sweep: &Sweep) -> Curve {
    let points = sweep.means().into_iter();
    Curve {
        name: format!("width {}", sweep.width),
        points: points.map(|(rate, loss)| (rate.log2(), loss)).collect(),
    }
}
