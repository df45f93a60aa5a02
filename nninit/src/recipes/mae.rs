//! Masked autoencoders.

use super::rows::{Rows, by_rows, of_part};
use crate::declare::{Layer, Part};
use crate::recipe;

/// Masked autoencoders, as He et al., *Masked autoencoders are scalable vision learners* (2022), start them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Conv | `xavier_uniform` of the matrix `[outputs, inputs · kernel]` | PyTorch's |
/// | Linear | `xavier_uniform` | 0 |
///
/// The patches' convolution is taken for the Linear that it is: as a convolution its `fan_out` would be as many times
/// larger as the kernel has places. A fused query, key and value weight is one matrix to it. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s. Tokens are tensors and not layers: declare them,
/// `#[init(normal, std = 0.02)]`; positions are `#[init(sincos_positions, width = …, prefix = 1)]`.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::Initialize;
/// use nninit::recipes::Mae;
/// use tch::{Tensor, nn};
///
/// #[derive(Initialize)]
/// #[init(recipe = Mae::new())]
/// struct Encoder {
///     patches: nn::Conv2D,
///     #[init(normal, std = 0.02)]
///     class_token: Tensor,
///     #[init(sincos_positions, width = 14, prefix = 1)]
///     positions: Tensor,
///     qkv: nn::Linear,
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Mae(Rows);

impl Mae {
    /// Nothing to say.
    #[must_use]
    pub fn new() -> Self {
        let linear = recipe! { Linear(weight(xavier_uniform), bias(zeros)) };
        let patches = of_part(|part| recipe! { Conv(xavier_uniform, fan_of = flat(part)) });
        Self(Rows::new().rest(linear).rest(patches))
    }
}

by_rows!(Mae);

/// The weight of a convolution whose windows do not overlap, as the matrix that multiplies a window.
pub(super) fn flat(part: &Part<'_>) -> [i64; 2] {
    match part.weight {
        [outputs, inputs @ ..] if part.layer == Layer::Conv => [*outputs, inputs.iter().product()],
        _ => [1, 1],
    }
}
