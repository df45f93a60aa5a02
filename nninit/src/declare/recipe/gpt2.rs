use std::rc::Rc;

use super::{Layer, Part, Recipe};
use crate::Initializer;
use crate::schemes::{normal, zeros};

/// GPT-2, as Radford et al., *Language models are unsupervised multitask learners* (2019), and its common
/// implementations start it.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `c_proj` | N(0, 0.02² / (2 · layers)) | 0 |
/// | Linear, Embedding | N(0, 0.02²) | 0 |
///
/// The layers that write into the residual stream are told by their name, `c_proj`, which is the field's in a derive;
/// under another name, `#[init(weight(normal, std = …))]` says the same. The rest is
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::{Gpt2, Initialize};
/// use tch::nn;
///
/// #[derive(Initialize)]
/// struct Mlp {
///     c_fc: nn::Linear,
///     c_proj: nn::Linear,
/// }
///
/// #[derive(Initialize)]
/// #[init(recipe = Gpt2 { layers: self.blocks.len() as u32 })]
/// struct Model {
///     blocks: Vec<Mlp>,
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gpt2 {
    /// How many blocks the model has; each adds two projections to the residual stream.
    pub layers: u32,
}

impl Recipe for Gpt2 {
    fn scheme(&self, part: &Part<'_>) -> Option<Rc<dyn Initializer>> {
        let projects = part.path.rsplit('.').next() == Some("c_proj");
        Some(match (part.layer, part.name) {
            (Layer::Linear, "weight") if projects => {
                let depth = 2.0 * f64::from(self.layers.max(1));
                Rc::new(normal().std(0.02 / depth.sqrt()))
            }
            (Layer::Linear | Layer::Embedding, "weight") => Rc::new(normal().std(0.02)),
            (Layer::Linear, "bias") => Rc::new(zeros()),
            _ => return None,
        })
    }
}
