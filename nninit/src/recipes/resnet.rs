//! Residual networks of convolutions.

use crate::declare::{Layer, Part, Recipe, Step};
use crate::schemes::{kaiming_normal, ones, zeros};
use crate::{FanMode, Nonlinearity};

/// Residual networks, as He et al. (2015) and torchvision's `ResNet` start them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Conv | `kaiming_normal(mode = "fan_out", nonlinearity = "relu")` | [`TorchDefault`](super::TorchDefault) |
/// | BatchNorm, GroupNorm | 1 | 0 |
///
/// The rest is [`TorchDefault`](super::TorchDefault)'s. To start every block as the identity, declare the last norm of
/// each as zeros: `#[init(zeros)]` on its field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResNet;

impl Recipe for ResNet {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        match (part.layer, part.name) {
            (Layer::Conv, "weight") => {
                let he = kaiming_normal().mode(FanMode::FanOut);
                vec![he.nonlinearity(Nonlinearity::Relu).into()]
            }
            (Layer::BatchNorm | Layer::GroupNorm, "weight") => vec![ones().into()],
            (Layer::BatchNorm | Layer::GroupNorm, "bias") => vec![zeros().into()],
            _ => Vec::new(),
        }
    }
}
