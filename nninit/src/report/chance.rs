//! How probable values as odd as these are under a law.
//!
//! Every bound holds for any number of values, not in the limit alone, so that a level of false alarms is kept for small
//! parameters too:
//!
//! | of | by |
//! |---|---|
//! | mean of a normal law | its own distribution |
//! | mean of the others, as probabilities | strictly sub-Gaussian (a uniform variable is) |
//! | spread of a normal law | Chernoff's bound for χ² |
//! | spread of the others, as probabilities | Bernstein's inequality |
//! | distribution | Dvoretzky, Kiefer & Wolfowitz' inequality with Massart's constant (1990), on a grid |
//! | the gap at either end | its own distribution |
//! | the outermost value of a normal law | a union bound |

use libm::erfc;

use crate::{Dtype, Law};

/// Steps of the grid on which distributions are compared.
const GRID: usize = 1024;

/// What is odd about values, and a bound on its probability.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) chance: f64,
    pub(super) what: String,
}

/// A law whose probabilities are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Known {
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        std: f64,
    },
    TruncNormal {
        mean: f64,
        std: f64,
        low: f64,
        high: f64,
    },
}

impl Known {
    /// `None` where the law is another one, or allows one value only.
    pub(super) fn of(law: &Law) -> Option<Self> {
        match *law {
            Law::Uniform { low, high } if low < high => Some(Self::Uniform { low, high }),
            Law::Normal { mean, std } if std > 0.0 => Some(Self::Normal { mean, std }),
            Law::TruncNormal {
                mean,
                std,
                low,
                high,
            } if std > 0.0 && low < high => Some(Self::TruncNormal {
                mean,
                std,
                low,
                high,
            }),
            _ => None,
        }
    }

    /// The probability of a value below `x`.
    fn below(self, x: f64) -> f64 {
        match self {
            Self::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Normal { mean, std } => normal_below((x - mean) / std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => truncated_below((x - mean) / std, (low - mean) / std, (high - mean) / std),
        }
    }

    fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::Uniform { low, high } | Self::TruncNormal { low, high, .. } => Some((low, high)),
            Self::Normal { .. } => None,
        }
    }
}

fn normal_below(z: f64) -> f64 {
    erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

fn truncated_below(z: f64, low: f64, high: f64) -> f64 {
    /// Beyond this many standard deviations probabilities are ratios of tails.
    const TAIL: f64 = 8.0;
    if z <= low {
        return 0.0;
    }
    if z >= high {
        return 1.0;
    }
    if low > TAIL {
        let beyond = |z: f64| tail_ratio(low, z);
        return (1.0 - beyond(z)) / (1.0 - beyond(high));
    }
    if high < -TAIL || (low > 0.0 && high > 0.0) {
        // Mirrored, so that no small number is a difference of large ones.
        return 1.0 - truncated_below(-z, -high, -low);
    }
    (normal_below(z) - normal_below(low)) / (normal_below(high) - normal_below(low))
}

/// The probability beyond `z` over that beyond `from`, for `z ≥ from` far out.
fn tail_ratio(from: f64, z: f64) -> f64 {
    // Mills' ratio by its asymptotic series, good to 10⁻⁶ from 8 on.
    let mills = |z: f64| {
        let s = 1.0 / (z * z);
        (1.0 - s * (1.0 - 3.0 * s * (1.0 - 5.0 * s * (1.0 - 7.0 * s)))) / z
    };
    mills(z) / mills(from) * ((from - z) * (from + z) / 2.0).exp()
}

/// Values of one law, as far as its tests need them.
#[derive(Debug)]
pub(super) struct Gauge {
    law: Known,
    dtype: Dtype,
    count: u64,
    not_finite: u64,
    outside: u64,
    min: f64,
    max: f64,
    /// Sums of the standardised values: of z for a normal law, of 2u − 1 for the others.
    sum: f64,
    squares: f64,
    /// Of the probabilities below the upper and the lower end of what rounds to each value.
    upper: Vec<u64>,
    lower: Vec<u64>,
}

impl Gauge {
    pub(super) fn new(law: Known, dtype: Dtype) -> Self {
        Self {
            law,
            dtype,
            count: 0,
            not_finite: 0,
            outside: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0.0,
            squares: 0.0,
            upper: vec![0; GRID],
            lower: if is_coarse(dtype) {
                vec![0; GRID]
            } else {
                Vec::new()
            },
        }
    }

    pub(super) fn see(&mut self, value: f64) {
        self.count += 1;
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        if let Some((low, high)) = self.law.bounds() {
            let within = nearest(self.dtype, low) <= value && value <= nearest(self.dtype, high);
            self.outside += u64::from(!within);
        }
        (self.min, self.max) = (self.min.min(value), self.max.max(value));
        let below = self.law.below(value);
        let standard = match self.law {
            Known::Normal { mean, std } => (value - mean) / std,
            _ => 2.0 * below - 1.0,
        };
        self.sum += standard;
        self.squares += standard * standard;
        let step = |below: f64| ((below * GRID as f64) as usize).min(GRID - 1);
        if is_coarse(self.dtype) {
            let (from, to) = cell(self.dtype, value);
            self.upper[step(self.law.below(to))] += 1;
            self.lower[step(self.law.below(from))] += 1;
        } else {
            self.upper[step(below)] += 1;
        }
    }

    /// Everything that is tested, each with its probability.
    pub(super) fn findings(&self) -> Vec<Finding> {
        if self.count == 0 {
            return Vec::new();
        }
        let finding = |chance: f64, what: String| Finding { chance, what };
        if self.not_finite > 0 {
            let what = format!(
                "{} of {} values are not finite",
                self.not_finite, self.count
            );
            return vec![finding(0.0, what)];
        }
        let n = self.count as f64;
        let mut findings = Vec::new();
        if let Some((low, high)) = self.law.bounds().filter(|_| self.outside > 0) {
            let what = format!(
                "{} of {} values are outside of [{low}, {high}]",
                self.outside, self.count
            );
            findings.push(finding(0.0, what));
        }
        if self.count > 1 && self.min == self.max {
            let what = format!("all {} values are {}", self.count, self.min);
            findings.push(finding(one_value(self.dtype).powf(n - 1.0), what));
        }
        findings.push(self.mean(n));
        findings.push(self.spread(n));
        findings.push(self.distribution(n));
        findings.extend(self.ends(n));
        findings
    }

    fn mean(&self, n: f64) -> Finding {
        let chance = match self.law {
            Known::Normal { .. } => erfc((self.sum.abs() / n.sqrt()) / std::f64::consts::SQRT_2),
            _ => 2.0 * (-1.5 * self.sum * self.sum / n).exp(),
        };
        let off = self.sum / n;
        let what = match self.law {
            Known::Normal { mean, std } => {
                format!(
                    "the mean is {:.4e} where {mean:.4e} is due",
                    mean + off * std
                )
            }
            _ => format!(
                "the values lie too {}",
                if off > 0.0 { "high" } else { "low" }
            ),
        };
        Finding { chance, what }
    }

    fn spread(&self, n: f64) -> Finding {
        match self.law {
            Known::Normal { std, .. } => {
                let t = self.squares / n;
                let chance = 2.0 * (-n / 2.0 * (t - 1.0 - t.ln())).exp();
                let what = format!(
                    "the standard deviation is {:.4e} where {std:.4e} is due",
                    std * t.sqrt()
                );
                Finding { chance, what }
            }
            _ => {
                let off = (self.squares - n / 3.0).abs();
                let variance = n * 4.0 / 45.0;
                let chance = 2.0 * (-off * off / (2.0 * (variance + off * 2.0 / 9.0))).exp();
                let wide = self.squares > n / 3.0;
                let what = format!(
                    "the values are too {}",
                    if wide { "wide" } else { "narrow" }
                );
                Finding { chance, what }
            }
        }
    }

    fn distribution(&self, n: f64) -> Finding {
        let lower = if self.lower.is_empty() {
            &self.upper
        } else {
            &self.lower
        };
        let (mut seen_upper, mut seen_lower, mut distance) = (0, 0, 0.0_f64);
        for step in 0..GRID {
            seen_upper += self.upper[step];
            seen_lower += lower[step];
            let due = (step + 1) as f64 / GRID as f64;
            distance = distance
                .max(seen_upper as f64 / n - due)
                .max(due - seen_lower as f64 / n);
        }
        Finding {
            chance: 2.0 * (-2.0 * n * distance * distance).exp(),
            what: format!("the distribution is another one, off by {distance:.3}"),
        }
    }

    fn ends(&self, n: f64) -> Vec<Finding> {
        let (from, to) = (cell(self.dtype, self.min).0, cell(self.dtype, self.max).1);
        let missing = |share: f64| (n * (-share).ln_1p()).exp();
        let mut findings = vec![
            Finding {
                chance: missing(self.law.below(from)),
                what: format!("no value lies below {:.4e}", self.min),
            },
            Finding {
                chance: missing(1.0 - self.law.below(to)),
                what: format!("no value lies above {:.4e}", self.max),
            },
        ];
        if let Known::Normal { mean, std } = self.law {
            let furthest = if self.max - mean > mean - self.min {
                self.max
            } else {
                self.min
            };
            let z = ((furthest - mean) / std).abs();
            findings.push(Finding {
                chance: n * erfc(z / std::f64::consts::SQRT_2),
                what: format!("{furthest:.4e} is {z:.1} standard deviations off"),
            });
        }
        findings
    }
}

/// The most likely single value of a kind has at most this probability, whatever the law.
fn one_value(dtype: Dtype) -> f64 {
    match dtype {
        Dtype::F64 => 2.0_f64.powi(-48),
        Dtype::BF16 => 2.0_f64.powi(-7),
        Dtype::F16 => 2.0_f64.powi(-10),
        _ => 2.0_f64.powi(-20),
    }
}

fn is_coarse(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::F16 | Dtype::BF16)
}

/// What rounds to `value`, and a little more.
fn cell(dtype: Dtype, value: f64) -> (f64, f64) {
    let half = match dtype {
        Dtype::BF16 => value.abs() * 2.0_f64.powi(-8),
        Dtype::F16 => (value.abs() * 2.0_f64.powi(-11)).max(2.0_f64.powi(-25)),
        _ => value.abs() * f64::from(f32::EPSILON),
    };
    (value - half, value + half)
}

/// The number of the kind that is nearest to `value`, as libtorch rounds: by way of f32.
pub(super) fn nearest(dtype: Dtype, value: f64) -> f64 {
    match dtype {
        Dtype::F32 => f64::from(value as f32),
        Dtype::F16 => half::f16::from_f32(value as f32).to_f64(),
        Dtype::BF16 => half::bf16::from_f32(value as f32).to_f64(),
        _ => value,
    }
}

/// Two samples of one unknown distribution: the inequality for two empirical distributions of equal size, with the
/// constant e that holds for every size (Wei & Dudley 2012).
pub(super) fn same_distribution(mut a: Vec<f64>, mut b: Vec<f64>) -> Finding {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let n = a.len() as f64;
    let share = |sorted: &[f64], x: f64| sorted.partition_point(|&y| y <= x) as f64 / n;
    let distance = a
        .iter()
        .chain(&b)
        .map(|&x| (share(&a, x) - share(&b, x)).abs())
        .fold(0.0, f64::max);
    Finding {
        chance: std::f64::consts::E * (-n * distance * distance).exp(),
        what: format!("they are not distributed as fresh draws are, off by {distance:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_below() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * b.max(1e-300), "{a} {b}");
        close(normal_below(-1.0), 0.158_655_253_931_457_05);
        close(
            Known::Uniform {
                low: -1.0,
                high: 3.0,
            }
            .below(0.0),
            0.25,
        );
        // Symmetric, and from one side only.
        close(truncated_below(0.0, -2.0, 2.0), 0.5);
        let half =
            (normal_below(2.0) - normal_below(1.0)) / (normal_below(3.0) - normal_below(1.0));
        close(truncated_below(2.0, 1.0, 3.0), half);
        close(1.0 - truncated_below(-2.0, -3.0, -1.0), half);
        // Far out, where the law is all but exponential; by Simpson's rule.
        close(truncated_below(10.05, 10.0, 11.0), 0.397_193_731_841_267);
    }
}
