//! Megatron-LM.

use super::rows::{Rows, by_rows};
use crate::recipe;

/// Models as Megatron-LM starts them: `init_method_normal(std)` and `scaled_init_method_normal(std, layers)`.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `linear_proj`, `linear_fc2` | N(0, std² / (2 · layers)); of a hybrid N(0, std² / layers) | 0 |
/// | Linear, Embedding | N(0, std²) | 0 |
///
/// Megatron's own std is 0.02. A layer of attention and feed-forward writes into the residual stream twice; one of a
/// hybrid of attention and state-space layers once. The layers that do so are told by their names, and a name that no
/// layer has is an error. All other parts are [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// let recipe = nninit::recipes::Megatron::new(24, 0.02).residual(["out_proj", "fc2"]);
/// ```
#[derive(Debug, Clone)]
pub struct Megatron(Rows);

const RESIDUAL: &str = "residual";

impl Megatron {
    /// For a model of this many layers, each with attention and a feed-forward part.
    #[must_use]
    pub fn new(layers: u32, std: f64) -> Self {
        Self::of_writes(2.0 * f64::from(layers.max(1)), std)
    }

    /// For a model of this many layers, each with attention, a state-space part or a feed-forward part.
    #[must_use]
    pub fn hybrid(layers: u32, std: f64) -> Self {
        Self::of_writes(f64::from(layers.max(1)), std)
    }

    fn of_writes(writes: f64, std: f64) -> Self {
        let residual = recipe! { Linear(weight(normal, std = std / writes.sqrt()), bias(zeros)) };
        let rest = recipe! {
            Linear(weight(normal, std = std), bias(zeros)),
            Embedding(normal, std = std),
        };
        let names = ["linear_proj", "linear_fc2"];
        Self(Rows::new().named(RESIDUAL, &names, residual).rest(rest))
    }

    /// The names of the layers that write into the residual stream, ends of their paths. Default `linear_proj` and
    /// `linear_fc2`; each has to be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }
}

by_rows!(Megatron);
