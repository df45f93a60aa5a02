//! Mills' ratio, and with it the normal distribution's tail.
//!
//! m(z) = Q(z) / φ(z) = √(π/2)·erfcx(z/√2), for Q(z) = 1 − Φ(z): what is left of a tail once its
//! exponential decay is divided out, which neither overflows nor loses precision however large z is.

use super::logarithm::exp;
use super::polynomial::polynomial;

/// Mills' ratio of `z` ≥ 0; within 4 ulp.
///
/// (z + 3/2)·m(z) is a minimax polynomial in (z − 5) / (z + 5), after M. M. Shepherd and
/// J. G. Laframboise, "Chebyshev Approximation of (1+2x)exp(x²)erfc x in 0 ≤ x < ∞", Mathematics of
/// Computation 36 (1981), with another scale and coefficients of our own.
#[inline(always)]
pub(super) fn mills_ratio(z: f64) -> f64 {
    const FIT: [f64; 25] = [
        1.253_252_680_649_552_5,
        -0.409_284_920_369_219,
        0.223_252_281_706_876_1,
        -0.076_300_727_554_386_91,
        -0.006_199_811_214_995_722,
        0.032_160_073_349_339_88,
        -0.026_757_580_363_475_21,
        0.013_366_792_017_468_388,
        -0.003_926_124_261_712_927,
        0.000_187_821_709_349_853_1,
        0.000_381_309_169_284_137_6,
        -0.000_133_169_474_077_066_76,
        -1.647_780_726_272_304_3e-5,
        2.111_781_900_693_881e-5,
        -1.023_557_103_743_181e-6,
        -2.972_238_693_848_217e-6,
        4.189_866_661_413_215e-7,
        4.426_980_431_398_238_7e-7,
        -8.159_389_567_838_777e-8,
        -7.014_311_242_353_567e-8,
        1.273_168_520_414_463_3e-8,
        1.008_394_729_723_858_1e-8,
        -1.577_882_123_214_205e-9,
        -8.842_914_584_616_165e-10,
        1.188_892_576_122_076_6e-10,
    ];
    let y = (z - 5.0) / (z + 5.0);
    polynomial(y, &FIT) / (z + 1.5)
}

/// The mass of the standard normal distribution beyond `z` ≥ 0: Q(z).
///
/// Relative error below 1e-15 + z²·1e-16; 0 where the mass is below the smallest normal number.
pub(super) fn tail_mass(z: f64) -> f64 {
    const SQRT_TAU_INVERSE: f64 = 0.398_942_280_401_432_7;
    /// Beyond it the density underflows, and `z` may be infinite.
    const FARTHEST: f64 = 38.0;
    if z > FARTHEST {
        return 0.0;
    }
    mills_ratio(z) * exp(-0.5 * z * z) * SQRT_TAU_INVERSE
}
