//! Declares GPT-2 (124 million parameters) on its structs, initialises it with a progress bar, and verifies what was
//! drawn.

use anyhow::Context;
use clap::Parser;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use nninit::Initialize;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tch::{Device, nn};

/// Initialises GPT-2 as its authors did and verifies every parameter against its law.
#[derive(Debug, Parser)]
#[command(name = "gpt2")]
struct Args {
    /// Decides the weights.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Blocks of attention and perceptron, each.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(i64).range(1..=100))]
    layers: i64,
}

#[derive(Initialize)]
struct Gpt2 {
    #[init(normal, std = 0.02)]
    wte: nn::Embedding,
    #[init(normal, std = 0.02)]
    wpe: nn::Embedding,
    h: Vec<Block>,
    ln_f: nn::LayerNorm,
}

#[derive(Initialize)]
struct Block {
    ln_1: nn::LayerNorm,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    c_attn: nn::Linear,
    /// Into the residual stream, to which every layer adds twice.
    #[init(weight(normal, std = 0.02 / (2.0 * self.layers as f64).sqrt()), bias(zeros))]
    attn_c_proj: nn::Linear,
    ln_2: nn::LayerNorm,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    c_fc: nn::Linear,
    #[init(weight(normal, std = 0.02 / (2.0 * self.layers as f64).sqrt()), bias(zeros))]
    mlp_c_proj: nn::Linear,
    layers: i64,
}

const WIDTH: i64 = 768;
const WORDS: i64 = 50_257;
const POSITIONS: i64 = 1_024;

fn main() -> anyhow::Result<()> {
    let Args { seed, layers } = Args::parse();
    let model = Gpt2::new(&nn::VarStore::new(Device::Cpu).root(), layers);
    let plan = model.plan()?;
    println!("{plan}\n");

    let bar = ProgressBar::new(plan.elements());
    let style = "{bar:40} {human_pos} of {human_len} elements, {elapsed}";
    bar.set_style(ProgressStyle::with_template(style)?);
    let report = plan.execute_with_progress(&mut StdRng::seed_from_u64(seed), |progress| {
        bar.set_position(progress.done);
    })?;
    bar.finish();

    let verified = report
        .verify()
        .context("the weights are not what was declared")?;
    println!(
        "{} elements, {}: {} parameters follow their laws",
        HumanCount(plan.elements()),
        HumanBytes(plan.bytes()),
        verified.checked,
    );
    Ok(())
}

impl Gpt2 {
    fn new(path: &nn::Path<'_>, layers: i64) -> Self {
        let blocks = path / "h";
        Self {
            wte: nn::embedding(path / "wte", WORDS, WIDTH, nn::EmbeddingConfig::default()),
            wpe: nn::embedding(
                path / "wpe",
                POSITIONS,
                WIDTH,
                nn::EmbeddingConfig::default(),
            ),
            h: (0..layers)
                .map(|i| Block::new(&(&blocks / i), layers))
                .collect(),
            ln_f: norm(&(path / "ln_f")),
        }
    }
}

impl Block {
    fn new(path: &nn::Path<'_>, layers: i64) -> Self {
        let linear = |name, inputs, outputs| {
            nn::linear(path / name, inputs, outputs, nn::LinearConfig::default())
        };
        Self {
            ln_1: norm(&(path / "ln_1")),
            c_attn: linear("c_attn", WIDTH, 3 * WIDTH),
            attn_c_proj: linear("attn_c_proj", WIDTH, WIDTH),
            ln_2: norm(&(path / "ln_2")),
            c_fc: linear("c_fc", WIDTH, 4 * WIDTH),
            mlp_c_proj: linear("mlp_c_proj", 4 * WIDTH, WIDTH),
            layers,
        }
    }
}

fn norm(path: &nn::Path<'_>) -> nn::LayerNorm {
    nn::layer_norm(path, vec![WIDTH], nn::LayerNormConfig::default())
}
