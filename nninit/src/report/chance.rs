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

use crate::{Dtype, Elementwise};

/// Steps of the grid on which distributions are compared.
const GRID: usize = 1024;

/// What is odd about values, and a bound on its probability.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) chance: f64,
    pub(super) what: String,
}

impl Elementwise {
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

    /// Where nearly all values lie.
    fn reach(self) -> (f64, f64) {
        match self {
            Self::Uniform { low, high } => (low, high),
            Self::Normal { mean, std } => (mean - 4.0 * std, mean + 4.0 * std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => (
                low.max(mean - 4.0 * std).min(high),
                high.min(mean + 4.0 * std).max(low),
            ),
        }
    }

    /// A bound on the probability of any single value of a kind.
    fn one_value(self, dtype: Dtype) -> f64 {
        const POINTS: u32 = 64;
        let (low, high) = match (self, self.reach()) {
            // Cut so far out that the reach is a point.
            (Self::TruncNormal { low, high, .. }, (a, b)) if a >= b => (low, high),
            (_, reach) => reach,
        };
        let at = |point: u32| low + (high - low) * f64::from(point) / f64::from(POINTS);
        let chance = |x: f64| {
            let (from, to) = cell(dtype, x);
            self.below(to) - self.below(from)
        };
        let most = (0..=POINTS)
            .map(|point| chance(at(point)))
            .fold(0.0, f64::max);
        // Between two points it may be a little more.
        (2.0 * most).clamp(2.0_f64.powi(-48), 1.0)
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
    law: Elementwise,
    dtype: Dtype,
    count: u64,
    not_finite: u64,
    outside: u64,
    min: f64,
    max: f64,
    one_value: f64,
    /// Whether the kind's rounding shows beside the law's width.
    coarse: bool,
    /// Sums of the standardised values, of z for a normal law and of 2u − 1 for the others: the least and the greatest that
    /// what was rounded to the values can have had.
    sum: (f64, f64),
    squares: (f64, f64),
    /// Of the probabilities below the upper and the lower end of what rounds to each value.
    upper: Vec<u64>,
    lower: Vec<u64>,
}

impl Gauge {
    pub(super) fn new(law: Elementwise, dtype: Dtype) -> Self {
        /// Rounding by less than this share of a standard deviation moves no test that a tensor is large enough for.
        const FINE: f64 = 1.0 / 4096.0;
        let one_value = law.one_value(dtype);
        let coarse = one_value > FINE;
        Self {
            law,
            dtype,
            count: 0,
            not_finite: 0,
            outside: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            one_value,
            coarse,
            sum: (0.0, 0.0),
            squares: (0.0, 0.0),
            upper: vec![0; GRID],
            lower: if coarse { vec![0; GRID] } else { Vec::new() },
        }
    }

    pub(super) fn see(&mut self, value: f64) {
        self.count += 1;
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        if let Some((low, high)) = self.law.bounds() {
            let within = self.dtype.nearest(low) <= value && value <= self.dtype.nearest(high);
            self.outside += u64::from(!within);
        }
        (self.min, self.max) = (self.min.min(value), self.max.max(value));
        let (from, to) = if self.coarse {
            cell(self.dtype, value)
        } else {
            (value, value)
        };
        let step = |below: f64| ((below * GRID as f64) as usize).min(GRID - 1);
        let above = self.law.below(to);
        self.upper[step(above)] += 1;
        let below = if self.coarse {
            let below = self.law.below(from);
            self.lower[step(below)] += 1;
            below
        } else {
            above
        };
        let (low, high) = match self.law {
            Elementwise::Normal { mean, std } => ((from - mean) / std, (to - mean) / std),
            _ => (2.0 * below - 1.0, 2.0 * above - 1.0),
        };
        self.sum = (self.sum.0 + low, self.sum.1 + high);
        let (a, b) = (low * low, high * high);
        let least = if low * high < 0.0 { 0.0 } else { a.min(b) };
        self.squares = (self.squares.0 + least, self.squares.1 + a.max(b));
    }

    /// The probability that two tensors of this law are the same by chance.
    pub(super) fn same_again(&self) -> f64 {
        self.one_value.powf(self.count as f64)
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
        let all_one = if self.min == self.max {
            self.one_value.powf(n - 1.0)
        } else {
            1.0
        };
        let what = format!("all {} values are {}", self.count, self.min);
        findings.push(finding(all_one, what));
        findings.push(self.mean(n));
        findings.push(self.spread(n));
        findings.push(self.distribution(n));
        findings.extend(self.ends(n));
        findings
    }

    fn mean(&self, n: f64) -> Finding {
        let sum = nearest_to(0.0, self.sum);
        let chance = match self.law {
            Elementwise::Normal { .. } => erfc((sum.abs() / n.sqrt()) / std::f64::consts::SQRT_2),
            _ => 2.0 * (-1.5 * sum * sum / n).exp(),
        };
        let off = sum / n;
        let what = match self.law {
            Elementwise::Normal { mean, std } => {
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
        if let Elementwise::Normal { std, .. } = self.law {
            let t = nearest_to(n, self.squares) / n;
            let chance = 2.0 * (-n / 2.0 * (t - 1.0 - t.ln())).exp();
            let what = format!(
                "the standard deviation is {:.4e} where {std:.4e} is due",
                std * t.sqrt()
            );
            return Finding { chance, what };
        }
        let squares = nearest_to(n / 3.0, self.squares);
        let off = (squares - n / 3.0).abs();
        let variance = n * 4.0 / 45.0;
        let chance = 2.0 * (-off * off / (2.0 * (variance + off * 2.0 / 9.0))).exp();
        let wide = squares > n / 3.0;
        let what = format!(
            "the values are too {}",
            if wide { "wide" } else { "narrow" }
        );
        Finding { chance, what }
    }

    fn distribution(&self, n: f64) -> Finding {
        let lower = if self.lower.is_empty() {
            &self.upper
        } else {
            &self.lower
        };
        let (mut seen_upper, mut seen_lower, mut distance) = (0, 0, 0.0_f64);
        for (step, (upper, lower)) in self.upper.iter().zip(lower).enumerate() {
            seen_upper += upper;
            seen_lower += lower;
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
        if let Elementwise::Normal { mean, std } = self.law {
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

/// The number of an interval that lies nearest to `due`.
fn nearest_to(due: f64, (low, high): (f64, f64)) -> f64 {
    due.max(low).min(high)
}

/// What rounds to `value`, and a little more.
fn cell(dtype: Dtype, value: f64) -> (f64, f64) {
    let half = match dtype {
        Dtype::BF16 => value.abs() * 2.0_f64.powi(-8),
        Dtype::F16 => (value.abs() * 2.0_f64.powi(-11)).max(2.0_f64.powi(-25)),
        Dtype::F64 => value.abs() * f64::EPSILON,
        _ => value.abs() * f64::from(f32::EPSILON),
    };
    (value - half, value + half)
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
            Elementwise::Uniform {
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
