//! GPT-2 and what was built after it.

use crate::declare::{Layer, Part, Recipe, Step};
use crate::schemes::{normal, zeros};

/// GPT-2, as Radford et al., *Language models are unsupervised multitask learners* (2019), and its common
/// implementations start it.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `c_proj` | N(0, 0.02² / (2 · layers)) | 0 |
/// | Linear, Embedding | N(0, 0.02²) | 0 |
///
/// The layers that write into the residual stream are told by their name, `c_proj`, in a derive that of the field. A
/// model with layers and none of that name is an error; under other names, say `#[init(weight(normal, std = …))]` on
/// the fields and the rest by [`recipe!`](crate::recipe!). All other parts are [`TorchDefault`](super::TorchDefault)'s.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gpt2 {
    layers: u32,
}

impl Gpt2 {
    /// For a model of this many blocks; each adds two projections to the residual stream.
    #[must_use]
    pub const fn new(layers: u32) -> Self {
        Self { layers }
    }
}

impl Recipe for Gpt2 {
    fn steps(&self, part: &Part<'_>) -> Vec<Step> {
        let projects = part.path.rsplit('.').next() == Some("c_proj");
        match (part.layer, part.name) {
            (Layer::Linear, "weight") if projects => {
                let depth = 2.0 * f64::from(self.layers.max(1));
                vec![normal().std(0.02 / depth.sqrt()).into()]
            }
            (Layer::Linear | Layer::Embedding, "weight") => vec![normal().std(0.02).into()],
            (Layer::Linear, "bias") => vec![zeros().into()],
            _ => Vec::new(),
        }
    }

    fn must_match(&self) -> &[&str] {
        &["**.c_proj"]
    }
}
