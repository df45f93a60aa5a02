//! GPT-NeoX.

use super::rows::{RESIDUAL, Rows, by_rows, normal_linear};
use crate::{depth, recipe};

/// GPT-NeoX-20B, as Black et al., *GPT-NeoX-20B: An open-source autoregressive language model* (2022), start it: its
/// `small_init` beside `wang_init`.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `attention.dense`, `mlp.dense_4h_to_h` | N(0, (2 / (layers · √width))²) | 0 |
/// | Linear, Embedding | N(0, 2 / (5 · width)) | 0 |
///
/// The width is the model's for every matrix, also where a matrix has four times as many inputs. Hugging Face's
/// `GPTNeoXModel` starts at N(0, 0.02²) everywhere instead, as [`Llama::hugging_face`](super::Llama::hugging_face)
/// does; litgpt and TinyLlama take half of `wang_init` under its name. The layers that write into the residual stream
/// are told by their names, and a name that no layer has is an error. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::recipes::GptNeoX;
/// use nninit::{Dtype, Rules};
///
/// let blueprint = Rules::of(GptNeoX::new(24, 1024).residual(["dense"])).blueprint([
///     ("layers.0.dense.weight", vec![1024, 1024], Dtype::F32),
///     ("layers.0.dense.bias", vec![1024], Dtype::F32),
/// ])?;
/// assert_eq!(blueprint.entries()[0].steps()[0].law().unwrap().to_string(), "N(0, 0.002604²)");
/// # Ok::<(), nninit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GptNeoX(Rows);

impl GptNeoX {
    /// For a model of this many layers and of this width.
    #[must_use]
    pub fn new(layers: u32, width: u32) -> Self {
        let residual = normal_linear(depth::wang(layers, width));
        let rest = recipe! {
            Linear(weight(small_init, dim = i64::from(width)), bias(zeros)),
            Embedding(small_init, dim = i64::from(width)),
        };
        let names = ["attention.dense", "mlp.dense_4h_to_h"];
        Self(Rows::new().named(RESIDUAL, &names, residual).rest(rest))
    }

    /// The names of the layers that write into the residual stream, ends of their paths. Default `attention.dense` and
    /// `mlp.dense_4h_to_h`; each has to be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }
}

by_rows!(GptNeoX);
