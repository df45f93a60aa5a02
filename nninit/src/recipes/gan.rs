//! Convolutional GANs.

use crate::declare::{Layer, Part, Recipe, Step};
use crate::schemes::{normal, zeros};

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

impl Recipe for Gan {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        match (part.layer, part.name) {
            (Layer::Conv | Layer::ConvTranspose, "weight") => vec![normal().std(0.02).into()],
            (Layer::BatchNorm, "weight") => vec![normal().mean(1.0).std(0.02).into()],
            (Layer::BatchNorm, "bias") => vec![zeros().into()],
            _ => Vec::new(),
        }
    }
}
