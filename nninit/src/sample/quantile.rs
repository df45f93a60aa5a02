//! Normal deviates by inversion.
//!
//! With x = 2Φ(z) − 1 and p the mass beyond |z|, z / x is a smooth function of −2·ln(1 − x²), which is
//! −2·ln(4p(1 − p)): analytic at the centre, and a square root's growth in the tails. One rational function therefore
//! serves all of them, without a branch. Given x *and* p, the result keeps its relative precision both near zero and
//! far out. The rational minimax fits were made for this crate.

use crate::numeric::elementary::logarithm::{
    minus_two_ln_f32, minus_two_ln_f64, split_f32, split_f64,
};
use crate::numeric::elementary::polynomial::{long_polynomial, polynomial};

/// The normal deviate z with 2Φ(z) − 1 = `x`, where `tail` = (1 − |x|) / 2 is at least 3.5e-12; relative error below
/// 5e-7.
#[inline(always)]
pub(super) fn quantile_f32(x: f32, tail: f32) -> f32 {
    const NUMERATOR: [f32; 7] = [
        1.253_314_1,
        0.223_877_34,
        0.022_816_245,
        0.001_574_409_1,
        7.188_456e-5,
        1.907_462e-6,
        3.166_9e-9,
    ];
    const DENOMINATOR: [f32; 6] = [
        1.0,
        0.047_728_4,
        0.008_699_493_5,
        0.000_290_949_9,
        1.582_194_3e-5,
        1.217_899_2e-7,
    ];
    let (f, e) = split_f32(4.0 * tail * (1.0 - tail));
    let w = minus_two_ln_f32(f, e);
    x * (polynomial(w, &NUMERATOR) / polynomial(w, &DENOMINATOR))
}

/// The normal deviate z with 2Φ(z) − 1 = `x`, where `tail` = (1 − |x|) / 2 is at least 4e-22; relative error below
/// 2e-15.
#[inline(always)]
pub(super) fn quantile_f64(x: f64, tail: f64) -> f64 {
    const NUMERATOR: [f64; 15] = [
        1.253_314_137_315_500_6,
        0.312_863_547_101_458_64,
        0.047_333_653_985_395_414,
        0.005_268_564_412_450_721,
        0.000_446_016_201_310_558_75,
        2.998_197_855_603_599_3e-5,
        1.623_815_428_910_116_7e-6,
        7.118_966_486_443_645e-8,
        2.546_037_081_220_730_7e-9,
        7.521_515_418_422_333e-11,
        1.832_187_453_496_162_3e-12,
        3.141_861_410_370_551_4e-14,
        5.742_681_427_647_689e-16,
        3.084_437_099_519_962e-18,
        2.843_626_153_296_28e-21,
    ];
    const DENOMINATOR: [f64; 15] = [
        1.0,
        0.118_729_299_970_713_73,
        0.018_967_153_460_711_02,
        0.001_663_450_470_232_472,
        0.000_124_463_890_986_888_33,
        7.885_888_602_199_786e-6,
        3.462_423_156_229_214e-7,
        1.532_387_849_125_939_2e-8,
        4.331_961_907_185_566_5e-10,
        1.344_287_709_448_338_6e-11,
        2.335_571_888_062_088_7e-13,
        4.785_800_687_496_449e-15,
        5.121_503_262_830_729_3e-17,
        1.221_121_859_071_187_4e-19,
        2.975_050_331_373_106_5e-23,
    ];
    let (f, e) = split_f64(4.0 * tail * (1.0 - tail));
    let w = minus_two_ln_f64(f, e);
    x * (long_polynomial(w, &NUMERATOR) / long_polynomial(w, &DENOMINATOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tail mass and deviate, computed with 60 digits by bisection of erfc.
    const EXACT: [(f64, f64); 31] = [
        (0.499_999_999_999_090_5, 2.279_765_135_091_111_6e-12),
        (0.499_999_046_325_683_6, 2.390_507_006_295_574e-6),
        (0.49, 0.025_068_908_258_711_057),
        (0.47, 0.075_269_862_099_829_9),
        (0.45, 0.125_661_346_855_074_02),
        (0.42, 0.201_893_479_141_850_88),
        (0.4, 0.253_347_103_135_799_7),
        (0.35, 0.385_320_466_407_567_7),
        (0.3, 0.524_400_512_708_040_8),
        (0.25, 0.674_489_750_196_081_7),
        (0.2, 0.841_621_233_572_914_2),
        (0.15, 1.036_433_389_493_789_6),
        (0.1, 1.281_551_565_544_600_4),
        (0.07, 1.475_791_028_179_170_6),
        (0.05, 1.644_853_626_951_472_6),
        (0.03, 1.880_793_608_151_250_9),
        (0.02, 2.053_748_910_631_823),
        (0.01, 2.326_347_874_040_841),
        (0.005, 2.575_829_303_548_901),
        (0.001, 3.090_232_306_167_813_6),
        (0.000_1, 3.719_016_485_455_680_4),
        (1.0e-5, 4.264_890_793_922_825),
        (1.0e-6, 4.753_424_308_822_899),
        (1.0e-7, 5.199_337_582_192_816_5),
        (1.0e-8, 5.612_001_244_174_789),
        (1.0e-10, 6.361_340_902_404_057),
        (1.0e-12, 7.034_483_825_301_132),
        (1.0e-15, 7.941_345_326_170_997),
        (1.0e-18, 8.757_290_348_782_314),
        (2.710_505_431_213_761e-20, 9.155_293_772_686_072),
        (1.0e-21, 9.505_024_982_640_926),
    ];

    #[test]
    fn quantiles_meet_their_error_bounds() {
        for (tail, z) in EXACT {
            let got = quantile_f64(1.0 - 2.0 * tail, tail);
            assert!(
                (got / z - 1.0).abs() < 2e-15 * (1.0 + 0.1 / z),
                "{tail:e}: {got} for {z}"
            );
            if tail < 0.499 && tail > 3.5e-12 {
                let got = quantile_f32((1.0 - 2.0 * tail) as f32, tail as f32);
                assert!(
                    (f64::from(got) / z - 1.0).abs() < 5e-7,
                    "{tail:e}: {got} for {z}"
                );
            }
        }
    }

    /// The 32-bit quantile against the 64-bit one, over a dense sweep.
    #[test]
    fn quantiles_agree_between_kinds() {
        for step in 1..4_000_000 {
            let unit = f32::from_bits(0x2C80_0000 + step * 39);
            if unit > 0.25 {
                break;
            }
            let tail = 2.0 * unit;
            let exact = quantile_f64(1.0 - 2.0 * f64::from(tail), f64::from(tail));
            let got = quantile_f32(1.0 - 2.0 * tail, tail);
            assert!(
                (f64::from(got) - exact).abs() < 5e-7 * exact.abs() + 1e-7,
                "{tail:e}: {got} for {exact}"
            );
        }
    }

    #[test]
    fn quantiles_are_odd_and_vanish_at_the_middle() {
        assert_eq!(quantile_f64(0.0, 0.5), 0.0);
        assert_eq!(quantile_f32(-0.5, 0.25), -quantile_f32(0.5, 0.25));
        assert_eq!(quantile_f64(-0.5, 0.25), -quantile_f64(0.5, 0.25));
    }
}
