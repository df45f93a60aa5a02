//! Whether draws follow their laws: 10⁸ of each law and kind.
//!
//! Every tolerance follows from the number of draws and from the chance that all of a right sampler's checks together
//! may raise an alarm, one in a million: through inequalities that hold for any sample size, and for means of many
//! terms through the bound exp(−z²/2) on the tails of their normal limit. The seeds are fixed. What a law should give
//! is integrated numerically from its density, with the standard library's exponential and none of the samplers' own
//! functions.

use half::{bf16, f16};

use super::Sampler;
use crate::Elementwise as Distribution;
use crate::numeric::stream::Key;
use crate::sample::element::Element;

/// The chance of a false alarm in any check at all.
const FAMILY_LEVEL: f64 = 1e-6;

/// More checks than are made here.
const CHECKS: f64 = 20_000.0;

/// ln(1 / level) for one side of one check, by Bonferroni's inequality.
fn log_odds() -> f64 {
    (2.0 * CHECKS / FAMILY_LEVEL).ln()
}

/// The law that draws are compared with: a density on an interval, up to a factor.
#[derive(Clone, Copy)]
struct Reference {
    shape: Shape,
    low: f64,
    high: f64,
}

#[derive(Clone, Copy)]
enum Shape {
    /// With an infinite deviation, of the uniform law.
    Normal {
        mean: f64,
        std: f64,
    },
    Density(fn(f64) -> f64),
}

impl Reference {
    fn uniform(low: f64, high: f64) -> Self {
        Self::trunc_normal(0.0, f64::INFINITY, low, high)
    }

    fn of_density(density: fn(f64) -> f64, low: f64, high: f64) -> Self {
        Self {
            shape: Shape::Density(density),
            low,
            high,
        }
    }

    fn normal(mean: f64, std: f64) -> Self {
        Self::trunc_normal(mean, std, mean - 10.0 * std, mean + 10.0 * std)
    }

    fn trunc_normal(mean: f64, std: f64, low: f64, high: f64) -> Self {
        Self {
            shape: Shape::Normal { mean, std },
            low,
            high,
        }
    }

    /// The density at `x` over that at the point of the support closest to the mean.
    fn density(&self, x: f64) -> f64 {
        match self.shape {
            Shape::Normal { mean, std } => {
                let peak = mean.clamp(self.low, self.high);
                let squares = ((x - peak) / std) * ((x + peak - 2.0 * mean) / std);
                (-0.5 * squares).exp()
            }
            Shape::Density(density) => density(x),
        }
    }

    /// ∫ f(x)·density(x) dx from `from` to `to` by Gauss and Legendre's rule on five points.
    fn integral(&self, from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
        const POINTS: [(f64, f64); 3] = [
            (0.0, 128.0 / 225.0),
            (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
            (0.906_179_845_938_664, 0.236_926_885_056_189_08),
        ];
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let at = |x: f64| f(x) * self.density(x);
        let sum: f64 = POINTS
            .iter()
            .map(|&(x, weight)| {
                let sides = if x == 0.0 {
                    at(middle)
                } else {
                    at(middle - half * x) + at(middle + half * x)
                };
                weight * sides
            })
            .sum();
        half * sum
    }

    /// The integral over the whole support.
    fn whole(&self) -> f64 {
        const STEPS: usize = 5000;
        let step = (self.high - self.low) / STEPS as f64;
        let start = |n: usize| self.low + step * n as f64;
        (0..STEPS)
            .map(|n| self.integral(start(n), start(n + 1), |_| 1.0))
            .sum()
    }

    /// `count` equal cells between the bounds.
    fn cells(&self, count: usize) -> Cells {
        let edge = |n: usize| self.low + (self.high - self.low) * (n as f64 / count as f64);
        Cells::new(*self, (0..=count).map(edge).collect())
    }

    /// The cells that round to each of `values`, which ascend.
    fn rounding_cells(&self, values: &[f64]) -> Cells {
        let between = values.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
        let edges = std::iter::once(self.low)
            .chain(between)
            .chain([self.high])
            .collect();
        Cells::new(*self, edges)
    }
}

/// A partition of the law's support.
struct Cells {
    edges: Vec<f64>,
    /// What each cell should hold of the whole.
    masses: Vec<f64>,
    reference: Reference,
}

impl Cells {
    fn new(reference: Reference, edges: Vec<f64>) -> Self {
        let mut masses: Vec<f64> = edges
            .windows(2)
            .map(|edge| reference.integral(edge[0], edge[1], |_| 1.0))
            .collect();
        let total: f64 = masses.iter().sum();
        for mass in &mut masses {
            *mass /= total;
        }
        Self {
            edges,
            masses,
            reference,
        }
    }

    /// E[((x − centre) / scale)ᵏ].
    fn moment(&self, centre: f64, scale: f64, power: i32) -> f64 {
        let integrate = |f: &dyn Fn(f64) -> f64| -> f64 {
            self.edges
                .windows(2)
                .map(|edge| self.reference.integral(edge[0], edge[1], f))
                .sum()
        };
        integrate(&|x| ((x - centre) / scale).powi(power)) / integrate(&|_| 1.0)
    }
}

/// What was measured, what was expected, and how far apart they may be.
struct Check {
    what: String,
    distance: f64,
    allowed: f64,
}

struct Findings(Vec<Check>);

impl Findings {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn add(&mut self, what: impl Into<String>, distance: f64, allowed: f64) {
        self.0.push(Check {
            what: what.into(),
            distance,
            allowed,
        });
    }

    /// A mean of `count` independent terms of standard deviation `spread`.
    fn mean(&mut self, what: impl Into<String>, error: f64, spread: f64, count: usize) {
        self.add(
            what,
            error.abs(),
            spread * (2.0 * log_odds() / count as f64).sqrt(),
        );
    }

    /// Kolmogorov and Smirnov's distance, with the bound of Dvoretzky, Kiefer, Wolfowitz and Massart; and Pearson's χ²,
    /// with Laurent and Massart's.
    fn distribution(&mut self, what: &str, counts: &[u64], masses: &[f64]) {
        const SMALLEST_CELL: f64 = 200.0;
        let total = counts.iter().sum::<u64>() as f64;
        let (mut distance, mut chi_square, mut cells) = (0f64, 0.0, 0.0);
        let (mut below, mut expected_below) = (0.0, 0.0);
        let (mut count, mut expected) = (0.0, 0.0);
        let mut left = total;
        for (&observed, &mass) in counts.iter().zip(masses) {
            below += observed as f64;
            expected_below += mass;
            distance = distance.max((below / total - expected_below).abs());
            count += observed as f64;
            expected += mass * total;
            left -= mass * total;
            if expected >= SMALLEST_CELL && left >= SMALLEST_CELL {
                chi_square += (count - expected).powi(2) / expected;
                cells += 1.0;
                (count, expected) = (0.0, 0.0);
            }
        }
        if expected > 0.0 {
            chi_square += (count - expected).powi(2) / expected;
            cells += 1.0;
        }
        let odds = log_odds();
        self.add(
            format!("{what}: Kolmogorov-Smirnov"),
            distance,
            (odds / (2.0 * total)).sqrt(),
        );
        let freedom: f64 = cells - 1.0;
        let spread = 2.0 * (freedom * odds).sqrt();
        let excess = chi_square - freedom;
        self.add(
            format!("{what}: χ² of {cells} cells"),
            excess.max(0.0),
            spread + 2.0 * odds,
        );
        self.add(
            format!("{what}: χ² suspiciously small"),
            (-excess).max(0.0),
            spread,
        );
    }

    /// A count of rare events of which `expected` should occur: Chernoff's bound, exp(−λ·h(x/λ)) with h(r) = r·ln
    /// r − r + 1.
    fn rare(&mut self, what: impl Into<String>, count: u64, expected: f64) {
        let ratio = count as f64 / expected;
        let entropy = if count == 0 {
            1.0
        } else {
            ratio * ratio.ln() - ratio + 1.0
        };
        self.add(what, expected * entropy, log_odds());
    }

    fn failures(&self) -> Vec<String> {
        let failed = self
            .0
            .iter()
            .filter(|check| check.distance.is_nan() || check.distance > check.allowed);
        failed
            .map(|check| {
                format!(
                    "{}: {:e}, allowed {:e}",
                    check.what, check.distance, check.allowed
                )
            })
            .collect()
    }

    fn assert_passed(&self) {
        assert!(self.failures().is_empty(), "{:#?}", self.failures());
    }
}

const DRAWS: usize = 100_000_000;
const PART: usize = 1 << 15;

/// Hands `DRAWS` values to `each`, a part at a time.
fn draw<T: Element>(
    distribution: &Distribution,
    seed: u64,
    draws: usize,
    mut each: impl FnMut(&[T]),
) {
    let sampler = Sampler::new(distribution);
    let key = Key::new(seed, "statistics");
    let mut values = vec![T::from_draw(T::nearest(0.0)); PART];
    for part in 0..draws.div_ceil(PART) {
        sampler.fill(key, (part * PART) as u64, &mut values);
        each(&values[..PART.min(draws - part * PART)]);
    }
}

/// Distribution, moments to the fourth, tails and correlations of one law in `f32` or `f64`.
fn examine<T: Element>(
    distribution: &Distribution,
    reference: Reference,
    seed: u64,
    draws: usize,
) -> Findings
where
    f64: From<T>,
{
    const LAGS: [usize; 10] = [1, 2, 8, 15, 16, 32, 48, 64, 256, 1024];
    let count = cell_count::<T>(&reference, draws);
    let cells = reference.cells(count);
    let centre = cells.moment(0.0, 1.0, 1);
    let scale = cells.moment(centre, 1.0, 2).sqrt();
    let moments: Vec<f64> = (0..=8)
        .map(|power| cells.moment(centre, scale, power))
        .collect();
    let per_unit = count as f64 / (reference.high - reference.low);

    let last = (count - 1) as f64;
    let mut counts = vec![0u64; count];
    let mut powers = [0f64; 5];
    let mut beyond = [0u64; 3];
    let mut products = [0f64; LAGS.len()];
    let mut square_products = [0f64; LAGS.len()];
    let mut pairs = [0usize; LAGS.len()];
    let mut scaled = vec![0f64; PART];
    let mut parts = 0;
    draw::<T>(distribution, seed, draws, |values| {
        let scaled = &mut scaled[..values.len()];
        let mut sums = [0f64; 5];
        for (y, &value) in scaled.iter_mut().zip(values) {
            let value = f64::from(value);
            counts[((value - reference.low) * per_unit).clamp(0.0, last) as usize] += 1;
            *y = (value - centre) / scale;
        }
        for &y in &*scaled {
            let square = y * y;
            sums[1] += y;
            sums[2] += square;
            sums[3] += square * y;
            sums[4] += square * square;
            beyond[0] += u64::from(square > 9.0);
            beyond[1] += u64::from(square > 16.0);
            beyond[2] += u64::from(square > 25.0);
        }
        for (power, sum) in powers.iter_mut().zip(sums) {
            *power += sum;
        }
        // Every eighth part is enough to see a correlation of one in a thousand.
        parts += 1;
        if parts % 8 == 0 {
            for (lag, &distance) in LAGS.iter().enumerate() {
                let (mut product, mut square_product) = (0.0, 0.0);
                for (y, x) in scaled.iter().zip(&scaled[distance..]) {
                    product += x * y;
                    square_product += (x * x - 1.0) * (y * y - 1.0);
                }
                products[lag] += product;
                square_products[lag] += square_product;
                pairs[lag] += values.len() - distance;
            }
        }
    });

    let mut findings = Findings::new();
    findings.distribution("cells", &counts, &cells.masses);
    let names = ["", "mean", "variance", "third moment", "fourth moment"];
    for power in 1..=4 {
        let spread = (moments[2 * power] - moments[power].powi(2)).sqrt();
        findings.mean(
            names[power],
            powers[power] / draws as f64 - moments[power],
            spread,
            draws,
        );
    }
    let kurtosis = moments[4] - 1.0;
    for (lag, distance) in LAGS.iter().enumerate() {
        let count = pairs[lag];
        findings.mean(
            format!("lag {distance}"),
            products[lag] / count as f64,
            1.0,
            count,
        );
        findings.mean(
            format!("lag {distance}, squares"),
            square_products[lag] / count as f64,
            kurtosis,
            count,
        );
    }
    for (count, sigmas) in beyond.into_iter().zip([3.0, 4.0, 5.0]) {
        let mass = tail_beyond(&reference, centre, scale, sigmas);
        if mass > 0.0 {
            findings.rare(format!("beyond {sigmas}"), count, mass * draws as f64);
        } else {
            findings.add(format!("beyond {sigmas}"), count as f64, 0.0);
        }
    }
    findings
}

/// How many cells: so few that each holds many floats, and the one float on an edge does not matter.
fn cell_count<T: Element>(reference: &Reference, draws: usize) -> usize {
    let digits = 8 * size_of::<T>() as i32 - if size_of::<T>() == 4 { 8 } else { 11 };
    let largest = reference.low.abs().max(reference.high.abs());
    let floats = (reference.high - reference.low) / largest * 2f64.powi(digits - 1);
    ((4.0 * floats / (draws as f64).sqrt()) as usize).clamp(20, 5000)
}

/// The mass of values further than `sigmas` standard deviations from the mean.
fn tail_beyond(reference: &Reference, centre: f64, scale: f64, sigmas: f64) -> f64 {
    let mass = |from: f64, to: f64| -> f64 {
        const STEPS: usize = 2000;
        let step = (to - from) / STEPS as f64;
        let integral = |n: usize| {
            let start = from + step * n as f64;
            reference.integral(start, start + step, |_| 1.0)
        };
        if to > from {
            (0..STEPS).map(integral).sum()
        } else {
            0.0
        }
    };
    let (below, above) = (centre - sigmas * scale, centre + sigmas * scale);
    (mass(reference.low, below) + mass(above, reference.high)) / mass(reference.low, reference.high)
}

/// χ² over the cells that round to each value of a half kind, and the moments of those values.
fn examine_half<T: Element>(
    distribution: &Distribution,
    reference: Reference,
    seed: u64,
    draws: usize,
    value: impl Fn(u16) -> f64,
    bits: impl Fn(T) -> u16,
) -> Findings {
    let mut order: Vec<u16> = (0..=u16::MAX)
        .filter(|&b| value(b).is_finite() && b != 0x8000)
        .collect();
    let bounds = T::nearest(reference.low)..=T::nearest(reference.high);
    order.retain(|&b| bounds.contains(&T::nearest(value(b))));
    order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
    let values: Vec<f64> = order.iter().map(|&b| value(b)).collect();
    let cells = reference.rounding_cells(&values);

    let mut by_bits = vec![0u64; 1 << 16];
    draw::<T>(distribution, seed, draws, |part| {
        for &value in part {
            by_bits[usize::from(bits(value))] += 1;
        }
    });
    // Negative zero is zero.
    by_bits[0] += by_bits[0x8000];
    let counts: Vec<u64> = order.iter().map(|&b| by_bits[usize::from(b)]).collect();

    let mut findings = Findings::new();
    let strays = draws as u64 - counts.iter().sum::<u64>();
    findings.add("outside the bounds", strays as f64, 0.0);
    findings.distribution("rounding cells", &counts, &cells.masses);
    let expected = |power: i32| -> f64 {
        values
            .iter()
            .zip(&cells.masses)
            .map(|(x, mass)| x.powi(power) * mass)
            .sum()
    };
    for power in 1..=4 {
        let found: f64 = values
            .iter()
            .zip(&counts)
            .map(|(x, &count)| x.powi(power) * count as f64)
            .sum();
        let spread = (expected(2 * power) - expected(power).powi(2)).sqrt();
        findings.mean(
            format!("moment {power}"),
            found / draws as f64 - expected(power),
            spread,
            draws,
        );
    }
    findings
}

fn examine_bf16(distribution: &Distribution, reference: Reference, seed: u64) -> Findings {
    let value = |bits| bf16::from_bits(bits).to_f64();
    examine_half::<bf16>(distribution, reference, seed, DRAWS, value, bf16::to_bits)
}

fn examine_f16(distribution: &Distribution, reference: Reference, seed: u64) -> Findings {
    let value = |bits| f16::from_bits(bits).to_f64();
    examine_half::<f16>(distribution, reference, seed, DRAWS, value, f16::to_bits)
}

const UNIFORM: Distribution = Distribution::Uniform {
    low: -0.5,
    high: 1.0,
};
const NORMAL: Distribution = Distribution::Normal {
    mean: 0.0,
    std: 1.0,
};
const TRUNC_NORMAL: Distribution = Distribution::TruncNormal {
    mean: 0.25,
    std: 1.0,
    low: -2.0,
    high: 2.0,
};

fn uniform() -> Reference {
    Reference::uniform(-0.5, 1.0)
}

fn normal() -> Reference {
    Reference::normal(0.0, 1.0)
}

fn trunc_normal() -> Reference {
    Reference::trunc_normal(0.25, 1.0, -2.0, 2.0)
}

#[test]
fn uniform_singles_follow_their_law() {
    examine::<f32>(&UNIFORM, uniform(), 1, DRAWS).assert_passed();
}

#[test]
fn uniform_doubles_follow_their_law() {
    examine::<f64>(&UNIFORM, uniform(), 2, DRAWS).assert_passed();
}

#[test]
fn uniform_halves_follow_their_law() {
    for (seed, (low, high)) in
        (50..)
            .step_by(2)
            .zip([(-0.5, 1.0), (0.0, 1.0), (1.0, 2.0), (-1.0, 3.0)])
    {
        let law = Distribution::Uniform { low, high };
        let reference = Reference::uniform(low, high);
        examine_bf16(&law, reference, seed).assert_passed();
        examine_f16(&law, reference, seed + 1).assert_passed();
    }
}

#[test]
fn normal_singles_follow_their_law() {
    examine::<f32>(&NORMAL, normal(), 5, DRAWS).assert_passed();
}

#[test]
fn normal_doubles_follow_their_law() {
    examine::<f64>(&NORMAL, normal(), 6, DRAWS).assert_passed();
}

#[test]
fn normal_halves_follow_their_law() {
    examine_bf16(&NORMAL, normal(), 7).assert_passed();
    examine_f16(&NORMAL, normal(), 8).assert_passed();
}

#[test]
fn truncated_normal_singles_follow_their_law() {
    examine::<f32>(&TRUNC_NORMAL, trunc_normal(), 9, DRAWS).assert_passed();
}

#[test]
fn truncated_normal_doubles_follow_their_law() {
    examine::<f64>(&TRUNC_NORMAL, trunc_normal(), 10, DRAWS).assert_passed();
}

#[test]
fn truncated_normal_halves_follow_their_law() {
    examine_bf16(&TRUNC_NORMAL, trunc_normal(), 11).assert_passed();
    examine_f16(&TRUNC_NORMAL, trunc_normal(), 12).assert_passed();
}

/// 1/x between the bounds.
fn log_uniform() -> (Distribution, Reference) {
    let (low, high) = (1e-3, 0.1);
    let law = Distribution::LogUniform { low, high };
    (law, Reference::of_density(f64::recip, low, high))
}

/// What the exponential of is uniform.
fn ln_uniform() -> (Distribution, Reference) {
    let (low, high, factor) = (1.0, 16.0, 1.0);
    let law = Distribution::LnUniform { low, high, factor };
    (law, Reference::of_density(f64::exp, 0.0, high.ln()))
}

/// What the softplus of is log-uniform: its slope over itself.
fn softplus_inverse() -> (Distribution, Reference) {
    let law = Distribution::SoftplusInverse {
        low: 1e-3,
        high: 0.1,
        floor: 1e-4,
        factor: 1.0,
    };
    let density = |y: f64| 1.0 / ((1.0 + (-y).exp()) * y.exp().ln_1p());
    let bounds = (-6.907_255_237_315_470_5, -2.252_168_461_044_090_6);
    (law, Reference::of_density(density, bounds.0, bounds.1))
}

#[test]
fn transformed_singles_follow_their_law() {
    for (seed, (law, reference)) in (60..).zip([log_uniform(), ln_uniform(), softplus_inverse()]) {
        examine::<f32>(&law, reference, seed, DRAWS).assert_passed();
    }
}

#[test]
fn transformed_doubles_follow_their_law() {
    for (seed, (law, reference)) in (64..).zip([log_uniform(), ln_uniform(), softplus_inverse()]) {
        examine::<f64>(&law, reference, seed, DRAWS).assert_passed();
    }
}

#[test]
fn transformed_halves_follow_their_law() {
    let laws = [log_uniform(), ln_uniform(), softplus_inverse()];
    for (seed, (law, reference)) in (68..).step_by(2).zip(laws) {
        examine_bf16(&law, reference, seed).assert_passed();
        examine_f16(&law, reference, seed + 1).assert_passed();
    }
}

/// Bounds thousands of deviations out change nothing: no outlier, no value on a bound, a normal's shape.
#[test]
fn distant_bounds_leave_a_normal_law() {
    for (std, seed) in [(1e-3, 13), (1e-10, 14)] {
        let distribution = Distribution::TruncNormal {
            mean: 0.0,
            std,
            low: -2.0,
            high: 2.0,
        };
        examine::<f32>(&distribution, Reference::normal(0.0, std), seed, DRAWS / 10)
            .assert_passed();
    }
}

/// The checks see what they should see.
#[test]
fn a_deviation_wrong_by_a_thousandth_is_rejected_by_its_variance() {
    let wrong = Distribution::Normal {
        mean: 0.0,
        std: 1.001,
    };
    let failures = examine::<f32>(&wrong, normal(), 5, DRAWS).failures();
    assert!(
        failures
            .iter()
            .any(|failure| failure.starts_with("variance")),
        "{failures:#?}"
    );
}

/// The last two places of values, by sign and binade.
struct LastPlaces {
    digits: u64,
    /// No place is worth less: see [`finest_place`].
    finest: f64,
    /// By the sign and exponent bits of the value.
    counts: Vec<[u64; 4]>,
}

impl LastPlaces {
    /// Of values with `digits` places, drawn between two bounds by words of `bits` bits.
    fn new(low: f64, high: f64, digits: u32, bits: i32) -> Self {
        Self {
            digits: digits.into(),
            finest: finest_place((high - low) * 2f64.powi(-bits)),
            counts: vec![[0; 4]; 1 << 12],
        }
    }

    fn count(&mut self, values: impl Iterator<Item = f64>) {
        for value in values {
            let place = self.place(value).max(self.finest);
            let places = (value.abs() / place) as u64;
            // Of a number with one or two places the first is never 0.
            if places >= 4 {
                self.counts[(value.to_bits() >> 52) as usize][(places % 4) as usize] += 1;
            }
        }
    }

    /// What the last place of a value is worth.
    fn place(&self, value: f64) -> f64 {
        let exponent = value.to_bits() >> 52 & 0x7FF;
        f64::from_bits(exponent.saturating_sub(self.digits - 1) << 52)
    }

    /// Equal shares, by Hoeffding's inequality.
    fn findings(&self) -> Findings {
        let mut findings = Findings::new();
        for (head, counts) in self.counts.iter().enumerate() {
            let total = counts.iter().sum::<u64>() as f64;
            if total == 0.0 {
                continue;
            }
            let binade = f64::from_bits((head as u64) << 52);
            for (places, &count) in counts.iter().enumerate() {
                let share = count as f64 / total;
                findings.add(
                    format!("{places:02b} from {binade:e} on: {share:.4} of {total}"),
                    (share - 0.25).abs(),
                    (log_odds() / (2.0 * total)).sqrt(),
                );
            }
        }
        findings
    }
}

/// The finest place that draws `apart` from each other can fill evenly. If that distance is a power of two, it is this
/// place. Else some cells hold a draw more than others, and no pattern in that is seen from four draws a cell on.
fn finest_place(apart: f64) -> f64 {
    let exponent = apart.log2();
    let cells = if exponent.fract() == 0.0 { 1.0 } else { 4.0 };
    cells * 2f64.powi(exponent.ceil() as i32)
}

fn last_places<T: Element>(low: f64, high: f64, digits: u32, bits: i32, seed: u64) -> LastPlaces
where
    f64: From<T>,
{
    let mut places = LastPlaces::new(low, high, digits, bits);
    draw::<T>(&Distribution::Uniform { low, high }, seed, DRAWS, |part| {
        places.count(part.iter().map(|&value| f64::from(value)));
    });
    places
}

/// In every binade that a law reaches, down to what its draws resolve.
#[test]
fn last_places_of_uniforms_are_even() {
    let bounds = [
        (0.0, 1.0),
        (1.0, 2.0),
        (-1.0, 3.0),
        (0.0, 0.1),
        (0.75, 1.0),
        (-1.0, 1.0),
        (-0.75, 0.75),
        (-3.0, -2.0),
        (-0.01, 0.7),
        (1.0, 1.0 + 1.0 / 1_048_576.0),
    ];
    for (seed, (low, high)) in (40..).zip(bounds) {
        let single = last_places::<f32>(low, high, f32::MANTISSA_DIGITS, 32, seed);
        let double = last_places::<f64>(low, high, f64::MANTISSA_DIGITS, 64, seed);
        for (kind, places) in [("f32", single), ("f64", double)] {
            let failures = places.findings().failures();
            assert!(failures.is_empty(), "{kind} {low} {high}: {failures:#?}");
        }
    }
}

#[test]
fn last_places_of_twice_rounded_uniforms_are_rejected() {
    for (low, high) in [(0.0, 1.0), (-1.0, 3.0), (-0.75, 0.75)] {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let mut places = LastPlaces::new(low, high, f32::MANTISSA_DIGITS, 32);
        let law = Distribution::Uniform {
            low: -1.0,
            high: 1.0,
        };
        draw::<f64>(&law, 39, DRAWS / 100, |part| {
            let twice = |&s: &f64| f64::from(middle as f32 + half as f32 * s as f32);
            places.count(part.iter().map(twice));
        });
        assert!(!places.findings().failures().is_empty(), "{low} {high}");
    }
}

/// Far tails and narrow intervals, where a formula by way of Φ has a few distinct values left.
#[test]
fn truncated_normals_keep_their_shape_in_tails_and_narrow_intervals() {
    let intervals = [
        (0.0, 1.0, 5.0, 6.0),
        (-2.0, 1.0, 0.0, 1e-6),
        (0.0, 1.0, -12.0, -8.0),
        (-30.0, 1.0, 0.0, 4.0),
        (0.5, 2.0, -0.002, 0.002),
        (-3.0, 1.0, 0.0, 0.03),
        (-1.0, 1.0, 0.0, 0.2),
        (2.0, 1.0, -1.0, 0.5),
    ];
    for (seed, (mean, std, low, high)) in (20..).zip(intervals) {
        let distribution = Distribution::TruncNormal {
            mean,
            std,
            low,
            high,
        };
        // Beyond thirty scale lengths of the decay nothing is left to draw.
        let nearest = mean.clamp(low, high);
        let decay = 30.0 * std / ((nearest - mean).abs() / std).max(1e-300);
        let reference = Reference::trunc_normal(
            mean,
            std,
            low.max(nearest - decay),
            high.min(nearest + decay),
        );
        let failures = |findings: Findings| {
            assert!(
                findings.failures().is_empty(),
                "{distribution:?}: {:#?}",
                findings.failures()
            );
        };
        failures(examine::<f32>(&distribution, reference, seed, DRAWS / 20));
        failures(examine::<f64>(&distribution, reference, seed, DRAWS / 50));

        let draws = DRAWS / 50;
        let whole: f64 = reference.whole();
        let mut values = Vec::with_capacity(draws);
        draw::<f32>(&distribution, seed, draws, |part| {
            values.extend_from_slice(part);
        });
        for bound in [low, high] {
            let nearest = bound as f32;
            let cell = (
                f64::from(nearest.next_down()).max(low),
                f64::from(nearest.next_up()).min(high),
            );
            let count = values.iter().filter(|&&value| value == nearest).count();
            let expected = reference.integral(cell.0, cell.1, |_| 1.0) / whole * draws as f64;
            let mut findings = Findings::new();
            if count as f64 > expected {
                findings.rare(format!("on the bound {bound}"), count as u64, expected);
            }
            failures(findings);
        }
        values.sort_unstable_by(f32::total_cmp);
        values.dedup();
        assert!(
            values.len() > 300_000,
            "{distribution:?}: {} distinct values",
            values.len()
        );
    }
}

/// Same place in different streams: neighbouring seeds, other paths, other places.
#[test]
fn streams_are_uncorrelated() {
    const LENGTH: usize = 10_000_000;
    let sampler = Sampler::new(&NORMAL);
    let filled = |key: Key, first: u64| {
        let mut values = vec![0f32; LENGTH];
        sampler.fill(key, first, &mut values);
        values
    };
    let base = filled(Key::new(100, "0.weight"), 0);
    let others = [
        ("the next seed", filled(Key::new(101, "0.weight"), 0)),
        (
            "a seed that differs in its upper half",
            filled(Key::new(0x64 | 1 << 32, "0.weight"), 0),
        ),
        (
            "a seed that differs in its top bit",
            filled(Key::new(0x64 | 1 << 63, "0.weight"), 0),
        ),
        ("the next path", filled(Key::new(100, "1.weight"), 0)),
        ("another path", filled(Key::new(100, "0.bias"), 0)),
        (
            "2³⁶ elements on",
            filled(Key::new(100, "0.weight"), 1 << 36),
        ),
    ];
    let mut findings = Findings::new();
    for (what, other) in &others {
        let pairs = || {
            base.iter()
                .zip(other)
                .map(|(&x, &y)| (f64::from(x), f64::from(y)))
        };
        let product: f64 = pairs().map(|(x, y)| x * y).sum();
        let squares: f64 = pairs().map(|(x, y)| (x * x - 1.0) * (y * y - 1.0)).sum();
        findings.mean(*what, product / LENGTH as f64, 1.0, LENGTH);
        findings.mean(
            format!("{what}, squares"),
            squares / LENGTH as f64,
            2.0,
            LENGTH,
        );
        let equal = base.iter().zip(other).filter(|(x, y)| x == y).count();
        findings.rare(
            format!("{what}, equal values"),
            equal as u64,
            LENGTH as f64 * 2e-7,
        );
    }
    findings.assert_passed();
}
