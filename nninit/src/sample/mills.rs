//! Mills' ratio, and with it the normal distribution's tail.
//!
//! m(z) = Q(z) / φ(z) = √(π/2)·erfcx(z/√2), for Q(z) = 1 − Φ(z): what is left of a tail once its exponential decay is
//! divided out, which neither overflows nor loses precision however large z is.

use crate::numeric::elementary::logarithm::exp;
use crate::numeric::elementary::polynomial::long_polynomial;

/// Mills' ratio of `z` ≥ 0; within 4 ulp.
///
/// (z + 5)·m(z) is a minimax polynomial in (z − 5) / (z + 5) = 1 − 10 / (z + 5), after M. M. Shepherd and J. G.
/// Laframboise, "Chebyshev Approximation of (1+2x)exp(x²)erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981),
/// with a scale that shares the division and coefficients of our own.
#[inline(always)]
pub(super) fn mills_ratio(z: f64) -> f64 {
    const FIT: [f64; 23] = [
        1.928_081_047_153_157_5,
        -1.667_866_595_188_961_3,
        1.241_547_061_573_869_3,
        -0.785_911_075_546_425_3,
        0.413_644_715_732_498_1,
        -0.173_254_734_090_426_94,
        0.052_125_502_416_605_934,
        -0.007_503_282_779_652_429,
        -0.001_999_962_024_325_668_7,
        0.001_365_858_877_134_235_9,
        -0.000_148_832_731_886_784_8,
        -0.000_124_734_464_231_897_27,
        4.181_329_874_905_491_4e-5,
        9.971_566_667_888_53e-6,
        -6.941_690_658_108_345e-6,
        -8.304_165_701_138_957e-7,
        1.087_951_786_649_72e-6,
        9.022_245_470_190_433e-8,
        -1.700_345_610_876_565e-7,
        -1.276_918_876_776_040_6e-8,
        2.369_395_756_756_355_8e-8,
        1.300_449_430_081_552_3e-9,
        -2.050_442_018_331_397e-9,
    ];
    let inverse = 1.0 / (z + 5.0);
    inverse * long_polynomial(1.0 - 10.0 * inverse, &FIT)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::ulps::ulps_f64;

    /// z and m(z), computed with 60 digits.
    const RATIOS: [(f64, f64); 28] = [
        (0.0, 1.253_314_137_315_500_3),
        (1.0e-9, 1.253_314_136_315_500_3),
        (0.01, 1.243_376_471_249_034_7),
        (0.1, 1.159_262_399_618_736_3),
        (0.3, 1.001_837_400_992_155_8),
        (0.5, 0.876_364_456_453_692_3),
        (0.75, 0.752_571_179_063_408_1),
        (1.0, 0.655_679_542_418_798_4),
        (1.3, 0.564_867_128_969_616_1),
        (1.7, 0.473_853_268_968_859_1),
        (2.0, 0.421_369_229_288_054_5),
        (2.4, 0.366_050_808_687_150_34),
        (3.0, 0.304_590_298_710_103_3),
        (3.7, 0.253_777_637_406_793_54),
        (4.5, 0.212_570_580_442_031_78),
        (5.0, 0.192_808_104_715_315_76),
        (5.5, 0.176_322_985_757_102_7),
        (6.25, 0.156_184_215_033_975_92),
        (7.5, 0.131_079_355_804_491_76),
        (9.0, 0.109_787_282_578_308_29),
        (11.0, 0.090_175_675_501_064_69),
        (14.0, 0.071_069_580_538_852_11),
        (18.0, 0.055_385_651_470_100_74),
        (25.0, 0.039_936_304_769_535_594),
        (37.0, 0.027_007_327_965_128_336),
        (100.0, 0.009_999_000_299_850_106),
        (1000.0, 0.000_999_999_000_002_999_9),
        (100_000_000.0, 9.999_999_999_999_999e-9),
    ];

    /// z and Q(z), computed with 60 digits.
    const TAILS: [(f64, f64); 25] = [
        (0.0, 0.5),
        (1.0e-9, 0.499_999_999_601_057_73),
        (0.01, 0.496_010_643_685_368_4),
        (0.1, 0.460_172_162_722_971),
        (0.3, 0.382_088_577_811_047_4),
        (0.5, 0.308_537_538_725_986_9),
        (0.75, 0.226_627_352_376_868_2),
        (1.0, 0.158_655_253_931_457_05),
        (1.3, 0.096_800_484_585_610_33),
        (1.7, 0.044_565_462_758_543_04),
        (2.0, 0.022_750_131_948_179_21),
        (2.4, 0.008_197_535_924_596_131),
        (3.0, 0.001_349_898_031_630_094_6),
        (3.7, 0.000_107_799_733_477_388_26),
        (4.5, 3.397_673_124_730_060_3e-6),
        (5.0, 2.866_515_718_791_939e-7),
        (5.5, 1.898_956_246_588_771_8e-8),
        (6.25, 2.052_263_425_218_938_8e-10),
        (7.5, 3.190_891_672_910_896_3e-14),
        (9.0, 1.128_588_405_953_840_5e-19),
        (11.0, 1.910_659_574_498_675_7e-28),
        (14.0, 7.793_536_819_192_8e-45),
        (18.0, 9.740_948_918_937_151e-73),
        (25.0, 3.056_696_706_382_561e-138),
        (37.0, 5.725_571_222_524_577e-300),
    ];

    #[test]
    fn mills_ratio_is_within_four_ulp() {
        for (z, exact) in RATIOS {
            let got = mills_ratio(z);
            assert!(ulps_f64(got, exact) < 4.0, "{z}: {got:e} for {exact:e}");
        }
        assert_eq!(mills_ratio(1e150), 1e-150);
    }

    /// m′ = z·m − 1, by central differences over a dense sweep: the fit has no bump between the table's places.
    #[test]
    fn mills_ratio_solves_its_differential_equation() {
        let step = 1e-4;
        for n in 1..400_000 {
            let z = f64::from(n) * step;
            let slope = (mills_ratio(z + step) - mills_ratio(z - step)) / (2.0 * step);
            let exact = z * mills_ratio(z) - 1.0;
            assert!((slope - exact).abs() < 1e-8, "{z}");
        }
    }

    #[test]
    fn tail_mass_meets_its_error_bound() {
        for (z, exact) in TAILS {
            let got = tail_mass(z);
            assert!(
                (got / exact - 1.0).abs() < 1e-15 + 1e-16 * z * z,
                "{z}: {got:e} for {exact:e}"
            );
        }
        assert_eq!(tail_mass(f64::INFINITY), 0.0);
    }
}
