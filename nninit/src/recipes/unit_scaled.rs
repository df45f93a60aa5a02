//! μP in which every weight starts at one size.

use super::rows::{Rows, by_rows};
use crate::declare::Layer;
use crate::recipe;

/// Unit-scaled μP, as Blake et al., *u-μP: The unit-scaled maximal update parametrization* (2024): every weight N(0,
/// 1), and the scale in the forward pass.
///
/// | layer | `weight` | `bias` | forward, times | Adam's rate, times |
/// |---|---|---|---|---|
/// | Linear | N(0, 1) | 0 | 1 / √inputs | 1 / √inputs |
/// | Linear, the last | N(0, 1) | 0 | 1 / inputs | 1 |
/// | Embedding | N(0, 1) | | 1 | 1 / √width |
/// | norms, biases | 1 and 0 | | 1 | 1 |
///
/// Inside a stack of L layers rates are divided by √L as well. [`forward`](Self::forward) and [`rate`](Self::rate) have
/// the numbers for a layer that is not the last. All other parts are [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::Layer;
/// use nninit::recipes::UnitScaled;
///
/// assert_eq!(UnitScaled::forward(&[1024, 256]), 0.0625);
/// assert_eq!(UnitScaled::rate(Layer::Linear, &[1024, 256]), 0.0625);
/// assert_eq!(UnitScaled::rate(Layer::Embedding, &[50000, 1024]), 0.03125);
/// ```
#[derive(Debug, Clone)]
pub struct UnitScaled(Rows);

impl UnitScaled {
    /// Nothing to say.
    #[must_use]
    pub fn new() -> Self {
        Self(Rows::new().rest(recipe! {
            Linear(weight(normal), bias(zeros)),
            Conv(weight(normal), bias(zeros)),
            ConvTranspose(weight(normal), bias(zeros)),
            Embedding(normal),
        }))
    }

    /// What to multiply the output of a layer by, whose weight has this shape: 1 / √inputs.
    #[must_use]
    pub fn forward(weight: &[i64]) -> f64 {
        1.0 / inputs(weight).sqrt()
    }

    /// What to multiply the learning rate of a layer's weight by.
    #[must_use]
    pub fn rate(layer: Layer, weight: &[i64]) -> f64 {
        match layer {
            Layer::Linear | Layer::Conv | Layer::ConvTranspose | Layer::Embedding => {
                1.0 / inputs(weight).sqrt()
            }
            Layer::BatchNorm | Layer::LayerNorm | Layer::GroupNorm => 1.0,
        }
    }
}

by_rows!(UnitScaled);

/// All dimensions after the first; of an embedding the width of its rows.
fn inputs(weight: &[i64]) -> f64 {
    let inputs: i64 = weight.iter().skip(1).product();
    inputs.max(1) as f64
}
