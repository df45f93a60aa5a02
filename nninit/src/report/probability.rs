//! How probable the values of a law are.

use std::f64::consts::{FRAC_PI_2, SQRT_2};

use libm::{erfc, exp, log, log1p};

use super::lattice::Lattice;
use crate::{Dtype, Elementwise};

impl Elementwise {
    /// The probability of a value below `x`.
    pub(super) fn below(self, x: f64) -> f64 {
        match self {
            Self::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Normal { mean, std } => normal_below((x - mean) / std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => truncated_below((x - mean) / std, (low - mean) / std, (high - mean) / std),
            Self::LogUniform { .. } | Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                self.shares(x).0
            }
        }
    }

    /// The probability of a value above `x`, small ones to all their digits.
    pub(super) fn above(self, x: f64) -> f64 {
        match self {
            Self::Uniform { low, high } => ((high - x) / (high - low)).clamp(0.0, 1.0),
            Self::Normal { mean, std } => normal_below((mean - x) / std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => truncated_below((mean - x) / std, (mean - high) / std, (mean - low) / std),
            Self::LogUniform { .. } | Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                self.shares(x).1
            }
        }
    }

    /// What lies below and above `x` of a law that is a function of a uniform: the inverse leads back to that.
    fn shares(self, x: f64) -> (f64, f64) {
        match self {
            Self::LogUniform { low, high } if x > 0.0 => between(log(low), log(x), log(high)),
            Self::LnUniform { low, high, factor } => {
                turned(factor, between(low, exp(x / factor), high))
            }
            Self::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            } => match softplus(x / factor) {
                lower if lower < floor => turned(factor, (0.0, 1.0)),
                x => turned(factor, between(log(low), log(x), log(high))),
            },
            Self::Uniform { .. }
            | Self::Normal { .. }
            | Self::TruncNormal { .. }
            | Self::LogUniform { .. } => (0.0, 1.0),
        }
    }

    /// Where nearly all values lie.
    pub(super) fn reach(self) -> (f64, f64) {
        /// Standard deviations.
        const REACH: f64 = 5.0;
        /// Lengths of a tail far out, which falls like e⁻ˣ.
        const LENGTHS: f64 = 16.0;
        match self {
            Self::Uniform { .. }
            | Self::LogUniform { .. }
            | Self::LnUniform { .. }
            | Self::SoftplusInverse { .. } => self.range(),
            Self::Normal { mean, std } => (mean - REACH * std, mean + REACH * std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                let (alpha, beta) = ((low - mean) / std, (high - mean) / std);
                if alpha > 1.0 {
                    (low, high.min(low + LENGTHS / alpha * std))
                } else if beta < -1.0 {
                    (low.max(high + LENGTHS / beta * std), high)
                } else {
                    (low.max(mean - REACH * std), high.min(mean + REACH * std))
                }
            }
        }
    }

    /// A bound on the probability of any single value of a kind.
    pub(super) fn one_value(self, dtype: Dtype) -> f64 {
        const POINTS: u32 = 64;
        let lattice = Lattice::of(dtype);
        let (low, high) = self.reach();
        let chance = |point: u32| {
            let x = low + (high - low) * f64::from(point) / f64::from(POINTS);
            let half = lattice.spacing(x);
            self.below(x + half) - self.below(x - half)
        };
        let most = (0..=POINTS).map(chance).fold(0.0, f64::max);
        let draws = if dtype == Dtype::F64 { -48 } else { -31 };
        let most = most.max(self.atom());
        // Between two points it may be a little more, and no draw has more bits than these.
        (2.0 * most).clamp(2.0_f64.powi(draws), 1.0)
    }

    /// The probability of the one value that many draws are raised to.
    fn atom(self) -> f64 {
        match self {
            Self::SoftplusInverse {
                low, high, floor, ..
            } => between(log(low), log(floor), log(high)).0,
            Self::Uniform { .. }
            | Self::Normal { .. }
            | Self::TruncNormal { .. }
            | Self::LogUniform { .. }
            | Self::LnUniform { .. } => 0.0,
        }
    }

    pub(super) fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::Uniform { low, high } | Self::TruncNormal { low, high, .. } => Some((low, high)),
            Self::LogUniform { .. } | Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                Some(self.range())
            }
            Self::Normal { .. } => None,
        }
    }

    /// By how much the arithmetic of a draw near `x` may be off, without the rounding to the kind.
    pub(super) fn error(self, dtype: Dtype, x: f64) -> f64 {
        let place = match dtype {
            Dtype::F64 => f64::EPSILON,
            _ => f64::from(f32::EPSILON),
        };
        // Short kinds are rounded from f32.
        let rounded = match dtype {
            Dtype::F16 | Dtype::BF16 => place * x.abs() / 2.0,
            _ => 0.0,
        };
        rounded
            + match self {
                Self::Uniform { low, high } => {
                    // A draw that would round to the upper bound becomes the number before it.
                    let last = Lattice::of(dtype).spacing(high);
                    let held = if high - x < 2.0 * last { last } else { 0.0 };
                    held + place * ((high - low) + low.abs().max(high.abs()) / 2.0)
                }
                Self::Normal { mean, std } => {
                    place * (8.0 * (x - mean).abs() + std + mean.abs() / 2.0)
                }
                Self::TruncNormal { std, low, high, .. } => {
                    place * (32.0 * std.min(high - low) + x.abs())
                }
                Self::LogUniform { low, high } => place * (log(high / low) + 8.0) * x.abs(),
                Self::LnUniform { low, high, factor } => {
                    let slope = factor.abs() / exp(x / factor).clamp(low, high);
                    place * (slope * (high - low) + 4.0 * factor.abs() + 4.0 * x.abs())
                }
                Self::SoftplusInverse {
                    low, high, factor, ..
                } => {
                    // The slope is x over 1 − exp(−x), which is x + 1 at most.
                    let of_argument = (softplus(x / factor) + 1.0) * (log(high / low) + 8.0);
                    place * (factor.abs() * (of_argument + 4.0) + 4.0 * x.abs())
                }
            }
    }

    /// Why the values cannot be told from those of other laws, where they cannot: the law is narrower than the digits
    /// of the kind.
    pub(super) fn is_too_narrow(self, dtype: Dtype) -> bool {
        let (low, high) = self.reach();
        let width = match self {
            Self::Uniform { .. }
            | Self::LogUniform { .. }
            | Self::LnUniform { .. }
            | Self::SoftplusInverse { .. } => high - low,
            Self::Normal { std, .. } | Self::TruncNormal { std, .. } => std.min(high - low),
        };
        let least = match dtype {
            Dtype::F64 => f64::MIN_POSITIVE * 2.0_f64.powi(60),
            _ => f64::from(f32::MIN_POSITIVE) * 2.0_f64.powi(30),
        };
        width < least
    }
}

fn normal_below(z: f64) -> f64 {
    erfc(-z / SQRT_2) / 2.0
}

/// Which share of the way from `low` to `high` lies before `x`, and which after.
fn between(low: f64, x: f64, high: f64) -> (f64, f64) {
    let width = high - low;
    (
        ((x - low) / width).clamp(0.0, 1.0),
        ((high - x) / width).clamp(0.0, 1.0),
    )
}

/// Multiplied by a negative factor, what was below is above.
fn turned(factor: f64, (below, above): (f64, f64)) -> (f64, f64) {
    if factor < 0.0 {
        (above, below)
    } else {
        (below, above)
    }
}

fn softplus(y: f64) -> f64 {
    y.max(0.0) + log1p(exp(-y.abs()))
}

/// The probability of a normal deviate below `z`, given that it lies in [`low`, `high`].
fn truncated_below(z: f64, low: f64, high: f64) -> f64 {
    /// Shorter than this, measured in lengths over which the density changes, an interval is integrated.
    const SHORT: f64 = 0.1;
    if z <= low {
        return 0.0;
    }
    if z >= high {
        return 1.0;
    }
    if low + high < 0.0 {
        // Mirrored, so that no small number is a difference of large ones.
        return 1.0 - truncated_below(-z, -high, -low);
    }
    if (high - low) * high.max(1.0) < SHORT {
        return mass_from(low, z) / mass_from(low, high);
    }
    if low > 1.0 {
        let beyond = |z: f64| mills(z) * exp((low - z) * (low + z) / 2.0);
        return (mills(low) - beyond(z)) / (mills(low) - beyond(high));
    }
    (normal_below(z) - normal_below(low)) / (normal_below(high) - normal_below(low))
}

/// The mass between `low` and `z` over the density at `low`, by Gauss and Legendre's rule of three points.
fn mass_from(low: f64, z: f64) -> f64 {
    const OFF: f64 = 0.774_596_669_241_483_4;
    let (half, middle) = ((z - low) / 2.0, low + (z - low) / 2.0);
    let density = |t: f64| exp((low - t) * (low + t) / 2.0);
    let sides = density(middle - OFF * half) + density(middle + OFF * half);
    half * (5.0 * sides + 8.0 * density(middle)) / 9.0
}

/// Mills' ratio: the mass beyond `z` over the density there, for `z` of 1 and more.
fn mills(z: f64) -> f64 {
    /// From here on the asymptotic series is exact to 10⁻⁹, and erfc comes near the end of f64.
    const FAR: f64 = 20.0;
    if z < FAR {
        return FRAC_PI_2.sqrt() * exp(z * z / 2.0) * erfc(z / SQRT_2);
    }
    let s = 1.0 / (z * z);
    (1.0 - s * (1.0 - 3.0 * s * (1.0 - 5.0 * s * (1.0 - 7.0 * s)))) / z
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1e-300), "{a} {b}");
    }

    #[test]
    fn probabilities_below() {
        close(normal_below(-1.0), 0.158_655_253_931_457_05);
        let uniform = Elementwise::Uniform {
            low: -1.0,
            high: 3.0,
        };
        close(uniform.below(0.0), 0.25);
        close(uniform.above(0.0), 0.75);
        // Symmetric, and from one side only.
        close(truncated_below(0.0, -2.0, 2.0), 0.5);
        close(truncated_below(0.0, f64::NEG_INFINITY, f64::INFINITY), 0.5);
        let half =
            (normal_below(2.0) - normal_below(1.0)) / (normal_below(3.0) - normal_below(1.0));
        close(truncated_below(2.0, 1.0, 3.0), half);
        close(1.0 - truncated_below(-2.0, -3.0, -1.0), half);
        // Far out, where the law is all but exponential; by Simpson's rule.
        close(truncated_below(10.05, 10.0, 11.0), 0.397_193_731_841_267);
        // Half of the half-normal law lies below the upper quartile.
        let quartile = 0.674_489_750_196_081_7;
        close(truncated_below(quartile, 0.0, f64::INFINITY), 0.5);
    }

    #[test]
    fn the_inverse_leads_back_to_a_uniform() {
        let log_uniform = Elementwise::LogUniform {
            low: 1e-3,
            high: 0.1,
        };
        close(log_uniform.below(0.01), 0.5);
        // Just below a bound that is a power of two, so that the distance to it is exact.
        let near = 2.0_f64.powi(-30);
        let to_an_eighth = Elementwise::LogUniform {
            low: 1.25e-3,
            high: 0.125,
        };
        close(
            to_an_eighth.above(0.125 * (1.0 - near)),
            (near + near * near / 2.0) / log(100.0),
        );
        assert_eq!(
            (log_uniform.below(-1.0), log_uniform.above(-1.0)),
            (0.0, 1.0)
        );
        let ln_uniform = |factor| Elementwise::LnUniform {
            low: 1.0,
            high: 16.0,
            factor,
        };
        close(ln_uniform(1.0).below(log(4.0)), 0.2);
        close(ln_uniform(-2.0).below(-2.0 * log(4.0)), 0.8);
        let raised = Elementwise::SoftplusInverse {
            low: 1e-3,
            high: 0.1,
            floor: 2e-3,
            factor: 1.0,
        };
        close(raised.below(-4.600_166_019_324_897), 0.5);
        assert_eq!((raised.below(-6.3), raised.above(-6.3)), (0.0, 1.0));
        close(raised.atom(), log(2.0) / log(100.0));
    }

    #[test]
    fn a_law_that_is_cut_short_is_all_but_uniform() {
        let law = Elementwise::TruncNormal {
            mean: 0.0,
            std: 1e15,
            low: -1.0,
            high: 1.0,
        };
        close(law.below(0.5), 0.75);
        // Where the difference of two tails still has its digits.
        let tails =
            (normal_below(-2.0) - normal_below(-2.01)) / (normal_below(-2.0) - normal_below(-2.04));
        close(truncated_below(2.01, 2.0, 2.04), tails);
    }
}
