//! T5.

use super::rows::{Rows, by_rows, inputs, normal_linear, of_part};
use crate::recipe;

/// T5, as Raffel et al., *Exploring the limits of transfer learning with a unified text-to-text transformer* (2020), is
/// started by Hugging Face's `T5ForConditionalGeneration`.
///
/// | layer | `weight` |
/// |---|---|
/// | Linear named `q` | N(0, 1 / (inputs · d_kv)): attention has no factor 1 / √d_kv of its own |
/// | Embedding named `relative_attention_bias` | N(0, 1 / d_model) |
/// | Linear | N(0, 1 / inputs) |
/// | Embedding | N(0, 1) |
///
/// Biases, where there are any, are 0. d_model is the model's width, d_kv that of one head. A `lm_head` of its own
/// weight, as in T5 1.1, gets N(0, 1): [`untied`](Self::untied). Mesh TensorFlow's T5 truncates `wi` and `wo`
/// at two standard deviations and names no law for the positions. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::recipes::T5;
/// use nninit::{Dtype, Layer, Rules};
///
/// let recipe = T5::new(512, 64);
/// let rules = Rules::of(recipe).layer("**.{q,k}.*", Layer::Linear).layer("**.relative_*.*", Layer::Embedding);
/// let blueprint = rules.blueprint([
///     ("encoder.block.0.q.weight", [512, 512], Dtype::F32),
///     ("encoder.block.0.k.weight", [512, 512], Dtype::F32),
///     ("encoder.block.0.relative_attention_bias.weight", [32, 8], Dtype::F32),
/// ])?;
/// let law = |index: usize| blueprint.entries()[index].steps()[0].law().unwrap().to_string();
/// assert_eq!([law(0), law(1), law(2)], ["N(0, 0.005524²)", "N(0, 0.04419²)", "N(0, 0.04419²)"]);
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct T5(Rows);

impl T5 {
    /// For a model of this width, with heads of width `d_kv`.
    #[must_use]
    pub fn new(d_model: u32, d_kv: u32) -> Self {
        let head = f64::from(d_kv.max(1));
        let query = of_part(move |part| normal_linear((inputs(part) * head).powf(-0.5)));
        let std = f64::from(d_model.max(1)).powf(-0.5);
        let positions = recipe! { Embedding(normal, std = std) };
        let linear = of_part(|part| normal_linear(inputs(part).powf(-0.5)));
        Self(
            Rows::new()
                .named("query", &["q"], query)
                .named("positions", &["relative_attention_bias"], positions)
                .rest(recipe!(Embedding(normal)))
                .rest(linear),
        )
    }

    /// For a model whose `lm_head` has a weight of its own.
    #[must_use]
    pub fn untied(self) -> Self {
        Self(self.0.first_named("head", &["lm_head"], normal_linear(1.0)))
    }

    /// The name of the layer that makes queries. Default `q`; it has to be there.
    #[must_use]
    pub fn query(self, name: impl Into<String>) -> Self {
        Self(self.0.rename("query", [name]))
    }

    /// The name of the embedding of relative positions. Default `relative_attention_bias`; it has to be there.
    #[must_use]
    pub fn positions(self, name: impl Into<String>) -> Self {
        Self(self.0.rename("positions", [name]))
    }
}

by_rows!(T5);
