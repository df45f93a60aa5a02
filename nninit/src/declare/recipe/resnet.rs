use std::rc::Rc;

use super::{Layer, Part, Recipe};
use crate::schemes::{kaiming_normal, ones, zeros};
use crate::{FanMode, Initializer, Nonlinearity};

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
    fn scheme(&self, part: &Part<'_>) -> Option<Rc<dyn Initializer>> {
        Some(match (part.layer, part.name) {
            (Layer::Conv, "weight") => Rc::new(
                kaiming_normal()
                    .mode(FanMode::FanOut)
                    .nonlinearity(Nonlinearity::Relu),
            ),
            (Layer::BatchNorm | Layer::GroupNorm, "weight") => Rc::new(ones()),
            (Layer::BatchNorm | Layer::GroupNorm, "bias") => Rc::new(zeros()),
            _ => return None,
        })
    }
}
