//! GPT-2 of 124 M parameters, initialised as its authors did: N(0, 0.02²), residual projections scaled by
//! 1/√(2·layers).

use nninit::Initialize;
use tch::nn;

use super::layers::Layers;

const WIDTH: i64 = 768;
const LAYERS: i64 = 12;

/// The head's weight is the token embedding's.
#[derive(Debug, Initialize)]
pub(super) struct Gpt2 {
    #[init(normal, std = 0.02)]
    tokens: nn::Embedding,
    #[init(normal, std = 0.02)]
    positions: nn::Embedding,
    blocks: Vec<Block>,
    norm: nn::LayerNorm,
}

#[derive(Debug, Initialize)]
struct Block {
    norm_1: nn::LayerNorm,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    qkv: nn::Linear,
    #[init(weight(normal, std = residual()), bias(zeros))]
    attended: nn::Linear,
    norm_2: nn::LayerNorm,
    #[init(weight(normal, std = 0.02), bias(zeros))]
    wide: nn::Linear,
    #[init(weight(normal, std = residual()), bias(zeros))]
    narrow: nn::Linear,
}

impl Gpt2 {
    pub(super) fn new(path: &nn::Path<'_>, layers: Layers) -> Self {
        let embedding = |name, count| nn::embedding(path / name, count, WIDTH, layers.embedding());
        Self {
            tokens: embedding("tokens", 50_257),
            positions: embedding("positions", 1_024),
            blocks: (0..LAYERS)
                .map(|i| Block::new(&(path / "blocks" / i), layers))
                .collect(),
            norm: norm(&(path / "norm"), layers),
        }
    }
}

impl Block {
    fn new(path: &nn::Path<'_>, layers: Layers) -> Self {
        let linear =
            |name, inputs, outputs| nn::linear(path / name, inputs, outputs, layers.linear());
        Self {
            norm_1: norm(&(path / "norm_1"), layers),
            qkv: linear("qkv", WIDTH, 3 * WIDTH),
            attended: linear("attended", WIDTH, WIDTH),
            norm_2: norm(&(path / "norm_2"), layers),
            wide: linear("wide", WIDTH, 4 * WIDTH),
            narrow: linear("narrow", 4 * WIDTH, WIDTH),
        }
    }
}

fn norm(path: &nn::Path<'_>, layers: Layers) -> nn::LayerNorm {
    nn::layer_norm(path, vec![WIDTH], layers.layer_norm())
}

fn residual() -> f64 {
    0.02 / (2.0 * LAYERS as f64).sqrt()
}
