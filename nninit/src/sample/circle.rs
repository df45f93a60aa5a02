//! Uniform points on the unit circle.
//!
//! A word's lower 30 bits are an angle within ±⅛ turn, where short minimax fits of sine and cosine hold; its two upper
//! bits choose a reflection each, about the vertical axis and about the diagonal, which together carry that arc over
//! the whole circle. As the reflections swap and negate, the coordinates keep their relative precision near zero.

use crate::numeric::elementary::polynomial::polynomial;

const NEGATE: u32 = 1 << 31;
const SWAP: u32 = 1 << 30;

/// The point that `word` stands for, as (cosine, sine); each coordinate within 3 ulp.
#[inline(always)]
pub(super) fn point_f32(word: u32) -> (f32, f32) {
    const PER_WORD: f32 = 1.0 / 4_294_967_296.0;
    /// sin(π/2·t) / t in powers of t².
    const SINE: [f32; 4] = [1.570_796_4, -0.645_963_5, 0.079_680_03, -0.004_601_658_3];
    /// (cos(π/2·t) − 1) / t² in powers of t².
    const COSINE: [f32; 4] = [-1.233_700_5, 0.253_669_17, -0.020_859_936, 0.000_903_363_05];
    let quarters = (word << 2) as i32 as f32 * PER_WORD;
    let square = quarters * quarters;
    let sine = quarters * polynomial(square, &SINE);
    let cosine = 1.0 + square * polynomial(square, &COSINE);
    let cosine = f32::from_bits(cosine.to_bits() ^ word & NEGATE);
    if word & SWAP == 0 {
        (cosine, sine)
    } else {
        (sine, cosine)
    }
}

/// The point that `high` stands for, its angle made finer by `low`; each coordinate within 3 ulp.
#[inline(always)]
pub(super) fn point_f64(high: u32, low: u32) -> (f64, f64) {
    const PER_WORD: f64 = 1.0 / 4_294_967_296.0;
    /// sin(π/2·t) / t in powers of t².
    const SINE: [f64; 7] = [
        std::f64::consts::FRAC_PI_2,
        -0.645_964_097_506_244_3,
        0.079_692_626_246_039_58,
        -0.004_681_754_132_282_68,
        0.000_160_441_150_292_931_8,
        -3.598_641_756_907_521e-6,
        5.633_721_112_301_543_7e-8,
    ];
    /// (cos(π/2·t) − 1) / t² in powers of t².
    const COSINE: [f64; 7] = [
        -1.233_700_550_136_169_7,
        0.253_669_507_901_047_14,
        -0.020_863_480_763_318_17,
        0.000_919_260_274_236_879_1,
        -2.520_203_696_171_001e-5,
        4.710_612_286_370_458_5e-7,
        -6.321_258_921_032_388e-9,
    ];
    let fine = f64::from((low >> 1) as i32) * 8.0 * PER_WORD;
    let quarters = (f64::from((high << 2) as i32) + fine) * PER_WORD;
    let square = quarters * quarters;
    let sine = quarters * polynomial(square, &SINE);
    let cosine = 1.0 + square * polynomial(square, &COSINE);
    let cosine = f64::from_bits(cosine.to_bits() ^ u64::from(high & NEGATE) << 32);
    if high & SWAP == 0 {
        (cosine, sine)
    } else {
        (sine, cosine)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_2;

    use super::*;
    use crate::numeric::elementary::ulps::{ulps_f32, ulps_f64};

    /// A dense sweep of all words; the angles next to the axes among them.
    #[test]
    fn points_are_within_three_ulp() {
        let near_axes = (0..2000).flat_map(|n| [n, SWAP - 1 - n, (SWAP >> 1) - 1000 + n]);
        for word in near_axes.chain((0..=u32::MAX).step_by(509)) {
            let angle = f64::from((word << 2) as i32) / 4_294_967_296.0 * FRAC_PI_2;
            let (sine, cosine) = (angle.sin(), angle.cos());
            let cosine = if word & NEGATE == 0 { cosine } else { -cosine };
            let exact = if word & SWAP == 0 {
                (cosine, sine)
            } else {
                (sine, cosine)
            };
            let got = point_f32(word);
            assert!(
                ulps_f32(got.0, exact.0) < 3.0 && ulps_f32(got.1, exact.1) < 3.0,
                "{word:#x}: {got:?} for {exact:?}"
            );
            let got = point_f64(word, 0);
            assert!(
                ulps_f64(got.0, exact.0) < 3.0 && ulps_f64(got.1, exact.1) < 3.0,
                "{word:#x}: {got:?} for {exact:?}"
            );
        }
    }

    /// The low word divides the step between two high words evenly.
    #[test]
    fn low_words_make_angles_finer() {
        for high in [0, 5, 0x1234_5678, 0x1FFF_FFFE] {
            let (_, from) = point_f64(high, 0);
            let (_, middle) = point_f64(high, 1 << 31);
            let (_, to) = point_f64(high + 1, 0);
            assert!(from < middle && middle < to);
            assert!(((middle - from) / (to - from) - 0.5).abs() < 1e-6);
        }
    }
}
