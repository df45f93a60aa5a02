//! How probable it is that a law gives values as odd as these.
//!
//! Every bound holds for any number of values, so the level of false alarms is kept for small parameters too. All of
//! them start from bounds on the probability of each cell of a [`Grid`]. These allow for the rounding to the kind and
//! for the arithmetic of the draw, so they hold for every kind.
//!
//! | of | by |
//! |---|---|
//! | mean, spread | Chernoff's bound on the sum of the cells' scores, from the least favourable distribution within the bounds |
//! | distribution | Dvoretzky, Kiefer & Wolfowitz' inequality with Massart's constant (1990), at the grid's edges |
//! | the gap at either end | its own distribution |
//! | the outermost value | a union bound |
//! | order | Hoeffding's inequality: of two neighbours either is the greater one, whatever the law |

use libm::exp;

use super::grid::{Due, Grid};
use super::lattice::Lattice;
use super::tally::Tally;
use crate::{Dtype, Elementwise};

/// What is odd about values, and a bound on its probability.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) chance: f64,
    pub(super) what: String,
}

/// A law in a kind, ready to be compared with.
#[derive(Debug)]
pub(super) struct Gauge {
    law: Elementwise,
    dtype: Dtype,
    grid: Grid,
    due: Due,
    one_value: f64,
}

impl Gauge {
    pub(super) fn new(law: Elementwise, dtype: Dtype, numel: u64) -> Self {
        let grid = Grid::new(law, dtype, numel);
        Self {
            law,
            dtype,
            due: Due::new(law, dtype, &grid),
            grid,
            one_value: law.one_value(dtype),
        }
    }

    pub(super) fn grid(&self) -> Grid {
        self.grid
    }

    /// A bound on the probability of any single value.
    pub(super) fn one_value(&self) -> f64 {
        self.one_value
    }

    /// Everything that is tested, each with its probability.
    pub(super) fn findings(&self, tally: &Tally) -> Vec<Finding> {
        let moments = &tally.moments;
        let n = moments.count as f64;
        if let Some(finding) = not_finite(tally) {
            return vec![finding];
        }
        if n == 0.0 {
            return Vec::new();
        }
        let mut findings = Vec::new();
        if let Some((low, high)) = self.law.bounds() {
            let within =
                self.dtype.nearest(low) <= moments.min && moments.max <= self.dtype.nearest(high);
            if !within {
                findings.push(Finding {
                    chance: 0.0,
                    what: format!(
                        "the values reach from {:.4e} to {:.4e}, outside of [{low}, {high}]",
                        moments.min, moments.max
                    ),
                });
            }
        }
        let all_one = if moments.min == moments.max {
            self.one_value.powf(n - 1.0)
        } else {
            1.0
        };
        findings.push(Finding {
            chance: all_one,
            what: format!("all {n} values are {}", moments.min),
        });
        let counts = self.counts(tally);
        findings.push(self.mean(&counts, tally));
        findings.push(self.spread(&counts, tally));
        findings.push(self.distribution(&counts, n));
        findings.extend(self.ends(tally, n));
        findings.push(order(tally));
        findings
    }

    /// How many values lie below the first edge, between the first and the second, and so on.
    fn counts(&self, tally: &Tally) -> Vec<f64> {
        let counts = tally.cells.iter().map(|&count| count as f64);
        counts.take(self.grid.edges() + 1).collect()
    }

    fn mean(&self, counts: &[f64], tally: &Tally) -> Finding {
        let scores: Vec<f64> = (0..counts.len()).map(|cell| self.score(cell)).collect();
        let sum: f64 = counts.iter().zip(&scores).map(|(n, score)| n * score).sum();
        let n = tally.moments.count as f64;
        // The greatest sums come from the distribution with the least below each edge, and the other way round.
        let high = masses(&self.due.least);
        let low = masses(&self.due.most);
        let too_high = chernoff(&high, &scores, n, sum);
        let negated: Vec<f64> = scores.iter().map(|score| -score).collect();
        let too_low = chernoff(&low, &negated, n, -sum);
        let what = match self.law {
            Elementwise::Normal { mean, .. } => format!(
                "the mean is {:.4e} where {mean:.4e} is due",
                tally.moments.mean
            ),
            Elementwise::Uniform { .. }
            | Elementwise::TruncNormal { .. }
            | Elementwise::LogUniform { .. }
            | Elementwise::LnUniform { .. }
            | Elementwise::SoftplusInverse { .. } => format!(
                "the values lie too {}",
                if too_high < too_low { "high" } else { "low" }
            ),
        };
        Finding {
            chance: (2.0 * too_high.min(too_low)).min(1.0),
            what,
        }
    }

    fn spread(&self, counts: &[f64], tally: &Tally) -> Finding {
        let Due { least, most } = &self.due;
        let middle: f64 = masses(least)
            .iter()
            .enumerate()
            .map(|(cell, mass)| mass * self.score(cell))
            .sum();
        let offs: Vec<f64> = (0..counts.len())
            .map(|cell| self.score(cell) - middle)
            .collect();
        let scores: Vec<f64> = offs.iter().map(|off| off * off).collect();
        let sum: f64 = counts.iter().zip(&scores).map(|(n, score)| n * score).sum();
        let n = tally.moments.count as f64;
        // The greatest sums come from the distribution with the most beyond each edge on either side of the middle.
        let centre = offs.partition_point(|&off| off < 0.0).min(least.len());
        let split = |below: &[f64], above: &[f64]| {
            let edges = (0..least.len()).map(|edge| {
                if edge < centre {
                    below[edge]
                } else {
                    above[edge]
                }
            });
            masses(&edges.collect::<Vec<_>>())
        };
        let too_wide = chernoff(&split(most, least), &scores, n, sum);
        let negated: Vec<f64> = scores.iter().map(|score| -score).collect();
        let too_narrow = chernoff(&split(least, most), &negated, n, -sum);
        let what = match self.law {
            Elementwise::Normal { std, .. } => format!(
                "the standard deviation is {:.4e} where {std:.4e} is due",
                tally.moments.std()
            ),
            Elementwise::Uniform { .. }
            | Elementwise::TruncNormal { .. }
            | Elementwise::LogUniform { .. }
            | Elementwise::LnUniform { .. }
            | Elementwise::SoftplusInverse { .. } => format!(
                "the values are too {}",
                if too_wide < too_narrow {
                    "wide"
                } else {
                    "narrow"
                }
            ),
        };
        Finding {
            chance: (2.0 * too_wide.min(too_narrow)).min(1.0),
            what,
        }
    }

    /// A cell's place between −1 and 1.
    fn score(&self, cell: usize) -> f64 {
        2.0 * cell as f64 / self.grid.edges() as f64 - 1.0
    }

    fn distribution(&self, counts: &[f64], n: f64) -> Finding {
        let Due { least, most } = &self.due;
        let (mut seen, mut distance) = (0.0, 0.0_f64);
        for ((count, least), most) in counts.iter().zip(least).zip(most) {
            seen += count;
            distance = distance.max(seen / n - most).max(least - seen / n);
        }
        Finding {
            chance: 2.0 * exp(-2.0 * n * distance * distance),
            what: format!("the distribution is another one, off by {distance:.3}"),
        }
    }

    fn ends(&self, tally: &Tally, n: f64) -> Vec<Finding> {
        let (law, dtype) = (self.law, self.dtype);
        let (min, max) = (tally.moments.min, tally.moments.max);
        let lattice = Lattice::of(dtype);
        let error = |x: f64| law.error(dtype, x);
        // What rounds to the least and the greatest value.
        let (min_from, min_to) = (lattice.boundary(min), lattice.boundary(min.next_up()));
        let (max_from, max_to) = (lattice.boundary(max), lattice.boundary(max.next_up()));
        let missing = |share: f64| exp(n * (-share).ln_1p());
        let mut findings = vec![
            Finding {
                chance: missing(law.below(min_from - error(min_from))),
                what: format!("no value lies below {min:.4e}"),
            },
            Finding {
                chance: missing(law.above(max_to + error(max_to))),
                what: format!("no value lies above {max:.4e}"),
            },
        ];
        let beyond = [
            (min, law.below(min_to + error(min_to))),
            (max, law.above(max_from - error(max_from))),
        ];
        for (value, share) in beyond {
            let what = match law {
                Elementwise::Normal { mean, std } => {
                    let z = ((value - mean) / std).abs();
                    format!("{value:.4e} is {z:.1} standard deviations off")
                }
                Elementwise::Uniform { .. }
                | Elementwise::TruncNormal { .. }
                | Elementwise::LogUniform { .. }
                | Elementwise::LnUniform { .. }
                | Elementwise::SoftplusInverse { .. } => {
                    format!("{value:.4e} lies where hardly any value does")
                }
            };
            findings.push(Finding {
                chance: n * share,
                what,
            });
        }
        findings
    }
}

/// The finding that some values are not finite, where some are.
pub(super) fn not_finite(tally: &Tally) -> Option<Finding> {
    let moments = &tally.moments;
    (moments.not_finite > 0).then(|| Finding {
        chance: 0.0,
        what: format!(
            "{} of {} values are not finite",
            moments.not_finite,
            moments.count + moments.not_finite
        ),
    })
}

/// Of independent draws of one law, each is as often above as below the one before.
pub(super) fn order(tally: &Tally) -> Finding {
    let (rises, falls) = (tally.rises as f64, tally.falls as f64);
    let pairs = rises + falls;
    let off = if pairs > 0.0 {
        rises / pairs - 0.5
    } else {
        0.0
    };
    let verb = if off > 0.0 { "rise" } else { "fall" };
    Finding {
        chance: 2.0 * exp(-2.0 * pairs * off * off),
        what: format!(
            "the values are in order: {} of {pairs} pairs of neighbours {verb}",
            rises.max(falls)
        ),
    }
}

/// The mass of each cell from the mass below each edge; where bounds cross, more than there is.
fn masses(below: &[f64]) -> Vec<f64> {
    let mut last = 0.0;
    let mut masses: Vec<f64> = Vec::with_capacity(below.len() + 1);
    for &below in below {
        masses.push((below - last).max(0.0));
        last = below;
    }
    masses.push((1.0 - last).max(0.0));
    masses
}

/// A bound on the probability that the scores of `n` independent values add up to `sum` or more.
///
/// Any exponent gives a bound; Newton's method finds a good one.
fn chernoff(masses: &[f64], scores: &[f64], n: f64, sum: f64) -> f64 {
    const STEPS: usize = 6;
    /// A probability so small that no better bound is needed.
    const LIKELY: f64 = 0.01;
    let both = || masses.iter().zip(scores).filter(|(mass, _)| **mass > 0.0);
    let total: f64 = masses.iter().sum();
    let mean = both().map(|(mass, score)| mass * score).sum::<f64>() / total;
    let variance = both()
        .map(|(mass, score)| mass * (score - mean).powi(2))
        .sum::<f64>()
        / total;
    let excess = sum - n * mean;
    if excess <= 0.0 || variance <= 0.0 {
        return 1.0;
    }
    let mut best = 1.0_f64;
    let mut exponent = excess / (n * variance);
    for _ in 0..STEPS {
        let (mut zeroth, mut first, mut second) = (0.0, 0.0, 0.0);
        for (mass, score) in both() {
            let off = score - mean;
            let weight = mass * exp(exponent * off);
            zeroth += weight;
            first += weight * off;
            second += weight * off * off;
        }
        let bound = exp(n * f64::ln(zeroth) - exponent * excess);
        if !bound.is_finite() {
            exponent /= 2.0;
            continue;
        }
        let settled = bound > 0.9 * best;
        best = best.min(bound);
        let slope = n * first / zeroth - excess;
        let curvature = n * (second / zeroth - (first / zeroth).powi(2));
        let next = exponent - slope / curvature;
        if best > LIKELY || settled || !next.is_finite() || next <= 0.0 {
            break;
        }
        exponent = next;
    }
    best
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
        chance: std::f64::consts::E * exp(-n * distance * distance),
        what: format!("they are not distributed as fresh draws are, off by {distance:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coin tosses, whose exact tail is known.
    #[test]
    fn chernoffs_bound_lies_above_the_exact_tail_and_not_far() {
        let (masses, scores) = ([0.5, 0.5], [0.0, 1.0]);
        // Of 100 tosses 70 and more: 3.925e-5, of 1000 tosses 600 and more: 1.364e-10.
        for (n, sum, exact) in [(100.0, 70.0, 3.925e-5), (1000.0, 600.0, 1.364e-10)] {
            let bound = chernoff(&masses, &scores, n, sum);
            assert!(exact < bound && bound < 20.0 * exact, "{bound:e}");
        }
        assert_eq!(chernoff(&masses, &scores, 100.0, 50.0), 1.0);
    }
}
