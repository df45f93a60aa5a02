//! `variance_scaling`: the scheme of JAX and Keras that the others are cases of.

use nninit_language::choices::DISTRIBUTIONS;

use super::choice::choice;
use super::{Label, follows, positive};
use crate::{BoxError, FanMode, Initializer, Law, Target};

/// Variance scaling. Started by [`variance_scaling`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceScaling {
    scale: f64,
    mode: FanMode,
    distribution: ScalingDistribution,
}

/// The distribution that [`variance_scaling`] draws from.
///
/// By Keras' names. Plain `normal` is none of them: it is cut in Keras, and in JAX it is not.
///
/// ```
/// use nninit::ScalingDistribution;
///
/// assert_eq!("untruncated_normal".parse(), Ok(ScalingDistribution::UntruncatedNormal));
/// assert!("normal".parse::<ScalingDistribution>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ScalingDistribution {
    /// A normal distribution, cut at two standard deviations and widened so that what remains has the variance. JAX has
    /// it under the same name.
    #[default]
    TruncatedNormal,
    /// A normal distribution; JAX's `normal`.
    UntruncatedNormal,
    /// A uniform distribution around 0.
    Uniform,
}

impl ScalingDistribution {
    /// Every distribution, in the order of the documentation.
    pub const ALL: [Self; 3] = [
        Self::TruncatedNormal,
        Self::UntruncatedNormal,
        Self::Uniform,
    ];
}

choice!(
    ScalingDistribution,
    DISTRIBUTIONS,
    ParseScalingDistributionError
);

/// A text that names no [`ScalingDistribution`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseScalingDistributionError {
    message: String,
}

/// Values of mean 0 and variance `scale / fan`.
///
/// Parameters: `scale = 1` (above 0), a factor of the variance; `mode = "fan_in"`, see [`FanMode`];
/// `distribution = "truncated_normal"`, see [`ScalingDistribution`]. Two dimensions or more. As
/// [`keras.initializers.VarianceScaling`](https://keras.io/api/layers/initializers/#variancescaling-class) and
/// [`jax.nn.initializers.variance_scaling`](https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers.variance_scaling.html),
/// whose initialisers of other names are this one:
///
/// | in Keras and JAX | here |
/// |---|---|
/// | `lecun_normal` | `variance_scaling` |
/// | `lecun_uniform` | `lecun_uniform` |
/// | `he_normal` | `variance_scaling, scale = 2` |
/// | `he_uniform` | `kaiming_uniform` |
/// | `glorot_normal` | `variance_scaling, mode = "fan_avg"` |
/// | `glorot_uniform` | `xavier_uniform` |
///
/// `scale` is the scheme's own parameter here, and not the modifier of that name, which would multiply the values.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::variance_scaling().scale(2.0).law(&Target::of_shape(&[10, 200]))?;
/// assert_eq!(law.to_string(), "N(0, 0.1137²) on [-0.2274, 0.2274]"); // of standard deviation 0.1
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn variance_scaling() -> VarianceScaling {
    VarianceScaling {
        scale: 1.0,
        mode: FanMode::FanIn,
        distribution: ScalingDistribution::TruncatedNormal,
    }
}

impl VarianceScaling {
    /// Factor of the variance, above 0. Default 1.
    #[must_use]
    pub const fn scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Which fan to divide by. Default [`FanMode::FanIn`].
    #[must_use]
    pub const fn mode(self, mode: FanMode) -> Self {
        Self { mode, ..self }
    }

    /// What to draw from. Default [`ScalingDistribution::TruncatedNormal`].
    #[must_use]
    pub const fn distribution(self, distribution: ScalingDistribution) -> Self {
        Self {
            distribution,
            ..self
        }
    }
}

impl Initializer for VarianceScaling {
    fn label(&self) -> String {
        Label::new("variance_scaling")
            .parameter("scale", self.scale, 1.0)
            .parameter("mode", self.mode.name(), "fan_in")
            .parameter("distribution", self.distribution.name(), "truncated_normal")
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        /// The standard deviation of N(0, 1) on [-2, 2].
        const WITHIN_TWO: f64 = 0.879_625_661_034_239_8;
        let variance = positive("scale", self.scale)? / target.fan_if_any(self.mode)?;
        Ok(match self.distribution {
            ScalingDistribution::TruncatedNormal => {
                let std = variance.sqrt() / WITHIN_TWO;
                Law::trunc_normal(0.0, std, -2.0 * std, 2.0 * std)
            }
            ScalingDistribution::UntruncatedNormal => Law::normal(0.0, variance.sqrt()),
            ScalingDistribution::Uniform => {
                let bound = follows("scale", self.scale, (3.0 * variance).sqrt())?;
                target.uniform_within(bound)?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cause;

    const SHAPE: [i64; 2] = [24, 8];

    fn law(scheme: VarianceScaling) -> Law {
        scheme.law(&Target::of_shape(&SHAPE)).unwrap()
    }

    /// What keras 3.15.1 and jax draw from for these fans: 8 in, 24 out.
    #[test]
    fn keras_and_jax_s_laws() {
        let std = (1.0_f64 / 8.0).sqrt() / 0.879_625_661_034_239_8;
        assert_eq!(
            law(variance_scaling()),
            Law::trunc_normal(0.0, std, -2.0 * std, 2.0 * std)
        );
        assert_eq!(std, 0.401_936_194_286_982_7);
        let untruncated = variance_scaling().distribution(ScalingDistribution::UntruncatedNormal);
        assert_eq!(law(untruncated.scale(2.0)), Law::normal(0.0, 0.5));
        assert_eq!(
            law(untruncated.scale(4.0).mode(FanMode::FanAvg)),
            Law::normal(0.0, 0.5)
        );
        assert_eq!(
            law(untruncated.scale(6.0).mode(FanMode::FanOut)),
            Law::normal(0.0, 0.5)
        );
        let uniform = variance_scaling().distribution(ScalingDistribution::Uniform);
        let bound = (3.0_f64 / 8.0).sqrt();
        assert_eq!(law(uniform), Law::uniform(-bound, bound));
    }

    #[test]
    fn a_variance_is_above_zero() {
        let target = Target::of_shape(&SHAPE);
        let refused = |scale| {
            variance_scaling()
                .scale(scale)
                .law(&target)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(refused(0.0), "`scale` is 0; it must be above 0");
        assert_eq!(refused(-1.0), "`scale` is -1; it must be above 0");
        assert_eq!(refused(f64::INFINITY), "`scale` is inf; it must be finite");
        let error = variance_scaling().law(&Target::of_shape(&[8])).unwrap_err();
        let cause = Cause::FanNeedsTwoDimensions { ndim: 1 };
        assert_eq!(error.to_string(), cause.to_string());
    }
}
