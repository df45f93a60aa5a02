//! μP by spectral norms.

use super::rows::{Rows, by_rows};
use crate::recipe;

/// Weights of one spectral norm at every width, as Yang et al., *A spectral condition for feature learning* (2023).
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear | N(0, min(1, outputs / inputs) / inputs) | 0 |
/// | Embedding | N(0, 1) | |
///
/// It needs no base model: [`rate`](Self::rate) is what Adam's learning rate is multiplied by, from the shape alone, as
/// nanotron has it. All other parts are [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::recipes::Spectral;
/// use nninit::{Dtype, Rules};
///
/// let blueprint = Rules::of(Spectral::new()).blueprint([
///     ("up.weight", vec![4096, 1024], Dtype::F32),
///     ("up.bias", vec![4096], Dtype::F32),
/// ])?;
/// assert_eq!(blueprint.entries()[0].steps()[0].law().unwrap().to_string(), "N(0, 0.03125²)");
/// assert_eq!(Spectral::rate(&[4096, 1024]), 4.0);
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spectral(Rows);

impl Spectral {
    /// Nothing to say.
    #[must_use]
    pub fn new() -> Self {
        Self(Rows::new().rest(recipe! {
            Linear(weight(spectral), bias(zeros)),
            Embedding(normal),
        }))
    }

    /// What to multiply the learning rate of a Linear by, whose weight has the shape `[outputs, inputs]`: outputs
    /// divided by inputs. Of any other shape 1.
    #[must_use]
    pub fn rate(weight: &[i64]) -> f64 {
        match *weight {
            [outputs, inputs] => outputs as f64 / inputs.max(1) as f64,
            _ => 1.0,
        }
    }
}

by_rows!(Spectral);
