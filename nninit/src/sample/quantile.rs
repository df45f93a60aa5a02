//! Normal deviates by inversion.
//!
//! With x = 2Φ(z) − 1 and p the mass beyond |z|, z / x is a smooth function of −2·ln(1 − x²), which is
//! −2·ln(4p(1 − p)): analytic at the centre, and a square root's growth in the tails. One rational
//! function therefore serves all of them, without a branch. Given x *and* p, the result keeps its
//! relative precision both near zero and far out. The rational minimax fits were made for this crate.

use super::logarithm::{minus_two_ln_f32, minus_two_ln_f64, split_f32, split_f64};
use super::polynomial::polynomial;

/// The normal deviate z with 2Φ(z) − 1 = `x`, where `tail` = (1 − |x|) / 2 is at least 3.5e-12;
/// relative error below 5e-7.
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

/// The normal deviate z with 2Φ(z) − 1 = `x`, where `tail` = (1 − |x|) / 2 is at least 4e-22;
/// relative error below 2e-15.
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
    x * (polynomial(w, &NUMERATOR) / polynomial(w, &DENOMINATOR))
}
