//! DeepNorm.

use super::rows::{Rows, by_rows};
use crate::declare::Kinds;
use crate::{depth, recipe};

/// Transformers with DeepNorm, as Wang et al., *DeepNet: Scaling transformers to 1,000 layers* (2022), start them.
///
/// | layer | `weight` |
/// |---|---|
/// | Linear named `v_proj`, `out_proj`, `fc1`, `fc2` | `xavier_normal(gain = β)` |
/// | Linear named `q_proj`, `k_proj` | `xavier_normal` |
///
/// β is [`depth::deepnorm`]'s, of an encoder and its decoder [`depth::deepnorm_pair`]'s; the residual stream needs the
/// α beside it: `norm(alpha · x + branch(x))`. Biases and all other parts are further out's, at last
/// [`TorchDefault`](super::TorchDefault)'s. This is the paper's own list. torchscale's code draws from other laws
/// first, then multiplies what has `fc1`, `fc2`, `out_proj` or `v_proj` in its name by β, biases included. Names are
/// the ends of paths, and each has to be there.
///
/// ```
/// let recipe = nninit::recipes::DeepNorm::new(24).branches(["v", "o", "up", "down"]).attention(["q", "k"]);
/// ```
#[derive(Debug, Clone)]
pub struct DeepNorm(Rows);

const BRANCHES: &str = "branches";
const ATTENTION: &str = "attention";
const NAMES: [&str; 4] = ["v_proj", "out_proj", "fc1", "fc2"];

impl DeepNorm {
    /// For an encoder alone, or a decoder alone, of this many layers.
    #[must_use]
    pub fn new(layers: u32) -> Self {
        let beta = depth::deepnorm(layers).beta;
        Self::with(Rows::new().named(BRANCHES, &NAMES, linear(beta)))
    }

    /// For an encoder and its decoder, which are fields named `encoder` and `decoder`. The decoder's attention over the
    /// encoder is one of its branches.
    #[must_use]
    pub fn pair(encoder: u32, decoder: u32) -> Self {
        let (of_encoder, of_decoder) = depth::deepnorm_pair(encoder, decoder);
        Self::with(
            Rows::new()
                .named(BRANCHES, &NAMES, linear(of_encoder.beta))
                .inside("encoder")
                .named(BRANCHES, &NAMES, linear(of_decoder.beta))
                .inside("decoder"),
        )
    }

    fn with(branches: Rows) -> Self {
        Self(branches.named(ATTENTION, &["q_proj", "k_proj"], linear(1.0)))
    }

    /// The names of feed-forward, value and output projections.
    #[must_use]
    pub fn branches<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(BRANCHES, names))
    }

    /// The names of query and key projections.
    #[must_use]
    pub fn attention<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(ATTENTION, names))
    }
}

by_rows!(DeepNorm);

fn linear(gain: f64) -> Kinds {
    recipe!(Linear(xavier_normal, gain = gain))
}
