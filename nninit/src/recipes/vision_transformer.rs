//! Vision transformers as timm starts them.

use std::sync::LazyLock;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::recipe;

/// Vision transformers, as timm's `VisionTransformer` starts them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear | N(0, 0.02²) on \[-2, 2\] | 0 |
///
/// The patch embedding is a convolution and, like the rest, [`TorchDefault`](super::TorchDefault)'s. Position and class
/// tokens are tensors, not layers: declare them, `#[init(trunc_normal, std = 0.02)]` and `#[init(normal, std = 1e-6)]`
/// in timm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VisionTransformer;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Linear(weight(trunc_normal, std = 0.02), bias(zeros)),
    }
});

impl Recipe for VisionTransformer {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        KINDS.steps(part)
    }
}
