//! OLMo's ways to start one model.

use super::rows::{
    Gets, OUTPUT, RESIDUAL, Rows, by_rows, inputs, of_block, of_part, truncated_linear,
};
use crate::{depth, recipe};

/// OLMo, as OLMo-core starts it: five methods, by its own names.
///
/// | layer | [`normal`](Self::normal) | [`llama`](Self::llama) | [`llama_depth`](Self::llama_depth) | [`normalized`](Self::normalized) | [`fan_in`](Self::fan_in) |
/// |---|---|---|---|---|---|
/// | Embedding | T(0.02) | N(0, 1) | N(0, 1) | N(0, 1 / width) | N(0, 1) |
/// | Linear | T(0.02) | T(0.02) | T(0.02) | T(1 / √width) | T(1 / √inputs) |
/// | Linear named `attention.w_out`, `w2`, `w3` | | T(0.02 / √(2 · layers)) | T(0.02 / √(2 · (l + 1))) | `attention.w_out`, `w2`: T(1 / √(2 · layers · width)) | |
/// | Linear named `lm_head.w_out` | | T(1 / √inputs) | T(1 / √inputs) | | |
///
/// T(σ) is N(0, σ²), truncated at 3 of its own standard deviations; l is the index of the layer's block, the number
/// after `blocks` in its path. Biases are 0, all other parts [`TorchDefault`](super::TorchDefault)'s. In its mixtures
/// of experts OLMo-core scales the router and `w1` by depth as well, and `normalized` leaves them at T(0.02): declare
/// those.
///
/// ```
/// let recipe = nninit::recipes::Olmo::llama(32).residual(["o_proj", "down_proj", "up_proj"]).output("lm_head");
/// ```
#[derive(Debug, Clone)]
pub struct Olmo(Rows);

impl Olmo {
    /// `normal`: N(0, 0.02²), truncated, everywhere.
    #[must_use]
    pub fn normal() -> Self {
        let rest = recipe! {
            Linear(weight(trunc_normal, std = 0.02, cut = 3.0), bias(zeros)),
            Embedding(trunc_normal, std = 0.02, cut = 3.0),
        };
        Self(Rows::new().in_blocks("blocks").rest(rest))
    }

    /// `llama`: what writes into the residual stream is smaller by the number of all layers.
    #[must_use]
    pub fn llama(layers: u32) -> Self {
        Self::like_llama(truncated_linear(0.02 / depth::root_of_writes(layers)))
    }

    /// `llama_depth`: what writes into the residual stream is smaller by the index of its layer.
    #[must_use]
    pub fn llama_depth() -> Self {
        Self::like_llama(of_block(|block| {
            truncated_linear(0.02 * depth::per_layer(block))
        }))
    }

    fn like_llama(residual: impl Into<Gets>) -> Self {
        let output = of_part(|part| truncated_linear(1.0 / inputs(part).sqrt()));
        let rest = recipe! {
            Linear(weight(trunc_normal, std = 0.02, cut = 3.0), bias(zeros)),
            Embedding(normal),
        };
        Self(
            Rows::new()
                .in_blocks("blocks")
                .named(RESIDUAL, &["attention.w_out", "w2", "w3"], residual)
                .named(OUTPUT, &["lm_head.w_out"], output)
                .rest(rest),
        )
    }

    /// `normalized`: nGPT, Loshchilov et al., *Normalized transformer with representation learning on the hypersphere*
    /// (2024), of a model of this width.
    #[must_use]
    pub fn normalized(width: u32, layers: u32) -> Self {
        let std = 1.0 / f64::from(width.max(1)).sqrt();
        let residual = truncated_linear(std / depth::root_of_writes(layers));
        let rest = recipe! {
            Linear(weight(trunc_normal, std = std, cut = 3.0), bias(zeros)),
            Embedding(normal, std = std),
        };
        Self(
            Rows::new()
                .in_blocks("blocks")
                .named(RESIDUAL, &["attention.w_out", "w2"], residual)
                .rest(rest),
        )
    }

    /// `fan_in`: each Linear by the number of its inputs, and nothing by depth.
    #[must_use]
    pub fn fan_in() -> Self {
        let linears = of_part(|part| truncated_linear(1.0 / inputs(part).sqrt()));
        let embedding = recipe!(Embedding(normal));
        Self(
            Rows::new()
                .in_blocks("blocks")
                .rest(embedding)
                .rest(linears),
        )
    }

    /// The names of the layers that write into the residual stream, ends of their paths; each has to be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }

    /// The name of the layer that gives the logits. Default `lm_head.w_out`; it has to be there for
    /// [`llama`](Self::llama) and [`llama_depth`](Self::llama_depth).
    #[must_use]
    pub fn output(self, name: impl Into<String>) -> Self {
        Self(self.0.rename(OUTPUT, [name]))
    }

    /// The field in which the blocks are. Default `blocks`.
    #[must_use]
    pub fn blocks(self, field: impl Into<String>) -> Self {
        Self(self.0.in_blocks(field))
    }
}

by_rows!(Olmo);
