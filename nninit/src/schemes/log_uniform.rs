use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Uniform in the logarithm. Started by [`log_uniform`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogUniform {
    low: f64,
    high: f64,
}

/// `exp(U(ln low, ln high))`: as many values from 0.001 to 0.01 as from 0.01 to 0.1.
///
/// Parameters: `low` and `high`, required, both above 0. Any shape. Values are computed in f64, by functions that give
/// the same bits on every machine, and rounded once. For time steps, temperatures and decays, whose magnitude is what
/// varies; Bergstra & Bengio, *Random search for hyper-parameter optimization* (2012).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::log_uniform(0.001, 0.1).law(&Target::of_shape(&[64]))?;
/// assert_eq!(law, Law::log_uniform(0.001, 0.1));
/// # Ok::<(), BoxError>(())
/// ```
///
/// A bound of 0 is an error of the plan, and for a literal one of the compiler.
#[must_use]
pub const fn log_uniform(low: f64, high: f64) -> LogUniform {
    LogUniform { low, high }
}

impl Initializer for LogUniform {
    fn label(&self) -> String {
        Label::new("log_uniform")
            .required("low", self.low)
            .required("high", self.high)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::log_uniform(self.low, self.high))
    }
}
