//! Diffusion transformers.

use super::mae::flat;
use super::rows::{Rows, by_rows, normal_linear, of_part};
use crate::recipe;

/// Diffusion transformers, as Peebles & Xie, *Scalable diffusion models with transformers* (2023), start DiT: with
/// adaptive norms that begin as nothing, so that each block begins as the identity.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `adaLN_modulation.1`, `final_layer.linear` | 0 | 0 |
/// | Linear named `t_embedder.mlp.0`, `t_embedder.mlp.2` | N(0, 0.02²) | 0 |
/// | Embedding | N(0, 0.02²) | |
/// | Conv | `xavier_uniform` of the matrix `[outputs, inputs · kernel]` | 0 |
/// | Linear | `xavier_uniform` | 0 |
///
/// The patches' convolution is taken for the Linear that it is. Names are the ends of paths, and each has to be there:
/// what modulates and was not found would not begin as nothing. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s; positions are a tensor, `#[init(sincos_positions, width = …)]`.
///
/// ```
/// let recipe = nninit::recipes::DiT::new().zeros(["modulation", "head"]).timestep(["t_fc1", "t_fc2"]);
/// ```
#[derive(Debug, Clone)]
pub struct DiT(Rows);

const ZEROS: &str = "zeros";
const TIMESTEP: &str = "timestep";

impl DiT {
    /// With the names of the authors' code.
    #[must_use]
    pub fn new() -> Self {
        let nothing = recipe! { Linear(weight(zeros), bias(zeros)) };
        let rest = recipe! {
            Linear(weight(xavier_uniform), bias(zeros)),
            Embedding(normal, std = 0.02),
        };
        let patches = of_part(|part| {
            recipe! { Conv(weight(xavier_uniform, fan_of = flat(part)), bias(zeros)) }
        });
        Self(
            Rows::new()
                .named(
                    ZEROS,
                    &["adaLN_modulation.1", "final_layer.linear"],
                    nothing,
                )
                .named(
                    TIMESTEP,
                    &["t_embedder.mlp.0", "t_embedder.mlp.2"],
                    normal_linear(0.02),
                )
                .rest(rest)
                .rest(patches),
        )
    }

    /// The names of the layers that start at 0: each block's modulation, the last one's, and the last layer.
    #[must_use]
    pub fn zeros<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(ZEROS, names))
    }

    /// The names of the layers that embed the time step.
    #[must_use]
    pub fn timestep<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(TIMESTEP, names))
    }
}

by_rows!(DiT);
