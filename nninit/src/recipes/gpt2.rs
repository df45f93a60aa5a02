//! GPT-2 and what was built after it.

use super::rows::{RESIDUAL, Rows, by_rows, normal_everywhere, normal_linear};
use crate::{depth, recipe};

/// GPT-2, as Radford et al., *Language models are unsupervised multitask learners* (2019), and its common
/// implementations start it.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `c_proj` | N(0, 0.02² / (2 · layers)) | 0 |
/// | Linear, Embedding | N(0, 0.02²) | 0 |
///
/// That is [`new`](Self::new), of nanoGPT and Hugging Face. The layers that write into the residual stream are told by
/// their name, in a derive that of the field; [`residual`](Self::residual) says another. A name that no layer has is an
/// error: the scale that never applied is the commonest silent mistake of models like this one. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// OpenAI's own code has no scale by depth and N(0, 0.01²) for the positions: [`original`](Self::original).
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::Initialize;
/// use nninit::recipes::Gpt2;
/// use tch::nn;
///
/// #[derive(Initialize)]
/// struct Mlp {
///     c_fc: nn::Linear,
///     c_proj: nn::Linear,
/// }
///
/// #[derive(Initialize)]
/// #[init(recipe = Gpt2::new(self.blocks.len() as u32))]
/// struct Model {
///     blocks: Vec<Mlp>,
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Gpt2(Rows);

const POSITIONS: &str = "positions";

impl Gpt2 {
    /// For a model of this many blocks; each adds two projections to the residual stream.
    #[must_use]
    pub fn new(layers: u32) -> Self {
        let residual = normal_linear(0.02 / depth::root_of_writes(layers));
        Self(
            Rows::new()
                .named(RESIDUAL, &["c_proj"], residual)
                .rest(normal_everywhere(0.02)),
        )
    }

    /// As OpenAI's own code has it: every Linear and Embedding N(0, 0.02²), biases 0, and N(0, 0.01²) for the
    /// positions, an Embedding named `wpe`.
    #[must_use]
    pub fn original() -> Self {
        let positions = recipe! { Embedding(normal, std = 0.01) };
        Self(
            Rows::new()
                .named(POSITIONS, &["wpe"], positions)
                .rest(normal_everywhere(0.02)),
        )
    }

    /// The names of the layers that write into the residual stream, ends of their paths. Default `c_proj`; each has to
    /// be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }

    /// The name of the embedding of positions. Default `wpe`; it has to be there for [`original`](Self::original).
    #[must_use]
    pub fn positions(self, name: impl Into<String>) -> Self {
        Self(self.0.rename(POSITIONS, [name]))
    }
}

by_rows!(Gpt2);
