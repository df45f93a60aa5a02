//! Residual networks of convolutions.

use std::sync::LazyLock;

use crate::declare::{Kinds, Part, Recipe, Step};
use crate::recipe;

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

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    recipe! {
        Conv(kaiming_normal, mode = "fan_out", nonlinearity = "relu"),
        BatchNorm(weight(ones), bias(zeros)),
        GroupNorm(weight(ones), bias(zeros)),
    }
});

impl Recipe for ResNet {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        KINDS.steps(part)
    }
}
