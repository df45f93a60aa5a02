//! Vision transformers as timm starts them.

use crate::declare::{Layer, Part, Recipe, Step};
use crate::schemes::{trunc_normal, zeros};

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

impl Recipe for VisionTransformer {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        match (part.layer, part.name) {
            (Layer::Linear, "weight") => vec![trunc_normal().std(0.02).into()],
            (Layer::Linear, "bias") => vec![zeros().into()],
            _ => Vec::new(),
        }
    }
}
