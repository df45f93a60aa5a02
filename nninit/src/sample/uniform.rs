//! The uniform law U(low, high) on [low, high): a real number is drawn and rounded once.
//!
//! It is rounded towards zero, or, where no value is positive, away from it. So every float gets its share of the
//! interval, the way to its neighbour: last places are even in every binade and for any bounds, and `high` never
//! occurs. Rounding twice would not do: where the first leaves a number half-way between two floats, the second prefers
//! the even one.
//!
//! The real number is `low` + (w + ½)·2⁻ⁿ·(`high` − `low`) for a draw w of n bits. The resolution is 2⁻³² of the
//! interval in `f32` and what is made from it, and 2⁻⁶⁴ in `f64`. Floats below 2⁻⁸ (2⁻¹¹) of the interval are finer
//! than that, and only some of them occur. The bounds are those of the law rounded to the kind, for the shorter kinds
//! to `f32`; with `low` = `high` all values are `low`.
//!
//! `f32` is computed in `f64`. Nothing is wider than `f64`: there the number is the sum of a coarse part, which is
//! exact, and of a fine one below 2⁻¹⁹ of the bounds, and what is lost is less than 2⁻¹⁸ of a last place. Against two
//! roundings, `f32` takes a seventh longer with 128-bit vectors and a third with 512-bit ones, `f64` a seventh.

use super::fraction::{TWO_TO_31, integer_f64, signed_i32};
use crate::sample::element::{Draw, Element, Transform};

#[derive(Clone, Copy, Debug)]
pub(super) struct Uniform {
    low: f64,
    high: f64,
    single: Single,
    double: Double,
}

impl Uniform {
    pub(super) fn new(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            single: Single::new(f32::nearest(low).into(), f32::nearest(high).into()),
            double: Double::new(low, high),
        }
    }
}

impl Transform for Uniform {
    #[inline(always)]
    fn single<const N: usize>(&self, words: &[u32; N], out: &mut [f32; N]) {
        for (value, &word) in out.iter_mut().zip(words) {
            *value = self.single.value(word);
        }
    }

    #[inline(always)]
    fn double<const N: usize>(&self, high: &[u32; N], low: &[u32; N], out: &mut [f64; N]) {
        for (value, (&high, &low)) in out.iter_mut().zip(high.iter().zip(low)) {
            *value = self.double.value(high, low);
        }
    }

    fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn range<D: Draw>(&self) -> (D, D) {
        let (low, high) = (D::nearest(self.low), D::nearest(self.high));
        let highest = high.below();
        (low, if highest < low { low } else { highest })
    }
}

/// `f32` values, in `f64`.
#[derive(Clone, Copy, Debug)]
struct Single {
    middle: f64,
    step: f64,
    /// What is added to the places that are cut off: all of them where values are rounded away from zero.
    carry: u64,
}

impl Single {
    /// The places that `f32` lacks.
    const CUT_OFF: u64 = (1 << (f64::MANTISSA_DIGITS - f32::MANTISSA_DIGITS)) - 1;

    fn new(low: f64, high: f64) -> Self {
        let step = (high - low) * 2f64.powi(-32);
        Self {
            middle: 0.5 * (low + high) + 0.5 * step,
            step,
            carry: if high > 0.0 { 0 } else { Self::CUT_OFF },
        }
    }

    #[inline(always)]
    fn value(&self, word: u32) -> f32 {
        let real = self.middle + self.step * f64::from(signed_i32(word));
        f64::from_bits((real.to_bits() + self.carry) & !Self::CUT_OFF) as f32
    }
}

/// `f64` values, in units of a power of two that leaves the bounds between −2 and 2.
#[derive(Clone, Copy, Debug)]
struct Double {
    unit: f64,
    /// The middle of the interval, and what the upper half of a draw is multiplied by: multiples of 2⁻⁵⁰, so that
    /// products and sums of them are exact.
    middle: f64,
    step: f64,
    /// What these two lack.
    middle_rest: f64,
    step_rest: f64,
    /// What the lower half of a draw is multiplied by.
    fine_step: f64,
    /// What a number's leading place is multiplied by to give half its last one, negative to be taken away.
    half_place: f64,
}

impl Double {
    fn new(low: f64, high: f64) -> Self {
        const HALF_PLACE: f64 = f64::EPSILON / 2.0;
        let unit = power_of_two_within(low.abs().max(high.abs()));
        let half_place = if high > 0.0 { -HALF_PLACE } else { HALF_PLACE };
        let (low, high) = (0.5 * (low / unit), 0.5 * (high / unit));
        let (middle, middle_lost) = two_sum(low, high);
        let (half, half_lost) = two_sum(high, -low);
        let step = half * 2f64.powi(-31);
        let (coarse_middle, coarse_step) = (to_grid(middle), to_grid(step));
        Self {
            unit,
            middle: coarse_middle,
            step: coarse_step,
            middle_rest: (middle - coarse_middle) + middle_lost,
            step_rest: (step - coarse_step) + half_lost * 2f64.powi(-31),
            fine_step: step * 2f64.powi(-32),
            half_place,
        }
    }

    /// Half a last place less or more makes of rounding to nearest a rounding down or up.
    #[inline(always)]
    fn value(&self, high: u32, low: u32) -> f64 {
        let high = integer_f64(high, -TWO_TO_31);
        let coarse = self.middle + self.step * high;
        let fine =
            self.step_rest * high + (self.middle_rest + self.fine_step * integer_f64(low, 0.5));
        let half_place = leading_place(coarse + fine) * self.half_place;
        (coarse + (fine + half_place)) * self.unit
    }
}

/// The power of two at or below the magnitude of `x`, with its sign.
#[inline(always)]
fn leading_place(x: f64) -> f64 {
    const SIGN_AND_EXPONENT: u64 = 0xFFF0_0000_0000_0000;
    f64::from_bits(x.to_bits() & SIGN_AND_EXPONENT)
}

/// The largest power of two that is not above `x`; 1 for 0.
fn power_of_two_within(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_normal() {
        leading_place(x)
    } else {
        f64::from_bits(1 << x.to_bits().ilog2())
    }
}

/// The multiple of 2⁻⁵⁰ nearest to `x`, which lies between −2 and 2.
fn to_grid(x: f64) -> f64 {
    const LAST_PLACE_IS_THE_GRID: f64 = 6.0;
    (x + LAST_PLACE_IS_THE_GRID) - LAST_PLACE_IS_THE_GRID
}

/// The sum and what rounding it lost (D. E. Knuth, "The Art of Computer Programming", volume 2, 4.2.2).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    (sum, (a - of_a) + (b - of_b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::stream::{Key, Tag};

    /// Bounds in units of 2⁻⁵⁰.
    const BOUNDS: [(i64, i64); 12] = [
        (0, 1 << 50),
        (1 << 50, 1 << 51),
        (-(1 << 50), 3 << 50),
        (-(1 << 50), 1 << 50),
        (-3 << 50, -2 << 50),
        (-(1 << 50), 0),
        (0, 112_589_990_684_262),
        (-844_424_930_131_968, 844_424_930_131_968),
        (900_719_925_474_099, 1_125_899_906_842_620),
        (-1, 2_251_799_813_685_247),
        (-2_251_799_813_685_247, 3),
        (1_125_899_906_842_619, 1_125_899_906_842_633),
    ];

    fn from_units(units: i64) -> f64 {
        units as f64 * 2f64.powi(-50)
    }

    /// The real number of a draw, exactly, in units of 2⁻⁵⁰⁻ⁿ⁻¹ for a draw of n bits.
    fn real(low: i64, high: i64, draw: u64, bits: u32) -> i128 {
        let (low, high) = (i128::from(low), i128::from(high));
        (low << (bits + 1)) + (high - low) * (2 * i128::from(draw) + 1)
    }

    /// Asserts that a value is the real number rounded to `digits` places: towards zero, and away from it below zero.
    /// `lost` is what may have been lost before, in units of the larger bound.
    fn assert_rounded(
        value: f64,
        bounds: (i64, i64),
        draw: u64,
        bits: u32,
        digits: u32,
        lost: f64,
    ) {
        let (low, high) = bounds;
        let real = real(low, high, draw, bits);
        let magnitude = (value.abs() * 2f64.powi(bits as i32 + 51)) as i128;
        let lacks = if high > 0 {
            real.abs() - magnitude
        } else {
            magnitude - real.abs()
        };
        let place = 2f64.powi(real.abs().ilog2() as i32 + 1 - digits as i32);
        let apart = 2.0 * (high - low) as f64;
        let bound = low.abs().max(high.abs()) as f64 * 2f64.powi(bits as i32 + 1);
        // Where draws are further apart than floats, a real number that is a float may move by a place.
        let finer = if place < apart { 1.0 } else { 0.0 };
        let slack = finer + bound * lost / place;
        let lacks = lacks as f64 / place;
        assert!(value == 0.0 || (value < 0.0) == (real < 0));
        assert!(
            -slack <= lacks && lacks < 1.0 + slack,
            "{bounds:?}, draw {draw}: {value:e} lacks {lacks} places, {slack:e} allowed"
        );
    }

    fn words(tag: Tag) -> Vec<u32> {
        let mut words = vec![0; 1 << 16];
        Key::new(42, "uniform").words(tag, 0, &mut words);
        words[..6].copy_from_slice(&[0, 1, u32::MAX, u32::MAX - 1, 1 << 31, (1 << 31) - 1]);
        words
    }

    #[test]
    fn singles_are_rounded_once() {
        let to_units = |single: f32| (f64::from(single) * 2f64.powi(50)) as i64;
        for (low, high) in BOUNDS {
            let (low, high) = (from_units(low) as f32, from_units(high) as f32);
            let single = Single::new(low.into(), high.into());
            for word in words(Tag::Values) {
                let value = single.value(word).into();
                let bounds = (to_units(low), to_units(high));
                assert_rounded(
                    value,
                    bounds,
                    word.into(),
                    32,
                    f32::MANTISSA_DIGITS,
                    2f64.powi(-52),
                );
            }
        }
    }

    #[test]
    fn doubles_are_rounded_once() {
        for (low, high) in BOUNDS {
            let double = Double::new(from_units(low), from_units(high));
            for (upper, lower) in words(Tag::Values).into_iter().zip(words(Tag::ValuesLow)) {
                let value = double.value(upper, lower);
                let draw = u64::from(upper) << 32 | u64::from(lower);
                assert_rounded(
                    value,
                    (low, high),
                    draw,
                    64,
                    f64::MANTISSA_DIGITS,
                    2f64.powi(-71),
                );
            }
        }
    }

    /// Draws of U(0, 1) next to each other, where floats are as far apart as they are.
    #[test]
    fn draws_are_resolved_down_to_their_distance() {
        let single = Single::new(0.0, 1.0);
        assert_eq!(single.value(0), 2f32.powi(-33));
        assert_eq!(single.value(1 << 23), 2f32.powi(-9));
        assert_eq!(single.value((1 << 23) + 1), 2f32.powi(-9).next_up());
        assert_eq!(single.value(u32::MAX), 1f32.next_down());
        let double = Double::new(0.0, 1.0);
        assert_eq!(double.value(1 << 21, 1), 2f64.powi(-11));
        assert_eq!(double.value(1 << 21, 2), 2f64.powi(-11).next_up());
        assert_eq!(double.value(u32::MAX, u32::MAX), 1f64.next_down());
    }

    #[test]
    fn bounds_of_any_magnitude_scale() {
        for exponent in [-1000, -300, 300, 1022] {
            let scale = 2f64.powi(exponent);
            let (unscaled, scaled) = (Double::new(-1.0, 1.75), Double::new(-scale, 1.75 * scale));
            for (upper, lower) in words(Tag::Values)
                .into_iter()
                .zip(words(Tag::ValuesLow))
                .take(1000)
            {
                assert_eq!(
                    scaled.value(upper, lower),
                    unscaled.value(upper, lower) * scale
                );
            }
        }
    }
}
