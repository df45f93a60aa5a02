//! Teaches a tenth digit to a network that was trained on nine: from its weights, beside from scratch.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use nninit_examples::chart::{self, Line};
use nninit_examples::digits::{self, Digits, Evaluation};
use nninit_examples::tenth::{from_scratch, from_weights, learn_nine};

/// Trains a small network on nine of ten digits and saves it, then trains one for all ten: from those weights with a
/// new row for the tenth, and from scratch. Prints and draws how many digits each names rightly.
#[derive(Debug, Parser)]
#[command(name = "tenth")]
struct Args {
    /// Decides the weights, the digits that are held out, and the order of the others.
    #[arg(long, default_value_t = digits::SEED)]
    seed: u64,
    /// How often each network for ten digits sees each of them.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    epochs: u32,
    /// Where the weights for nine digits go.
    #[arg(long, default_value = "nine.safetensors")]
    weights: PathBuf,
    /// Where the picture goes, a PNG.
    #[arg(long, default_value = "tenth.png")]
    output: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let Args {
        seed,
        epochs,
        weights,
        output,
    } = Args::parse();
    let mut picture = chart::create(&output)?;
    let data = Digits::load(seed)?;
    // One thread adds in one order, whatever the number of cores.
    tch::set_num_threads(1);

    let nine = learn_nine(&data, seed, digits::EPOCHS, &weights)
        .with_context(|| format!("with {} for the weights", weights.display()))?;
    println!(
        "nine digits: {:.1} % right, in {}\n",
        100.0 * nine.accuracy,
        weights.display()
    );
    let scratch = from_scratch(&data, seed, epochs)?;
    let (grown, plan) = from_weights(&data, seed, epochs, &weights)?;
    println!("{plan}\n");
    println!("epoch  from scratch  from weights");
    for (epoch, (scratch, grown)) in scratch.iter().zip(&grown).enumerate() {
        let percent = |of: &Evaluation| 100.0 * of.accuracy;
        println!(
            "{epoch:5}  {:10.1} %  {:10.1} %",
            percent(scratch),
            percent(grown)
        );
    }

    let line = |name, of: &[Evaluation]| Line {
        name,
        values: of.iter().map(|of| of.accuracy).collect(),
    };
    let lines = [
        line("from weights of nine digits", &grown),
        line("from scratch", &scratch),
    ];
    let title = "Ten handwritten digits, of which nine were known";
    picture
        .write_all(&chart::shares(
            title,
            "epoch",
            "held-out digits named rightly",
            &lines,
        )?)
        .with_context(|| format!("cannot write {}", output.display()))?;
    println!("\naccuracies: {}", output.display());
    Ok(())
}
