use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Decay rates of state-space layers, as logarithms. Started by [`a_log`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ALog {
    low: f64,
    high: f64,
}

/// `ln U(low, high)`: the `A_log` of Mamba-2, Gated DeltaNet and their like, which compute `A = -exp(A_log)`.
///
/// Parameters: `low = 1`, `high = 16`, both above 0. Any shape, mostly `[heads]`. Computed in f64 and rounded once,
/// whatever the parameter's kind. Code that draws U(0, 16) in bf16 and then takes the logarithm gets −∞ for one head in
/// 500, which is dead for ever; so `low` is never 0 here: what writes `low = 0` elsewhere wants `low = 0.01` (Qwen3.5)
/// or `low = 1e-4`. Dao & Gu, *Transformers are SSMs* (2024), as [`mamba_ssm`](https://github.com/state-spaces/mamba)'s
/// `Mamba2`.
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::a_log().law(&Target::of_shape(&[24]))?;
/// assert_eq!(law, Law::ln_uniform(1.0, 16.0));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn a_log() -> ALog {
    ALog {
        low: 1.0,
        high: 16.0,
    }
}

impl ALog {
    /// Least rate, above 0. Default 1.
    #[must_use]
    pub const fn low(self, low: f64) -> Self {
        Self { low, ..self }
    }

    /// Greatest rate. Default 16.
    #[must_use]
    pub const fn high(self, high: f64) -> Self {
        Self { high, ..self }
    }
}

impl Initializer for ALog {
    fn label(&self) -> String {
        Label::new("a_log")
            .parameter("low", self.low, 1.0)
            .parameter("high", self.high, 16.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::ln_uniform(self.low, self.high))
    }
}
