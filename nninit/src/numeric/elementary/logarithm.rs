//! Natural logarithms and exponentials.
//!
//! The samplers want −2·ln, the squared length of a standard normal pair, so that is what the cores give. Each splits
//! its argument into (1 + f)·2ᵉ with 1 + f in [√½, √2) and adds e·(−2·ln 2) to a minimax fit of −2·ln(1 + f). The fits
//! were made for this crate by the Remez exchange algorithm.

use super::polynomial::polynomial;

/// −2·ln((1 + f)·2ᵉ) for 1 + f in [√½, √2]; within 2 ulp.
#[inline(always)]
pub(crate) fn minus_two_ln_f32(f: f32, e: f32) -> f32 {
    const MINUS_TWO_LN_2: f32 = -1.386_294_4;
    const FIT: [f32; 7] = [
        -0.666_678_2,
        0.500_026_7,
        -0.399_261_15,
        0.331_552_45,
        -0.298_297_97,
        0.285_346_42,
        -0.173_997_55,
    ];
    let square = f * f;
    e * MINUS_TWO_LN_2 + (square * (1.0 + f * polynomial(f, &FIT)) - (f + f))
}

/// −2·ln((1 + f)·2ᵉ) for 1 + f in [√½, √2]; within 2 ulp. Through the inverse hyperbolic tangent:
/// ln(1 + f) = 2·artanh(f / (2 + f)).
#[inline(always)]
pub(crate) fn minus_two_ln_f64(f: f64, e: f64) -> f64 {
    const MINUS_TWO_LN_2: f64 = -1.386_294_361_119_890_6;
    const FIT: [f64; 7] = [
        -1.333_333_333_333_342,
        -0.799_999_999_990_402_3,
        -0.571_428_574_584_084_6,
        -0.444_443_982_007_572_4,
        -0.363_671_419_968_891_85,
        -0.306_263_585_547_858_3,
        -0.296_207_252_796_388_43,
    ];
    let s = f / (2.0 + f);
    let square = s * s;
    e * MINUS_TWO_LN_2 + (s * (square * polynomial(square, &FIT)) - 4.0 * s)
}

/// The f and e of a positive normal `x` = (1 + f)·2ᵉ with 1 + f in [√½, √2).
#[inline(always)]
pub(crate) fn split_f32(x: f32) -> (f32, f32) {
    const SQRT_HALF: u32 = 0x3F35_04F3;
    let above = x.to_bits().wrapping_sub(SQRT_HALF);
    let exponent = above as i32 >> 23;
    let significand = f32::from_bits((above & 0x007F_FFFF) + SQRT_HALF);
    (significand - 1.0, exponent as f32)
}

/// The f and e of a positive normal `x` = (1 + f)·2ᵉ with 1 + f in [√½, √2).
#[inline(always)]
pub(crate) fn split_f64(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    let above = x.to_bits().wrapping_sub(SQRT_HALF);
    let exponent = (above as i64 >> 52) as i32;
    let significand = f64::from_bits((above & 0x000F_FFFF_FFFF_FFFF) + SQRT_HALF);
    (significand - 1.0, f64::from(exponent))
}

/// ln `x` for positive normal `x`; within 3 ulp.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    let (f, e) = split_f64(x);
    -0.5 * minus_two_ln_f64(f, e)
}

/// ln(1 + `x`) for −1 < `x` ≤ 1, precise also where `x` is small; within 3 ulp.
///
/// What the sum 1 + x loses is exact in floating point, and the logarithm's slope there is 1 / (1 + x).
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    let sum = 1.0 + x;
    let lost = x - (sum - 1.0);
    ln(sum) + lost / sum
}

/// exp(`x`) − 1 for `x` ≤ 0; within 3 ulp.
#[inline(always)]
pub(crate) fn exp_m1(x: f64) -> f64 {
    let (power, rest) = split_exponent(x);
    power * rest + (power - 1.0)
}

/// exp(`x`) for `x` ≤ 0, and 0 below the smallest normal; within 2 ulp.
pub(crate) fn exp(x: f64) -> f64 {
    let (power, rest) = split_exponent(x);
    power * rest + power
}

/// `factor`·exp(`x`) for |`x`| ≤ 1400, where the result is a normal number; within 3 ulp.
///
/// The power of two is applied in two halves, so that it may lie beyond every float.
#[inline(always)]
pub(crate) fn times_exp(factor: f64, x: f64) -> f64 {
    let (k, rest) = reduce(x);
    let half = (0.5 * k + TO_INTEGER) - TO_INTEGER;
    let scaled = factor * power_of_two(half);
    (scaled * rest + scaled) * power_of_two(k - half)
}

/// Adding and taking it away rounds to an integer.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// 2ᵏ and exp(r) − 1 for `x` = k·ln 2 + r, |r| ≤ ½·ln 2.
fn split_exponent(x: f64) -> (f64, f64) {
    /// Below this, 2ᵏ is not a normal number.
    const LOWEST: f64 = -708.0;
    if x < LOWEST {
        return (0.0, 0.0);
    }
    let (k, rest) = reduce(x);
    (power_of_two(k), rest)
}

/// 2ᵏ for a whole number that makes it normal, from the last places of k + 1.5·2⁵².
#[inline(always)]
fn power_of_two(k: f64) -> f64 {
    f64::from_bits((k + TO_INTEGER).to_bits().wrapping_add(1023) << 52)
}

/// k and exp(r) − 1 for `x` = k·ln 2 + r, |r| ≤ ½·ln 2.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    /// ln 2 in two parts: products of the first with exponents are exact.
    const LN_2: [f64; 2] = [0.693_147_180_485_539_1, 7.440_617_110_012_397e-11];
    const FIT: [f64; 11] = [
        0.5,
        0.166_666_666_666_666_77,
        0.041_666_666_666_666_51,
        0.008_333_333_333_321_702,
        0.001_388_888_888_896_233,
        0.000_198_412_698_859_381_87,
        2.480_158_717_257_930_8e-5,
        2.755_724_440_505_255_4e-6,
        2.755_740_263_383_55e-7,
        2.510_896_718_414_465_8e-8,
        2.087_532_537_224_086_8e-9,
    ];
    let k = (x * LOG2_E + TO_INTEGER) - TO_INTEGER;
    let r = (x - k * LN_2[0]) - k * LN_2[1];
    (k, r + r * r * polynomial(r, &FIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::ulps::{ulps_f32, ulps_f64};

    /// Every significand within the split's interval, against the 64-bit logarithm.
    #[test]
    fn minus_two_ln_in_f32_is_within_two_ulp() {
        for e in [-31, -7, -2, -1, 0, 1] {
            for bits in 0x3F35_04F3..0x3FB5_04F3 {
                let x = f32::from_bits(bits);
                if x == 1.0 && e == 0 {
                    continue;
                }
                let got = minus_two_ln_f32(x - 1.0, e as f32);
                let exact = -2.0 * (f64::from(x).ln() + f64::from(e) * std::f64::consts::LN_2);
                assert!(ulps_f32(got, exact) < 2.0, "{x}·2^{e}: {got} for {exact}");
            }
        }
    }

    /// Close to 1, where the draw's complement gives more bits than the significand has.
    #[test]
    fn minus_two_ln_keeps_relative_precision_near_one() {
        for power in 1..32 {
            let f = -(2f32.powi(-power) * 0.58);
            let exact = -2.0 * f64::from(f).ln_1p();
            assert!(ulps_f32(minus_two_ln_f32(f, 0.0), exact) < 2.0);
        }
        for power in 2..64 {
            let f = -(2f64.powi(-power) * 0.58);
            assert!(ulps_f64(minus_two_ln_f64(f, 0.0), -2.0 * f.ln_1p()) < 2.0);
        }
    }

    #[test]
    fn logarithms_and_exponentials_match_the_standard_library() {
        for step in 1..2_000_000 {
            let unit = f64::from(step) / 2_000_000.0;
            for x in [
                unit,
                unit * unit * unit * unit * 1e-60,
                1.0 + unit,
                unit * 1e9,
            ] {
                assert!(ulps_f64(ln(x), x.ln()) < 3.0, "ln {x}");
            }
            for x in [-unit, unit, -unit.powi(8), unit.powi(20)] {
                assert!(ulps_f64(ln_1p(x), x.ln_1p()) < 3.0, "ln_1p {x}");
            }
            for x in [-unit, -unit.powi(8), -700.0 * unit] {
                assert!(ulps_f64(exp_m1(x), x.exp_m1()) < 3.0, "exp_m1 {x}");
                assert!(ulps_f64(exp(x), x.exp()) < 2.0, "exp {x}");
            }
        }
    }

    /// With 50 digits; the powers that are left out of one of the factors are beyond every float.
    #[test]
    fn exponentials_of_any_magnitude_are_scaled() {
        for (factor, x, exact) in [
            (1.0, 1.0, std::f64::consts::E),
            (3.0, -20.5, 3.750_458_599_160_227_5e-9),
            (1e-300, 1300.0, 3.826_718_132_369_058e264),
            (1e300, -1300.0, 2.613_205_272_531_835_3e-265),
            (2.0, 700.0, 2.028_464_109_470_009e304),
            (1.0, 0.0, 1.0),
        ] {
            let got = times_exp(factor, x);
            assert!(ulps_f64(got, exact) < 3.0, "{factor} {x}: {got:e}");
        }
    }

    #[test]
    fn exponentials_end_in_zero() {
        assert_eq!(exp(-800.0), 0.0);
        assert_eq!(exp_m1(f64::NEG_INFINITY), -1.0);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp_m1(-0.0), 0.0);
    }
}
