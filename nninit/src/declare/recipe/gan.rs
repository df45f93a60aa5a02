use std::rc::Rc;

use super::{Layer, Part, Recipe};
use crate::Initializer;
use crate::schemes::{normal, zeros};

/// Convolutional GANs, as Radford et al., *Unsupervised representation learning with DCGANs* (2015), and PyTorch's DCGAN
/// tutorial start them.
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
    fn scheme(&self, part: &Part<'_>) -> Option<Rc<dyn Initializer>> {
        Some(match (part.layer, part.name) {
            (Layer::Conv | Layer::ConvTranspose, "weight") => Rc::new(normal().std(0.02)),
            (Layer::BatchNorm, "weight") => Rc::new(normal().mean(1.0).std(0.02)),
            (Layer::BatchNorm, "bias") => Rc::new(zeros()),
            _ => return None,
        })
    }
}
