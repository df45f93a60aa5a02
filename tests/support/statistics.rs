//! Whether values come from a distribution, at a stated level and with bounds from the number of samples.

use half::{bf16, f16};
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal};
use tch::{Kind, Tensor};

/// How often a test here would refuse what is right, over all seeds: the level of PyTorch's own tests. Seeds are fixed,
/// so a test that passes keeps passing.
pub const LEVEL: f64 = 1e-4;

/// A cumulative distribution function.
pub trait Cdf: Fn(f64) -> f64 {}

impl<F: Fn(f64) -> f64> Cdf for F {}

/// Of `U(low, high)`.
#[must_use]
pub fn uniform(low: f64, high: f64) -> impl Cdf {
    move |x| ((x - low) / (high - low)).clamp(0.0, 1.0)
}

/// Of `N(mean, std²)`.
///
/// # Panics
///
/// Unless `std` is positive.
#[must_use]
pub fn normal(mean: f64, std: f64) -> impl Cdf {
    let law = Normal::new(mean, std).expect("a positive standard deviation");
    move |x| law.cdf(x)
}

/// Of `N(mean, std²)` on `[low, high]`.
///
/// # Panics
///
/// Unless `std` is positive.
#[must_use]
pub fn trunc_normal(mean: f64, std: f64, low: f64, high: f64) -> impl Cdf {
    let law = Normal::new(mean, std).expect("a positive standard deviation");
    // Of the two tails, the one in which the interval's ends do not both round to 1.
    let mass = move |from: f64, to: f64| {
        if low > mean {
            law.sf(from) - law.sf(to)
        } else {
            law.cdf(to) - law.cdf(from)
        }
    };
    move |x| mass(low, x.clamp(low, high)) / mass(low, high)
}

/// Whether the elements may have been drawn from `cdf`: Kolmogorov–Smirnov at [`LEVEL`].
///
/// Half kinds are compared with the law rounded to them: each value stands for all that rounds to it.
///
/// # Errors
///
/// The distance between the distribution functions, and the one that is allowed.
///
/// # Panics
///
/// For a tensor that is no float's.
pub fn drawn_from(tensor: &Tensor, cdf: impl Cdf) -> Result<(), String> {
    let (sorted, _) = tensor
        .detach()
        .flatten(0, -1)
        .to_kind(Kind::Double)
        .sort(0, false);
    let samples: Vec<f64> = sorted.try_into().expect("a flat tensor of f64");
    let (distance, allowed) = (
        distance(&samples, |value| cell(tensor.kind(), value).map(&cdf)),
        critical_distance(samples.len()),
    );
    if distance <= allowed {
        Ok(())
    } else {
        Err(format!(
            "the distance is {distance}, and at most {allowed} for {} samples",
            samples.len()
        ))
    }
}

/// Panics unless the elements may have been drawn from `cdf`, as [`drawn_from`] has it.
///
/// # Panics
///
/// With the distances.
#[track_caller]
pub fn assert_drawn_from(tensor: &Tensor, cdf: impl Cdf) {
    if let Err(distances) = drawn_from(tensor, cdf) {
        panic!("{distances}");
    }
}

/// The largest number of standard deviations that the furthest of `samples` normal values may lie out, at [`LEVEL`].
#[must_use]
pub fn furthest_normal(samples: usize) -> f64 {
    -Normal::standard().inverse_cdf(LEVEL / (2.0 * samples as f64))
}

/// The largest count of something that happens with `probability` in `samples` trials, at [`LEVEL`].
///
/// # Panics
///
/// Unless `probability` is one.
#[must_use]
pub fn largest_count(samples: usize, probability: f64) -> u64 {
    let law = Binomial::new(probability, samples as u64).expect("a probability");
    law.inverse_cdf(1.0 - LEVEL)
}

/// The distance that samples of a distribution exceed with a probability of [`LEVEL`] at most, for any number of them:
/// Massart (1990), *The tight constant in the Dvoretzky–Kiefer–Wolfowitz inequality*.
#[must_use]
pub fn critical_distance(samples: usize) -> f64 {
    ((2.0 / LEVEL).ln() / (2.0 * samples as f64)).sqrt()
}

/// The largest distance between the empirical distribution function of sorted samples and the one that `around` gives
/// just below and at a value.
fn distance(sorted: &[f64], around: impl Fn(f64) -> [f64; 2]) -> f64 {
    let share = |count: usize| count as f64 / sorted.len() as f64;
    let mut passed = 0;
    let mut largest: f64 = 0.0;
    for equal in sorted.chunk_by(|a, b| a == b) {
        let [below, at] = around(equal[0]);
        largest = largest.max((share(passed) - below).abs());
        passed += equal.len();
        largest = largest.max((share(passed) - at).abs());
    }
    largest
}

/// The numbers that a value of `kind` stands for: those that round to it. In `f32` and `f64`, to any test here, itself.
fn cell(kind: Kind, value: f64) -> [f64; 2] {
    let neighbours = match kind {
        Kind::Half => {
            let half = f16::from_f64(value);
            steps(half.to_bits()).map(|bits| f16::from_bits(bits).to_f64())
        }
        Kind::BFloat16 => {
            let half = bf16::from_f64(value);
            steps(half.to_bits()).map(|bits| bf16::from_bits(bits).to_f64())
        }
        _ => return [value; 2],
    };
    neighbours.map(|neighbour| f64::midpoint(value, neighbour))
}

/// The bits of the next smaller and the next larger number of a 16-bit float.
fn steps(bits: u16) -> [u16; 2] {
    let (negative, magnitude) = (bits & 0x8000 != 0, bits & 0x7FFF);
    match (negative, magnitude) {
        (_, 0) => [0x8001, 0x0001],
        (false, _) => [bits - 1, bits + 1],
        (true, _) => [bits + 1, bits - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_samples_worked_by_hand() {
        let cdf = |x: f64| [x, x];
        assert_eq!(distance(&[0.5], cdf), 0.5);
        assert_eq!(distance(&[0.25, 0.75], cdf), 0.25);
        assert_eq!(distance(&[0.5, 0.5], cdf), 0.5);
        assert_eq!(distance(&[0.0, 0.0, 0.0, 0.5], cdf), 0.75);
    }

    #[test]
    fn halves_stand_for_what_rounds_to_them() {
        assert_eq!(
            cell(Kind::BFloat16, 1.0),
            [1.0 - 1.0 / 512.0, 1.0 + 1.0 / 256.0]
        );
        assert_eq!(
            cell(Kind::Half, -1.0),
            [-1.0 - 1.0 / 2048.0, -1.0 + 1.0 / 4096.0]
        );
        assert_eq!(
            cell(Kind::Half, 0.0),
            [-(2.0_f64.powi(-25)), 2.0_f64.powi(-25)]
        );
        assert_eq!(cell(Kind::Float, 1.0), [1.0, 1.0]);
    }

    #[test]
    fn counts_and_extremes_have_their_textbook_values() {
        assert_eq!(largest_count(1000, 0.0), 0);
        // Poisson(1): P(more than 6) = 8.3e-5, P(more than 5) = 5.9e-4.
        assert_eq!(largest_count(1_000_000, 1e-6), 6);
        // Q(3.8906) = 5e-5.
        assert!((furthest_normal(1) - 3.8906).abs() < 1e-4);
    }
}
