//! Mean, spread and ends of values, in one pass.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into a SIMD level's function is compiled for that level"
)]

use super::read::Float;

/// Values that are summed side by side.
const LANES: usize = 16;

/// What the numbers of a parameter's table follow from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    /// Finite values.
    pub(super) count: u64,
    pub(super) not_finite: u64,
    pub(super) zeros: u64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            not_finite: 0,
            zeros: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            mean: 0.0,
            squares: 0.0,
        }
    }
}

impl Moments {
    /// Those of `values`.
    ///
    /// Sums are of differences from the first finite value, so that no digits are lost where the mean is far from 0.
    #[inline(always)]
    pub(super) fn of<T: Float>(values: &[T]) -> Self {
        let finite = |value: &f64| value.abs() < f64::INFINITY;
        let origin = values.iter().map(|&value| value.into()).find(finite);
        let Some(origin) = origin else {
            return Self {
                not_finite: values.len() as u64,
                ..Self::default()
            };
        };
        let mut lanes = Lanes::default();
        let (groups, rest) = values.as_chunks::<LANES>();
        for group in groups {
            lanes.see(group.map(Into::into), origin);
        }
        // Values that are not finite are counted, and left out of everything else.
        let mut last = [f64::NAN; LANES];
        for (slot, &value) in last.iter_mut().zip(rest) {
            *slot = value.into();
        }
        lanes.see(last, origin);
        let absent = (LANES - rest.len()) as u64;
        lanes.total(values.len() as u64, absent, origin)
    }

    /// Adds those of other values of the same parameter (Chan, Golub & LeVeque 1979).
    #[inline(always)]
    pub(super) fn add(&mut self, other: &Self) {
        let (a, b) = (self.count as f64, other.count as f64);
        if other.count > 0 {
            let apart = other.mean - self.mean;
            self.squares += other.squares + apart * apart * (a * b / (a + b));
            self.mean += apart * (b / (a + b));
        }
        self.count += other.count;
        self.not_finite += other.not_finite;
        self.zeros += other.zeros;
        (self.min, self.max) = (self.min.min(other.min), self.max.max(other.max));
    }

    /// The standard deviation of these values as a whole.
    pub(super) fn std(&self) -> f64 {
        (self.squares / self.count as f64).max(0.0).sqrt()
    }
}

struct Lanes {
    sum: [f64; LANES],
    squares: [f64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
    zeros: [u64; LANES],
    not_finite: [u64; LANES],
}

impl Default for Lanes {
    #[inline(always)]
    fn default() -> Self {
        Self {
            sum: [0.0; LANES],
            squares: [0.0; LANES],
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
            zeros: [0; LANES],
            not_finite: [0; LANES],
        }
    }
}

impl Lanes {
    #[inline(always)]
    fn see(&mut self, values: [f64; LANES], origin: f64) {
        for (lane, &value) in values.iter().enumerate() {
            let finite = value.abs() < f64::INFINITY;
            let moved = if finite { value - origin } else { 0.0 };
            self.sum[lane] += moved;
            self.squares[lane] += moved * moved;
            let (low, high) = if finite {
                (value, value)
            } else {
                (f64::INFINITY, f64::NEG_INFINITY)
            };
            self.min[lane] = if low < self.min[lane] {
                low
            } else {
                self.min[lane]
            };
            self.max[lane] = if high > self.max[lane] {
                high
            } else {
                self.max[lane]
            };
            self.zeros[lane] += u64::from(value == 0.0);
            self.not_finite[lane] += u64::from(!finite);
        }
    }

    #[inline(always)]
    fn total(&self, len: u64, absent: u64, origin: f64) -> Moments {
        let not_finite = self.not_finite.iter().sum::<u64>() - absent;
        let count = len - not_finite;
        let (n, sum) = (count as f64, self.sum.iter().sum::<f64>());
        let squares = self.squares.iter().sum::<f64>();
        Moments {
            count,
            not_finite,
            zeros: self.zeros.iter().sum(),
            min: self.min.iter().copied().fold(f64::INFINITY, f64::min),
            max: self.max.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            mean: origin + sum / n,
            squares: squares - sum * (sum / n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_whole_however_it_is_cut() {
        let values: Vec<f64> = (0..1000_i32).map(|i| 1e6 + f64::from(i * i % 97)).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        for cut in [0, 1, 15, 16, 500, 1000] {
            let mut moments = Moments::of(&values[..cut]);
            moments.add(&Moments::of(&values[cut..]));
            assert_eq!(moments.count, 1000);
            assert!((moments.mean - mean).abs() < 1e-9, "{cut}");
            assert!((moments.std() - variance.sqrt()).abs() < 1e-9, "{cut}");
            assert_eq!((moments.min, moments.max), (1e6, 1e6 + 96.0));
        }
    }

    #[test]
    fn what_is_not_finite_is_counted_and_left_out() {
        let moments = Moments::of(&[f32::NAN, 0.0, 4.0, f32::INFINITY, 0.0]);
        assert_eq!(
            (moments.count, moments.not_finite, moments.zeros),
            (3, 2, 2)
        );
        assert_eq!((moments.min, moments.max), (0.0, 4.0));
        assert!((moments.mean - 4.0 / 3.0).abs() < 1e-15);
        let none = Moments::of(&[f32::NAN; 3]);
        assert_eq!((none.count, none.not_finite), (0, 3));
    }
}
