//! T-Fixup.

use super::rows::{Rows, by_rows, inputs, of_part};
use crate::declare::Kinds;
use crate::{depth, recipe};

/// Transformers without norms and without warm-up, as Huang et al., *Improving transformer optimization through better
/// initialization* (2020), start them.
///
/// | layer | `weight` |
/// |---|---|
/// | Embedding | N(0, 1 / width), times (9 · N)^−¼ |
/// | Linear named `v_proj`, `out_proj`, `fc1`, `fc2`, inside `encoder` | `xavier_uniform`, times 0.67 · N^−¼ |
/// | the same, inside `decoder` | `xavier_uniform`, times (9 · N)^−¼ |
/// | Linear named `q_proj`, `k_proj` | `xavier_uniform(gain = 1 / √2)` |
/// | Linear | `xavier_uniform` |
///
/// N is the number of the encoder's layers, or the decoder's, also for an embedding inside of either; one that both
/// share has the decoder's. The width is the number of an embedding's columns. That queries and keys keep fairseq's
/// gain is the authors' code; the paper has 1. Biases and all other parts are further out's, at last
/// [`TorchDefault`](super::TorchDefault)'s. Names are the ends of paths, and each has to be there.
///
/// ```
/// let recipe = nninit::recipes::TFixup::new(6, 6);
/// ```
#[derive(Debug, Clone)]
pub struct TFixup(Rows);

const BRANCHES: &str = "branches";
const ATTENTION: &str = "attention";
const NAMES: [&str; 4] = ["v_proj", "out_proj", "fc1", "fc2"];

impl TFixup {
    /// For an encoder and a decoder of this many layers, fields named `encoder` and `decoder`.
    #[must_use]
    pub fn new(encoder: u32, decoder: u32) -> Self {
        let embedding = |layers| {
            of_part(move |part| {
                let std = depth::t_fixup_decoder(layers) / inputs(part).sqrt();
                recipe!(Embedding(normal, std = std))
            })
        };
        let attention = recipe!(Linear(
            xavier_uniform,
            gain = std::f64::consts::FRAC_1_SQRT_2
        ));
        Self(
            Rows::new()
                .named(BRANCHES, &NAMES, branch(depth::t_fixup_encoder(encoder)))
                .inside("encoder")
                .named(BRANCHES, &NAMES, branch(depth::t_fixup_decoder(decoder)))
                .inside("decoder")
                .named(ATTENTION, &["q_proj", "k_proj"], attention)
                .rest(embedding(encoder))
                .inside("encoder")
                .rest(embedding(decoder))
                .rest(recipe!(Linear(xavier_uniform))),
        )
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

by_rows!(TFixup);

fn branch(scale: f64) -> Kinds {
    recipe!(Linear(xavier_uniform, scale = scale))
}
