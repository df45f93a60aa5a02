//! Mamba.

use super::rows::{RESIDUAL, Rows, by_rows, inputs, of_part};
use crate::{depth, recipe};

/// Mamba, as Gu & Dao, *Mamba: Linear-time sequence modeling with selective state spaces* (2023), start it.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear named `out_proj` | `kaiming_uniform(a = √5)`, divided by √layers | 0 |
/// | Linear named `dt_proj` | U(±1 / √inputs) | `dt_bias`: softplus⁻¹ of a log-uniform step from 0.001 to 0.1 |
/// | Linear | PyTorch's | 0 |
/// | Embedding | N(0, 0.02²) | |
///
/// The state itself is tensors and not layers: declare them, `#[init(a_log_range)]` for `A_log` (`#[init(a_log)]`, ln
/// U(1, 16), in Mamba-2), `#[init(ones)]` for `D`; S4D's are `s4d_lin`, `s4d_inv` and `s4d_real`. In a model with
/// feed-forward parts, [`with_mlp`](Self::with_mlp), `fc2` writes into the residual stream too, and both are divided by
/// √(2 · layers). All other parts are [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::Initialize;
/// use nninit::recipes::Mamba;
/// use tch::{Tensor, nn};
///
/// #[derive(Initialize)]
/// struct Mixer {
///     in_proj: nn::Linear,
///     conv1d: nn::Conv1D,
///     dt_proj: nn::Linear,
///     #[init(a_log_range)]
///     a_log: Tensor,
///     #[init(ones)]
///     d: Tensor,
///     out_proj: nn::Linear,
/// }
///
/// #[derive(Initialize)]
/// #[init(recipe = Mamba::new(self.layers.len() as u32))]
/// struct Model {
///     embedding: nn::Embedding,
///     layers: Vec<Mixer>,
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Mamba(Rows);

const STEP: &str = "step";

impl Mamba {
    /// For a model of this many mixers.
    #[must_use]
    pub fn new(layers: u32) -> Self {
        Self::scaled(1.0 / depth::count(layers).sqrt(), &["out_proj"])
    }

    /// For a model of this many mixers, each with a feed-forward part whose last layer is `fc2`.
    #[must_use]
    pub fn with_mlp(layers: u32) -> Self {
        Self::scaled(depth::residual(layers), &["out_proj", "fc2"])
    }

    fn scaled(scale: f64, names: &[&str]) -> Self {
        let residual = recipe! {
            Linear(weight(kaiming_uniform, a = 5.0_f64.sqrt(), scale = scale), bias(zeros)),
        };
        let step = of_part(|part| {
            let bound = 1.0 / inputs(part).sqrt();
            recipe! { Linear(weight(uniform, a = -bound, b = bound), bias(dt_bias)) }
        });
        let rest = recipe! {
            Linear(bias(zeros)),
            Embedding(normal, std = 0.02),
        };
        Self(
            Rows::new()
                .named(RESIDUAL, names, residual)
                .named(STEP, &["dt_proj"], step)
                .rest(rest),
        )
    }

    /// The names of the layers that write into the residual stream; each has to be there.
    #[must_use]
    pub fn residual<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.rename(RESIDUAL, names))
    }

    /// The name of the layer that makes the steps. Default `dt_proj`; it has to be there.
    #[must_use]
    pub fn step(self, name: impl Into<String>) -> Self {
        Self(self.0.rename(STEP, [name]))
    }
}

by_rows!(Mamba);
