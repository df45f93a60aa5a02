//! Numbers of twice the digits: the sum of two floats, of which the second is less than the first's last place.
//!
//! What is rounded from them once is the nearest float, but where the exact value lies within 2⁻⁴⁰ units of the last
//! place of the middle between two. Sums and products are those of Dekker (1971) and Knuth, never fused.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The sum of its parts. An operation adds an error of 2⁻¹⁰³ of its result or so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    /// The nearest float.
    pub(crate) high: f64,
    /// What that leaves.
    pub(crate) low: f64,
}

impl Pair {
    pub(crate) const PI: Self = Self {
        high: std::f64::consts::PI,
        low: 1.224_646_799_147_353_2e-16,
    };
    pub(crate) const TURN: Self = Self {
        high: std::f64::consts::TAU,
        low: 2.449_293_598_294_706_4e-16,
    };
    pub(crate) const PER_TURN: Self = Self {
        high: 0.159_154_943_091_895_35,
        low: -9.839_338_337_591_243e-18,
    };
    pub(crate) const LN_2: Self = Self {
        high: std::f64::consts::LN_2,
        low: 2.319_046_813_846_299_6e-17,
    };
    const ONE: Self = Self {
        high: 1.0,
        low: 0.0,
    };

    /// `x` itself.
    #[inline(always)]
    pub(crate) const fn of(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }

    /// Exactly `a` + `b`.
    #[inline(always)]
    pub(crate) fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let from_b = high - a;
        let low = (a - (high - from_b)) + (b - from_b);
        Self { high, low }
    }

    /// Exactly `a`·`b`, where neither is above 2⁹⁹⁵ and no part is below the smallest normal number.
    #[inline(always)]
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let (a, a_rest) = halves(a);
        let (b, b_rest) = halves(b);
        let low = ((a * b - high) + a * b_rest + a_rest * b) + a_rest * b_rest;
        Self { high, low }
    }

    /// exp(`self`) for −700 to 700; within 2⁻⁹⁷ of it.
    pub(crate) fn exp(self) -> Self {
        /// The series is taken of the 256th part, and the result raised to that power.
        const SQUARINGS: u32 = 8;
        const PART: f64 = 1.0 / 256.0;
        let doublings = (self.high / Self::LN_2.high).round();
        let rest = self - Self::LN_2 * doublings;
        let part = rest * PART;
        let terms = (2..=10).rev().map(f64::from);
        let series = terms.fold(Self::ONE, |sum, n| Self::ONE + part * sum / Self::of(n));
        // Of exp − 1, which loses nothing where exp is near 1.
        let less_one = (0..SQUARINGS).fold(part * series, |x, _| x * (x + Self::of(2.0)));
        let power = f64::from_bits(((1023 + doublings as i64) as u64) << 52);
        (less_one + Self::ONE) * power
    }

    /// ln `x` for normal `x` from 2⁻¹⁰⁰⁰ to 2¹⁰⁰⁰.
    pub(crate) fn ln(x: f64) -> Self {
        let near = Self::of(super::logarithm::ln(x));
        // One step of Newton's method: what is left is the third power of 2⁻⁴⁰ or less.
        let off = (-near).exp() * x - Self::ONE;
        near + (off - off * off * 0.5)
    }

    /// The fraction of two whole numbers below 2⁵³.
    pub(crate) fn fraction(above: u64, below: u64) -> Self {
        Self::of(above as f64) / Self::of(below as f64)
    }
}

impl Add for Pair {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        let rest = Self::sum(self.low, other.low);
        let once = normal(sum.high, sum.low + rest.high);
        normal(once.high, once.low + rest.low)
    }
}

impl Neg for Pair {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            high: -self.high,
            low: -self.low,
        }
    }
}

impl Sub for Pair {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Pair {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let crossed = self.high * other.low + self.low * other.high;
        normal(product.high, product.low + crossed)
    }
}

impl Mul<f64> for Pair {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        let product = Self::product(self.high, other);
        normal(product.high, product.low + self.low * other)
    }
}

impl Div for Pair {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self - other * first;
        let second = rest.high / other.high;
        let rest = rest - other * second;
        let sum = Self::sum(first, second);
        normal(sum.high, sum.low + rest.high / other.high)
    }
}

/// The same sum with the nearest float first, where `high` is not the lesser of the two.
#[inline(always)]
fn normal(high: f64, low: f64) -> Pair {
    let nearest = high + low;
    Pair {
        high: nearest,
        low: low - (nearest - high),
    }
}

/// `x` as a sum of two floats of 26 digits each.
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    /// 2²⁷ + 1.
    const SPLIT: f64 = 134_217_729.0;
    let scaled = SPLIT * x;
    let upper = scaled - (scaled - x);
    (upper, x - upper)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{E, LN_2};

    use super::*;

    /// Both parts of the exact value, from 400 bits of it.
    #[track_caller]
    fn assert_near(got: Pair, high: f64, low: f64) {
        assert_eq!(got.high, high, "{got:?}");
        let off = ((got.low - low) / high).abs();
        assert!(off < 2.0_f64.powi(-96), "{got:?} for {low:e}");
    }

    #[test]
    fn exponentials_have_twice_the_digits() {
        for (x, high, low) in [
            (-0.5, 0.606_530_659_712_633_4, -6.593_178_415_491_414e-19),
            (-20.5, 1.250_152_866_386_742_6e-9, 6.448_235_878_237_776e-26),
            (1.0, E, 1.445_646_891_729_250_2e-16),
            (
                600.0,
                3.773_020_300_929_939_7e260,
                1.611_693_410_923_224_7e244,
            ),
            (
                -650.25,
                3.981_192_180_632_914_3e-283,
                2.320_354_214_140_808e-299,
            ),
            (1.0e-5, 1.000_010_000_05, 9.701_884_258_585_04e-17),
        ] {
            assert_near(Pair::of(x).exp(), high, low);
        }
    }

    #[test]
    fn logarithms_have_twice_the_digits() {
        for (x, high, low) in [
            (2.0, LN_2, 2.319_046_813_846_299_6e-17),
            (3.0, 1.098_612_288_668_109_8, -9.071_297_235_001_53e-17),
            (10_000.0, 9.210_340_371_976_184, -8.683_024_893_528_997e-16),
            (1.0e-6, -13.815_510_557_964_274, -5.191_549_935_450_145e-16),
            (
                1.0e100,
                230.258_509_299_404_58,
                -1.103_351_830_631_123_2e-14,
            ),
            (0.5, -LN_2, -2.319_046_813_846_299_6e-17),
            (16.0, 2.772_588_722_239_781, 9.276_187_255_385_198e-17),
            (500_000.0, 13.122_363_377_404_328, 5.617_349_396_949_535e-16),
        ] {
            assert_near(Pair::ln(x), high, low);
        }
        assert_eq!(Pair::ln(1.0), Pair::of(0.0));
    }

    #[test]
    fn fractions_have_twice_the_digits() {
        for (above, below, high, low) in [
            (1, 3, 0.333_333_333_333_333_3, 1.850_371_707_708_594e-17),
            (
                383,
                384,
                0.997_395_833_333_333_4,
                -3.700_743_415_417_188e-17,
            ),
            (1, 10, 0.1, -5.551_115_123_125_783e-18),
            (
                9_007_199_254_740_991,
                7,
                1_286_742_750_677_284.5,
                -0.071_428_571_428_571_42,
            ),
            (22, 7, 3.142_857_142_857_143, 6.344_131_569_286_608e-17),
        ] {
            assert_near(Pair::fraction(above, below), high, low);
        }
    }

    #[test]
    fn what_is_subtracted_is_gone() {
        let third = Pair::fraction(1, 3);
        assert_eq!(third - third, Pair::of(0.0));
        let rest = third * 3.0 - Pair::ONE;
        assert!(rest.high.abs() < 2.0_f64.powi(-104), "{rest:?}");
    }
}
