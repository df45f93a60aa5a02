//! Convolutional GANs.

use std::sync::LazyLock;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::recipe;

/// Convolutional GANs, as Radford et al., *Unsupervised representation learning with DCGANs* (2015), and PyTorch's
/// DCGAN tutorial start them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Conv, ConvTranspose | N(0, 0.02²) | [`TorchDefault`](super::TorchDefault) |
/// | BatchNorm | N(1, 0.02²) | 0 |
///
/// The rest is [`TorchDefault`](super::TorchDefault)'s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gan;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Conv(normal, std = 0.02),
        ConvTranspose(normal, std = 0.02),
        BatchNorm(weight(normal, mean = 1, std = 0.02), bias(zeros)),
    }
});

impl Recipe for Gan {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        KINDS.steps(part)
    }
}
