//! Llama, as torchtitan and Hugging Face start it.

use super::rows::{
    OUTPUT, RESIDUAL, Rows, by_rows, inputs, normal_everywhere, of_block, of_part, truncated_linear,
};
use crate::depth::per_layer;
use crate::recipe;

/// Llama.
///
/// [`torchtitan`](Self::torchtitan) starts its Llama 3, and the models after it that it calls DeepSeek V3 and Qwen 3.5,
/// the smaller the deeper:
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `wo`, `w2`, `w3` | N(0, 0.02² / (2 · (l + 1))) on \[-2, 2\], l the index of its block | 0 |
/// | Linear named `output` | N(0, 1 / inputs), truncated at 3 standard deviations | 0 |
/// | Linear | N(0, 0.02²) on \[-2, 2\] | 0 |
/// | Embedding | N(0, 1) | |
///
/// The index of a block is the number after `layers` in the layer's path; [`blocks`](Self::blocks) says another field.
/// The bounds ±2 are 100 standard deviations, so nothing is cut off. `w3`, a gate's second input, is scaled beside `wo`
/// and `w2`, which write into the residual stream. Where the embedding is the output's weight too,
/// [`tied`](Self::tied) gives it the output's law.
///
/// [`hugging_face`](Self::hugging_face) is what `transformers` gives to `LlamaForCausalLM`: every Linear and Embedding
/// N(0, 0.02²), biases 0, and nothing by depth. All other parts, norms above all, are
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::recipes::Llama;
/// use nninit::{Dtype, Layer, Rules};
///
/// let recipe = Llama::torchtitan()
///     .residual(["o_proj", "down_proj", "up_proj"])
///     .output("lm_head");
/// let blueprint = Rules::of(recipe)
///     .layer("**.embed_tokens.*", Layer::Embedding)
///     .layer("**.{*_proj,lm_head}.*", Layer::Linear)
///     .blueprint([
///         ("model.embed_tokens.weight", [1000, 64], Dtype::BF16),
///         ("model.layers.0.self_attn.o_proj.weight", [64, 64], Dtype::BF16),
///         ("model.layers.0.mlp.up_proj.weight", [256, 64], Dtype::BF16),
///         ("model.layers.0.mlp.down_proj.weight", [64, 256], Dtype::BF16),
///         ("lm_head.weight", [1000, 64], Dtype::BF16),
///     ])?;
/// let law = blueprint.entries()[1].steps()[0].law().unwrap();
/// assert_eq!(law.to_string(), "N(0, 0.01414²) on [-2, 2]");
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Llama(Rows);

impl Llama {
    /// As torchtitan has it, by the index of each block.
    #[must_use]
    pub fn torchtitan() -> Self {
        let residual = of_block(|block| {
            let std = 0.02 * per_layer(block);
            recipe! { Linear(weight(trunc_normal, std = std), bias(zeros)) }
        });
        let output = of_part(|part| truncated_linear(1.0 / inputs(part).sqrt()));
        let rest = recipe! {
            Linear(weight(trunc_normal, std = 0.02), bias(zeros)),
            Embedding(normal),
        };
        Self(
            Rows::new()
                .named(RESIDUAL, &["wo", "w2", "w3"], residual)
                .named(OUTPUT, &["output"], output)
                .rest(rest),
        )
    }

    /// As Hugging Face has it: N(0, 0.02²) everywhere.
    #[must_use]
    pub fn hugging_face() -> Self {
        Self(Rows::new().rest(normal_everywhere(0.02)))
    }

    /// The names of the layers that are scaled by depth, ends of their paths. Default `wo`, `w2` and `w3`; each has to
    /// be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }

    /// The name of the layer that gives the logits. Default `output`; torchtitan calls it `lm_head` by now. It has to
    /// be there, unless it is [`tied`](Self::tied).
    #[must_use]
    pub fn output(self, name: impl Into<String>) -> Self {
        Self(self.0.rename(OUTPUT, [name]))
    }

    /// The field in which the blocks are. Default `layers`.
    #[must_use]
    pub fn blocks(self, field: impl Into<String>) -> Self {
        Self(self.0.in_blocks(field))
    }

    /// For a model whose output has the embedding's weight: the embedding gets the output's law.
    #[must_use]
    pub fn tied(self) -> Self {
        let embedding = of_part(|part| {
            let std = 1.0 / inputs(part).sqrt();
            recipe! { Embedding(trunc_normal, std = std, cut = 3.0) }
        });
        Self(self.0.without(OUTPUT).first(embedding))
    }
}

by_rows!(Llama);
