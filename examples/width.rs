//! Finds the best learning rate of networks of three widths, with μP and without: where it moves, and where it stays.

use std::io::Write;
use std::path::PathBuf;
use std::thread;

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
    let mut picture = chart::create(&output)?;
    let seeds: Vec<u64> = (1..=seeds).collect();
    let trainings = 2 * WIDTHS.len() * RATES.count() * seeds.len();
    let style = ProgressStyle::with_template("{bar:40} training {pos} of {len}, {eta} left")?;
    let progress = ProgressBar::new(trainings as u64).with_style(style);
    // Networks are trained side by side, and each on one thread, which adds in one order.
    let sweeps: Vec<Sweeps> = thread::scope(|scope| {
        let (seeds, progress) = (&seeds, &progress);
        let start = |scaling| scope.spawn(move || sweeps(scaling, seeds, epochs, progress));
        let threads = [Scaling::Standard, Scaling::MuP].map(start);
        let finished = threads.map(|thread| {
            let panicked = |_| Err(anyhow::anyhow!("a training panicked"));
            thread.join().unwrap_or_else(panicked)
        });
        finished.into_iter().collect::<anyhow::Result<_>>()
    })?;
    progress.finish_and_clear();

    println!("{}\n", best_rates(&sweeps).trim_fmt());
    let changes = changes()?;
    println!("{}\n", activations(&changes).trim_fmt());
    picture
        .write_all(&draw(&sweeps, &changes)?)
        .with_context(|| format!("cannot write {}", output.display()))?;
    println!("losses over learning rates: {}", output.display());
    Ok(())
}

type Sweeps = (Scaling, Vec<Sweep>);

fn sweeps(
    scaling: Scaling,
    seeds: &[u64],
    epochs: u32,
    progress: &ProgressBar,
) -> anyhow::Result<Sweeps> {
    tch::set_num_threads(1);
    let data = Digits::load(1)?;
    let of_width = |width| sweep(scaling, width, seeds, epochs, &data, || progress.inc(1));
    let sweeps: anyhow::Result<_> = WIDTHS.into_iter().map(of_width).collect();
    Ok((scaling, sweeps?))
}

fn best_rates(sweeps: &[Sweeps]) -> Table {
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

/// How far the outputs of each layer have moved after some steps at one rate, by width.
type Changes = Vec<(Scaling, Vec<(i64, Vec<f64>)>)>;

fn changes() -> anyhow::Result<Changes> {
    tch::set_num_threads(1);
    let data = &Digits::load(1)?;
    let of =
        |scaling, width| anyhow::Ok((width, coordinates(scaling, width, RATE, 1, STEPS, data)?));
    let of_widths = |scaling| WIDTHS.into_iter().map(move |width| of(scaling, width));
    [Scaling::Standard, Scaling::MuP]
        .into_iter()
        .map(|scaling| Ok((scaling, of_widths(scaling).collect::<anyhow::Result<_>>()?)))
        .collect()
}

fn activations(changes: &Changes) -> Table {
    let rows = changes.iter().flat_map(|(scaling, widths)| {
        widths.iter().map(move |(width, sizes)| {
            let sizes = sizes.iter().map(|size| format!("{size:.3}"));
            [scaling.to_string(), width.to_string()]
                .into_iter()
                .chain(sizes)
                .collect()
        })
    });
    let header = [
        "mean change",
        "width",
        "input",
        "hidden 1",
        "hidden 2",
        "logits",
    ];
    table(&header, rows)
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

fn draw(sweeps: &[Sweeps], changes: &Changes) -> anyhow::Result<Vec<u8>> {
    let losses = sweeps.iter().map(|(scaling, sweeps)| Panel {
        title: format!("Training loss, {scaling}"),
        x: "learning rate, 2^".to_owned(),
        curves: sweeps.iter().map(curve).collect(),
    });
    let of_last_hidden = |(scaling, widths): &(Scaling, Vec<(i64, Vec<f64>)>)| Curve {
        name: scaling.to_string(),
        points: widths
            .iter()
            .map(|(width, changes)| ((*width as f64).log2(), changes[2]))
            .collect(),
    };
    let moved = Panel {
        title: format!("Change after {STEPS} steps"),
        x: "width, 2^".to_owned(),
        curves: changes.iter().map(of_last_hidden).collect(),
    };
    let panels: Vec<Panel> = losses.chain([moved]).collect();
    chart::panels("", &panels)
}

fn curve(sweep: &Sweep) -> Curve {
    let points = sweep.means().into_iter();
    Curve {
        name: format!("width {}", sweep.width),
        points: points.map(|(rate, loss)| (rate.log2(), loss)).collect(),
    }
}
