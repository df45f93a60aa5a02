//! Expectations over the standard normal distribution, of functions that may have kinks and jumps anywhere.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::numeric::elementary::logarithm::exp;

/// How far out is looked: beyond, the density is not a normal number.
pub(crate) const FARTHEST: f64 = 38.0;

/// Why an expectation cannot be had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Failure {
    /// The integrand is not finite there.
    NotFinite(f64),
    /// What lies near [`FARTHEST`] is not negligible.
    FarOut,
    /// The error stays above the goal.
    Unsettled,
}

/// ∫ g(z, √φ(z)) dz, with an error of about 10⁻¹³ of ∫ |g|.
///
/// `g` is given the root of the density φ, so that it can multiply what is large by it before it squares.
///
/// Panels are halved where the Gauss and Kronrod rules of 10 and 21 points differ most, until their differences add up
/// to the goal. Around a kink or a jump panels shrink geometrically, so that it costs a few dozen of them wherever it
/// lies.
pub(crate) fn over_normal(g: impl Fn(f64, f64) -> f64) -> Result<f64, Failure> {
    /// The goal for the sum of the differences. It exceeds the error by far where the function is smooth.
    const GOAL: f64 = 1e-13;
    const MOST_PANELS: usize = 60_000;
    let mut panels = BinaryHeap::new();
    for pair in first_panels().windows(2) {
        panels.push(Panel::of(&g, pair[0], pair[1])?);
    }
    let magnitude: f64 = panels.iter().map(|panel| panel.magnitude).sum();
    let mut difference: f64 = panels.iter().map(|panel| panel.difference).sum();
    while difference > GOAL * magnitude {
        let worst = panels.pop().filter(|_| panels.len() < MOST_PANELS);
        let worst = worst.ok_or(Failure::Unsettled)?;
        let middle = f64::midpoint(worst.low, worst.high);
        if middle <= worst.low || worst.high <= middle {
            return Err(Failure::Unsettled);
        }
        difference -= worst.difference;
        for (low, high) in [(worst.low, middle), (middle, worst.high)] {
            let half = Panel::of(&g, low, high)?;
            difference += half.difference;
            panels.push(half);
        }
    }
    // Added up again, since the running sum has the rounding of the first, coarse panels in it.
    let panels = panels.into_vec();
    let magnitude = sum(&panels, |panel| panel.magnitude);
    let at_the_ends = |panel: &Panel| {
        let outermost = panel.low <= 1.0 - FARTHEST || panel.high >= FARTHEST - 1.0;
        if outermost { panel.magnitude } else { 0.0 }
    };
    // What falls like z⁻² or faster has no more beyond than this.
    if FARTHEST * sum(&panels, at_the_ends) > GOAL * magnitude {
        return Err(Failure::FarOut);
    }
    Ok(sum(&panels, |panel| panel.value))
}

/// Where the first panels end: dense where the probability is, and at 0 and the whole numbers, where most kinks are.
fn first_panels() -> Vec<f64> {
    const DENSE: i32 = 8;
    const PER_UNIT: i32 = 8;
    let inner = (-DENSE * PER_UNIT..=DENSE * PER_UNIT).map(|i| f64::from(i) / f64::from(PER_UNIT));
    let outer = || (DENSE + 1..=FARTHEST as i32).map(f64::from);
    outer()
        .rev()
        .map(|z| -z)
        .chain(inner)
        .chain(outer())
        .collect()
}

/// Pairwise, so that the rounding of many terms does not add up.
fn sum(panels: &[Panel], of: impl Fn(&Panel) -> f64 + Copy) -> f64 {
    match panels {
        [] => 0.0,
        [one] => of(one),
        _ => {
            let (left, right) = panels.split_at(panels.len() / 2);
            sum(left, of) + sum(right, of)
        }
    }
}

/// An interval with its share of the integral.
struct Panel {
    low: f64,
    high: f64,
    value: f64,
    magnitude: f64,
    difference: f64,
}

impl Panel {
    fn of(g: impl Fn(f64, f64) -> f64, low: f64, high: f64) -> Result<Self, Failure> {
        let (centre, half) = (f64::midpoint(low, high), (high - low) / 2.0);
        let at = |z: f64| match g(z, root_of_density(z)) {
            value if value.is_finite() => Ok(value),
            _ => Err(Failure::NotFinite(z)),
        };
        let middle = at(centre)?;
        let (mut kronrod, mut magnitude) = (MIDDLE * middle, MIDDLE * middle.abs());
        let mut gauss = 0.0;
        for Node {
            at: node,
            kronrod: weight,
            gauss: gauss_weight,
        } in NODES
        {
            let (left, right) = (at(centre - half * node)?, at(centre + half * node)?);
            kronrod += weight * (left + right);
            magnitude += weight * (left.abs() + right.abs());
            gauss += gauss_weight * (left + right);
        }
        Ok(Self {
            low,
            high,
            value: half * kronrod,
            magnitude: half * magnitude,
            difference: half * (kronrod - gauss).abs(),
        })
    }
}

/// √φ(z).
fn root_of_density(z: f64) -> f64 {
    /// (2π)^−¼
    const AT_ZERO: f64 = 0.631_618_777_746_064_7;
    AT_ZERO * exp(-0.25 * z * z)
}

impl Ord for Panel {
    fn cmp(&self, other: &Self) -> Ordering {
        self.difference.total_cmp(&other.difference)
    }
}

impl PartialOrd for Panel {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Panel {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Panel {}

/// A node on (0, 1) of the rules on [−1, 1], with its weights.
struct Node {
    at: f64,
    kronrod: f64,
    gauss: f64,
}

/// Kronrod's weight at 0, which is no node of Gauss' rule.
const MIDDLE: f64 = 0.149_445_554_002_916_9;

/// Computed with 60 digits from Legendre's and Stieltjes' polynomials.
const NODES: [Node; 10] = [
    node(
        0.148_874_338_981_631_22,
        0.147_739_104_901_338_5,
        0.295_524_224_714_752_87,
    ),
    node(0.294_392_862_701_460_2, 0.142_775_938_577_060_1, 0.0),
    node(
        0.433_395_394_129_247_2,
        0.134_709_217_311_473_34,
        0.269_266_719_309_996_35,
    ),
    node(0.562_757_134_668_604_7, 0.123_491_976_262_065_84, 0.0),
    node(
        0.679_409_568_299_024_4,
        0.109_387_158_802_297_64,
        0.219_086_362_515_982_04,
    ),
    node(0.780_817_726_586_416_9, 0.093_125_454_583_697_6, 0.0),
    node(
        0.865_063_366_688_984_5,
        0.075_039_674_810_919_96,
        0.149_451_349_150_580_6,
    ),
    node(0.930_157_491_355_708_2, 0.054_755_896_574_351_995, 0.0),
    node(
        0.973_906_528_517_171_7,
        0.032_558_162_307_964_725,
        0.066_671_344_308_688_14,
    ),
    node(0.995_657_163_025_808_1, 0.011_694_638_867_371_874, 0.0),
];

const fn node(at: f64, kronrod: f64, gauss: f64) -> Node {
    Node { at, kronrod, gauss }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(f: impl Fn(f64) -> f64) -> Result<f64, Failure> {
        over_normal(|z, root| f(z) * root * root)
    }

    #[track_caller]
    fn assert_near(found: Result<f64, Failure>, due: f64) {
        let found = found.unwrap();
        assert!(
            (found - due).abs() <= 1e-13 * due.abs(),
            "{found:e} is not {due:e}"
        );
    }

    #[test]
    fn moments_are_the_double_factorials() {
        let mut due = 1.0;
        for power in 0..15 {
            assert_near(mean(|z| z.powi(2 * power)), due);
            due *= f64::from(2 * power + 1);
        }
        assert!(
            mean(|z| z.powi(7)).unwrap().abs() < 1e-11,
            "of 38.3, the mean of |z|⁷"
        );
    }

    #[test]
    fn kinks_and_jumps_may_lie_anywhere() {
        // Φ(−z), computed with 50 digits.
        let above = [
            (0.1, 0.460_172_162_722_971),
            (1.0 / 3.0, 0.369_441_340_181_763_67),
            (std::f64::consts::E, 0.003_281_095_836_295_672),
            (6.5, 4.016_000_583_859_118e-11),
        ];
        for (at, mass) in above {
            assert_near(mean(|z| if z > at { 1.0 } else { 0.0 }), mass);
            let density = (-at * at / 2.0).exp() / std::f64::consts::TAU.sqrt();
            assert_near(mean(|z| (z - at).max(0.0)), density - at * mass);
        }
        // 700 jumps: 1/12 of a step's square is lost, but for a share below 10⁻¹⁰⁰⁰.
        let stairs = |z: f64| (z * 50.0).floor() / 50.0 + 0.01;
        assert_near(mean(|z| stairs(z).powi(2)), 1.0 + 1.0 / 30_000.0);
        // A root and an integrable pole.
        assert_near(mean(|z| z.abs().sqrt()), 0.822_178_958_662_458_6);
        assert_near(mean(|z| z.abs().sqrt().recip()), 1.720_079_974_649_039_2);
    }

    #[test]
    fn what_cannot_be_had_is_said() {
        // Of squares: E exp(z² / 2c) = √(c / (c − 1)), and nothing for c = 1.
        let square = |f: fn(f64) -> f64| over_normal(|z, root| (f(z) * root).powi(2));
        assert_eq!(square(|z| (z * z / 4.0).exp()), Err(Failure::FarOut));
        let heavy = |z: f64| (z * z / 4.0).exp() / (1.0 + z * z);
        assert_eq!(square(heavy), Err(Failure::FarOut));
        assert_near(square(|z| (z * z / 8.0).exp()), std::f64::consts::SQRT_2);
        assert_near(square(|z| (z * z / 4.4).exp()), 11.0_f64.sqrt());
        assert!(matches!(mean(f64::ln), Err(Failure::NotFinite(z)) if z < 0.0));
        assert!(matches!(
            mean(|z| 1.0 / z.max(0.0)),
            Err(Failure::NotFinite(_))
        ));
        assert_eq!(mean(|z| (1e9 * z).sin() + 1.0), Err(Failure::Unsettled));
        assert_eq!(
            mean(|z| f64::from((z as f32).tanh()).powi(2)),
            Err(Failure::Unsettled)
        );
    }
}
