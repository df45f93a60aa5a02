//! Transformers as most code that builds its own starts them.

use std::sync::LazyLock;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::recipe;

/// Transformers, as most code that builds its own starts them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear | `xavier_uniform` | 0 |
/// | Embedding | N(0, 0.02²) | |
///
/// The rest is [`TorchDefault`](super::TorchDefault)'s. What `torch.nn.Transformer` starts from is another recipe,
/// [`TorchTransformer`](super::TorchTransformer). A fused query, key and value weight is one matrix to it;
/// `#[init(xavier_uniform, chunks = 3)]` on the field gives each its own fans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transformer;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Linear(weight(xavier_uniform), bias(zeros)),
        Embedding(normal, std = 0.02),
    }
});

impl Recipe for Transformer {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        KINDS.steps(part)
    }
}
