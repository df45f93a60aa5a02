//! Transformers as PyTorch's own module starts them.

use std::sync::LazyLock;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::recipe;

/// Transformers, as `torch.nn.Transformer` starts them: every weight of two or more dimensions is `xavier_uniform`.
///
/// That is the weights of Linear, Conv, ConvTranspose and Embedding; biases and norms are
/// [`TorchDefault`](super::TorchDefault)'s. A fused query, key and value weight is one matrix to it, as it is to
/// PyTorch; `#[init(xavier_uniform, chunks = 3)]` on the field gives each its own fans.
///
/// `nn.MultiheadAttention` starts its biases at 0, and a recipe cannot tell which layers belong to an attention.
/// Declare those biases, `#[init(bias(zeros))]` on the fields; the weights stay the recipe's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TorchTransformer;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Linear(xavier_uniform),
        Conv(xavier_uniform),
        ConvTranspose(xavier_uniform),
        Embedding(xavier_uniform),
    }
});

impl Recipe for TorchTransformer {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        KINDS.steps(part)
    }
}
