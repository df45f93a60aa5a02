use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Biases of the time steps of state-space layers. Started by [`dt_bias`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DtBias {
    dt_min: f64,
    dt_max: f64,
    floor: f64,
}

/// The bias whose softplus is a log-uniform time step: `softplus⁻¹(max(dt, floor))` with
/// `dt = exp(U(ln dt_min, ln dt_max))` and `softplus⁻¹(x) = x + ln(−expm1(−x))`.
///
/// Parameters: `dt_min = 0.001`, `dt_max = 0.1`, `floor = 0.0001`, all above 0. Any shape. With a floor above `dt_min`
/// the smaller steps all are that floor. Computed in f64 and rounded once. The `dt_bias` of Mamba-2 and Gated DeltaNet
/// and the bias of Mamba-1's `dt_proj`: Gu & Dao, *Mamba* (2023), as
/// [`mamba_ssm`](https://github.com/state-spaces/mamba) has it.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::dt_bias().law(&Target::of_shape(&[24]))?;
/// assert_eq!(law.to_string(), "softplus⁻¹(log-uniform(0.001, 0.1))");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn dt_bias() -> DtBias {
    DtBias {
        dt_min: 0.001,
        dt_max: 0.1,
        floor: 0.0001,
    }
}

impl DtBias {
    /// Least time step, above 0. Default 0.001.
    #[must_use]
    pub const fn dt_min(self, dt_min: f64) -> Self {
        Self { dt_min, ..self }
    }

    /// Greatest time step. Default 0.1.
    #[must_use]
    pub const fn dt_max(self, dt_max: f64) -> Self {
        Self { dt_max, ..self }
    }

    /// What smaller steps are raised to, above 0. Default 0.0001.
    #[must_use]
    pub const fn floor(self, floor: f64) -> Self {
        Self { floor, ..self }
    }
}

impl Initializer for DtBias {
    fn label(&self) -> String {
        Label::new("dt_bias")
            .parameter("dt_min", self.dt_min, 0.001)
            .parameter("dt_max", self.dt_max, 0.1)
            .parameter("floor", self.floor, 0.0001)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        let (low, high) = (self.dt_min, self.dt_max);
        Ok(Law::softplus_inverse(low, high, self.floor))
    }
}
