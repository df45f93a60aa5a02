//! Megatron-LM.

use super::rows::{RESIDUAL, Rows, by_rows, normal_everywhere, normal_linear};
use crate::depth;

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

impl Megatron {
    /// For a model of this many layers, each with attention and a feed-forward part.
    #[must_use]
    pub fn new(layers: u32, std: f64) -> Self {
        Self::scaled(std, depth::root_of_writes(layers))
    }

    /// For a model of this many layers, each with attention, a state-space part or a feed-forward part.
    #[must_use]
    pub fn hybrid(layers: u32, std: f64) -> Self {
        Self::scaled(std, depth::count(layers).sqrt())
    }

    fn scaled(std: f64, divisor: f64) -> Self {
        let names = ["linear_proj", "linear_fc2"];
        let residual = normal_linear(std / divisor);
        let rest = normal_everywhere(std);
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
