//! Functions of a uniform draw, computed in `f64` and rounded once.
//!
//! | law | value of a draw u on (0, 1) | what arithmetic leaves |
//! |---|---|---|
//! | log-uniform | √(low·high)·exp(w·(u − ½)), w = ln(high / low) | (w + 8)·2⁻⁵³ of the value |
//! | ln of a uniform | ln(low + (high − low)·u) | that of 2 ulp in the argument, and 3 ulp |
//! | inverse softplus | of the log-uniform, raised to a floor | that of the argument, and 3 ulp or 2⁻⁵⁰ |
//!
//! u is (w + ½)·2⁻ⁿ for a draw w of n bits: 32 in `f32` and what is made from it, 64 in `f64`.

use super::fraction::{integer_f64, unsigned_f64};
use crate::numeric::elementary::logarithm::{ln, ln_1p, times_exp};
use crate::numeric::elementary::softplus::softplus_inverse;
use crate::sample::element::Transform;

/// A law as a function of a uniform draw.
pub(super) trait OfUniform: Copy {
    /// The value of the draw `u` on (0, 1).
    fn value(&self, u: f64) -> f64;
}

/// Such a law, and its bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transformed<L> {
    law: L,
    bounds: (f64, f64),
}

impl<L: OfUniform> Transformed<L> {
    pub(super) fn new(law: L, bounds: (f64, f64)) -> Self {
        Self { law, bounds }
    }
}

impl<L: OfUniform> Transform for Transformed<L> {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        const PER_WORD: f64 = 1.0 / 4_294_967_296.0;
        for (value, &word) in out.iter_mut().zip(words) {
            *value = self.law.value(integer_f64(word, 0.5) * PER_WORD) as f32;
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        for (value, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            *value = self.law.value(unsigned_f64(high, low));
        }
    }

    fn bounds(&self) -> (f64, f64) {
        self.bounds
    }
}

/// exp(U(ln low, ln high)).
#[derive(Clone, Copy, Debug)]
pub(super) struct LogUniform {
    middle: f64,
    /// ln(high / low).
    width: f64,
}

impl LogUniform {
    pub(super) fn new(low: f64, high: f64) -> Self {
        // Of numbers close to one another the quotient has lost what it differs from 1 by.
        let width = if high - low < low {
            ln_1p((high - low) / low)
        } else {
            ln(high) - ln(low)
        };
        Self {
            middle: low.sqrt() * high.sqrt(),
            width,
        }
    }
}

impl OfUniform for LogUniform {
    #[inline(always)]
    fn value(&self, u: f64) -> f64 {
        times_exp(self.middle, self.width * (u - 0.5))
    }
}

/// `factor`·ln(U(low, high)).
#[derive(Clone, Copy, Debug)]
pub(super) struct LnUniform {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) factor: f64,
}

impl OfUniform for LnUniform {
    #[inline(always)]
    fn value(&self, u: f64) -> f64 {
        self.factor * ln(self.low + (self.high - self.low) * u)
    }
}

/// `factor`·softplus⁻¹(max(x, `floor`)).
#[derive(Clone, Copy, Debug)]
pub(super) struct SoftplusInverse {
    pub(super) of: LogUniform,
    pub(super) floor: f64,
    pub(super) factor: f64,
}

impl OfUniform for SoftplusInverse {
    #[inline(always)]
    fn value(&self, u: f64) -> f64 {
        let x = self.of.value(u);
        let raised = if x < self.floor { self.floor } else { x };
        self.factor * softplus_inverse(raised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draw, value; with 50 digits.
    #[test]
    fn literal_values() {
        let law = LogUniform::new(0.001, 0.1);
        for (u, exact) in [
            (0.007_812_5, 0.001_036_632_928_437_698),
            (0.3125, 0.004_216_965_034_285_823),
            (0.5, 0.01),
            (0.984_375, 0.093_057_204_092_969_9),
        ] {
            let got: f64 = law.value(u);
            assert!(
                (got - exact).abs() < exact * 13.0 * 2.0_f64.powi(-53),
                "{u}: {got:e} for {exact:e}"
            );
        }
        let law = LnUniform {
            low: 1.0,
            high: 16.0,
            factor: 1.0,
        };
        for (u, exact) in [
            (0.007_812_5, 0.110_814_366_340_290_11),
            (0.3125, 1.738_270_784_277_068_8),
            (0.5, 2.140_066_163_496_270_8),
            (0.984_375, 2.757_831_936_993_937),
        ] {
            let got: f64 = law.value(u);
            assert!(
                (got - exact).abs() < exact * 2.0_f64.powi(-51),
                "{u}: {got:e} for {exact:e}"
            );
        }
        let law = SoftplusInverse {
            of: LogUniform::new(0.001, 0.1),
            floor: 0.01,
            factor: 1.0,
        };
        for (u, exact) in [
            (0.007_812_5, -4.600_166_019_324_897),
            (0.3125, -4.600_166_019_324_897),
            (0.5, -4.600_166_019_324_897),
            (0.984_375, -2.327_651_482_669_973),
        ] {
            let got: f64 = law.value(u);
            assert!(
                (got - exact).abs() < exact.abs() * 2.0_f64.powi(-51),
                "{u}: {got:e} for {exact:e}"
            );
        }
    }

    #[test]
    fn bounds_of_any_magnitude_hold() {
        let wide = LogUniform::new(f64::MIN_POSITIVE, f64::MAX);
        assert!((wide.value(0.5) / 2.0 - 1.0).abs() < 1e-12);
        assert!(wide.value(1.0).is_finite() || wide.value(1.0) > f64::MAX);
        let narrow = LogUniform::new(1.0, 1.0 + 1e-9);
        assert!((narrow.value(0.75) - (1.0 + 0.75e-9)).abs() < 1e-15);
    }
}
