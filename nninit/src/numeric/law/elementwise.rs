//! Laws whose every element is drawn by itself, from one random number.

use std::f64::consts::SQRT_2;

use crate::Dtype;
use crate::numeric::elementary::logarithm::ln;
use crate::numeric::elementary::softplus::softplus_inverse;

/// A law whose elements are drawn by themselves, each from the same distribution.
///
/// [`Law::Elementwise`](crate::Law::Elementwise) holds it. Plans, samplers and checks all know this one list.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Elementwise {
    /// Uniform on `[low, high)`; with `low = high` every element is that number.
    Uniform {
        /// Lower bound, included.
        low: f64,
        /// Upper bound, not included in f64 and f32.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, 0 or more.
        std: f64,
    },
    /// Normal with what falls outside `[low, high]` cut off.
    TruncNormal {
        /// Mean of the normal before it is cut.
        mean: f64,
        /// Standard deviation of the normal before it is cut, 0 or more.
        std: f64,
        /// Lower bound, absolute (not in standard deviations); −∞ cuts nothing.
        low: f64,
        /// Upper bound, absolute; ∞ cuts nothing.
        high: f64,
    },
    /// exp of a uniform: equally likely in every factor of the interval.
    LogUniform {
        /// Lower bound, above 0.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// `factor` · ln of a uniform on `[low, high]`.
    LnUniform {
        /// Lower bound of what the logarithm is taken of, above 0.
        low: f64,
        /// Upper bound of what the logarithm is taken of.
        high: f64,
        /// What the logarithm is multiplied by.
        factor: f64,
    },
    /// `factor` · softplus⁻¹(max(x, `floor`)), where x is log-uniform on `[low, high]` and
    /// softplus⁻¹(x) = x + ln(−expm1(−x)).
    SoftplusInverse {
        /// Lower bound of x, above 0.
        low: f64,
        /// Upper bound of x.
        high: f64,
        /// What x is raised to.
        floor: f64,
        /// What the result is multiplied by.
        factor: f64,
    },
}

impl Elementwise {
    /// No draw lies further from the mean than this many standard deviations: 64-bit draws end at 9.49.
    pub(crate) const REACH: f64 = 9.5;

    /// The value of every element, where all are equal.
    pub(crate) fn only_value(&self) -> Option<f64> {
        match *self {
            Self::Uniform { low, high } | Self::LogUniform { low, high } => {
                (low == high).then_some(low)
            }
            Self::Normal { mean, std } => (std == 0.0).then_some(mean),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => (std == 0.0 || low == high).then(|| mean.clamp(low, high)),
            Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                let (least, greatest) = self.range();
                (least == greatest).then_some(least)
            }
        }
    }

    /// The least and the greatest number that a draw can be.
    pub(crate) fn range(&self) -> (f64, f64) {
        self.within(Self::REACH)
    }

    /// Where draws lie that are at most `deviations` standard deviations from the mean (from the nearer bound, where
    /// the mean is cut off); for laws without a mean, where they all lie.
    pub(crate) fn within(&self, deviations: f64) -> (f64, f64) {
        match *self {
            Self::Uniform { low, high } | Self::LogUniform { low, high } => (low, high),
            Self::LnUniform { low, high, factor } => in_order(factor * ln(low), factor * ln(high)),
            Self::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            } => in_order(
                factor * softplus_inverse(low.max(floor)),
                factor * softplus_inverse(high.max(floor)),
            ),
            Self::Normal { mean, std } => (mean - deviations * std, mean + deviations * std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                let centre = mean.clamp(low, high);
                (
                    low.max(centre - deviations * std),
                    high.min(centre + deviations * std),
                )
            }
        }
    }

    /// The forget gate's biases for dependencies of at most `max` steps.
    pub(crate) fn chrono(max: i64, factor: f64) -> Self {
        let (low, high) = (1.0, (max - 1) as f64);
        Self::LnUniform { low, high, factor }
    }

    /// The law of the real numbers that elements of `dtype` are made of. Of a complex number PyTorch draws both parts
    /// by themselves, those of a normal with half of its variance each.
    pub(crate) fn of_parts(self, dtype: Dtype) -> Self {
        match self {
            Self::Normal { mean, std } if dtype.is_complex() => Self::Normal {
                mean,
                std: std / SQRT_2,
            },
            law => law,
        }
    }

    /// A number that a draw can be, between the least and the greatest.
    pub(super) fn middle(&self) -> f64 {
        match *self {
            Self::Normal { mean, .. } => mean,
            Self::TruncNormal {
                mean, low, high, ..
            } => mean.clamp(low, high),
            Self::LogUniform { low, high } => low.sqrt() * high.sqrt(),
            Self::Uniform { .. } | Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                let (least, greatest) = self.range();
                least + (greatest - least) / 2.0
            }
        }
    }

    /// The law of `factor`, 0 or more, times a value of this one.
    pub(super) fn scaled(self, factor: f64) -> Self {
        match self {
            Self::Uniform { low, high } => Self::Uniform {
                low: low * factor,
                high: high * factor,
            },
            Self::Normal { mean, std } => Self::Normal {
                mean: mean * factor,
                std: std * factor,
            },
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => Self::TruncNormal {
                mean: mean * factor,
                std: std * factor,
                low: scaled_bound(low, factor),
                high: scaled_bound(high, factor),
            },
            Self::LogUniform { low, high } => Self::LogUniform {
                low: low * factor,
                high: high * factor,
            },
            Self::LnUniform {
                low,
                high,
                factor: before,
            } => Self::LnUniform {
                low,
                high,
                factor: before * factor,
            },
            Self::SoftplusInverse {
                low,
                high,
                floor,
                factor: before,
            } => Self::SoftplusInverse {
                low,
                high,
                floor,
                factor: before * factor,
            },
        }
    }
}

fn in_order(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

/// A bound that cuts nothing still cuts nothing, also of a law that is scaled to 0.
fn scaled_bound(bound: f64, factor: f64) -> f64 {
    if bound.is_infinite() {
        bound
    } else {
        bound * factor
    }
}
