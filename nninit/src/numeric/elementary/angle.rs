//! Sines and cosines of angles in turns, which are whole numbers and what is left: no angle is too large to be
//! reduced.

use super::pair::Pair;
use super::polynomial::polynomial;

/// The sine of `quarters` quarter turns and an angle of `turns`, below 2⁴⁹ turns; within 1 ulp of the sine of the pair.
///
/// With one quarter turn it is the cosine.
#[inline(always)]
pub(crate) fn sine(turns: Pair, quarters: u64) -> f64 {
    /// Adding and taking it away rounds to an integer.
    const TO_INTEGER: f64 = 6_755_399_441_055_744.0;
    let biased = 4.0 * turns.high + TO_INTEGER;
    // Exact: both are multiples of the same power of two, and near one another.
    let rest = turns.high - 0.25 * (biased - TO_INTEGER);
    let angle = Pair::sum(rest, turns.low) * Pair::TURN;
    let quarter = biased.to_bits().wrapping_add(quarters);
    let value = if quarter & 1 == 0 {
        near_sine(angle)
    } else {
        near_cosine(angle)
    };
    f64::from_bits(value.to_bits() ^ (quarter & 2) << 62)
}

/// The sine of an angle within ±π/4, by Taylor's series.
#[inline(always)]
fn near_sine(angle: Pair) -> f64 {
    const TERMS: [f64; 8] = [
        -1.0 / 6.0,
        1.0 / 120.0,
        -1.0 / 5_040.0,
        1.0 / 362_880.0,
        -1.0 / 39_916_800.0,
        1.0 / 6_227_020_800.0,
        -1.0 / 1_307_674_368_000.0,
        1.0 / 355_687_428_096_000.0,
    ];
    let square = angle.high * angle.high;
    let cubed = angle.high * square * polynomial(square, &TERMS);
    angle.high + (angle.low * (1.0 - 0.5 * square) + cubed)
}

/// The cosine of an angle within ±π/4, by Taylor's series.
#[inline(always)]
fn near_cosine(angle: Pair) -> f64 {
    const TERMS: [f64; 8] = [
        1.0 / 24.0,
        -1.0 / 720.0,
        1.0 / 40_320.0,
        -1.0 / 3_628_800.0,
        1.0 / 479_001_600.0,
        -1.0 / 87_178_291_200.0,
        1.0 / 20_922_789_888_000.0,
        -1.0 / 6_402_373_705_728_000.0,
    ];
    let square = angle.high * angle.high;
    let half = 0.5 * square;
    let near = 1.0 - half;
    // What rounding took from 1 − square/2, and what the square leaves out.
    let lost = (1.0 - near) - half;
    let rest = square * square * polynomial(square, &TERMS) - angle.high * angle.low;
    near + (lost + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::ulps::ulps_f64;

    /// p·10000^(−k/384), from 400 bits of it: the steepest and the flattest of a table, and angles next to multiples
    /// of π/2.
    #[test]
    fn literal_values() {
        for (position, k, sine_due, cosine_due) in [
            (1.0, 0, 0.841_470_984_807_896_5, 0.540_302_305_868_139_8),
            (1.0, 1, 0.828_430_762_451_623_6, 0.560_091_485_227_031_1),
            (
                1.0,
                383,
                0.000_102_427_521_959_057_93,
                0.999_999_994_754_301_3,
            ),
            (2.0, 100, 0.180_705_305_463_156_47, 0.983_537_285_809_474_2),
            (
                999_999.0,
                7,
                -0.072_974_295_265_248_53,
                0.997_333_821_862_339_3,
            ),
            (
                1_000_000.0,
                1,
                -0.083_525_253_558_360_32,
                0.996_505_660_805_803_7,
            ),
            (
                1_048_576.0,
                383,
                0.555_439_360_256_384_4,
                0.831_557_043_790_730_3,
            ),
            (
                123_456_789.0,
                250,
                0.934_570_040_385_582,
                0.355_779_200_647_946_16,
            ),
            (
                2_147_483_648.0,
                5,
                0.420_802_791_478_647_96,
                0.907_152_143_074_014_6,
            ),
            (11.0, 0, -0.999_990_206_550_703_5, 0.004_425_697_988_050_785),
            (355.0, 0, -3.014_435_335_948_845e-5, -0.999_999_999_545_659),
            (710.0, 0, 6.028_870_669_158_526_5e-5, 0.999_999_998_182_636),
            (
                5_419_351.0,
                0,
                -3.820_047_507_089_660_5e-8,
                -0.999_999_999_999_999_2,
            ),
        ] {
            let exponent = Pair::fraction(k, 384) * Pair::ln(10_000.0);
            let turns = (-exponent).exp() * Pair::PER_TURN * position;
            for (quarters, due) in [(0, sine_due), (1, cosine_due)] {
                let got = sine(turns, quarters);
                assert!(
                    ulps_f64(got, due) <= 1.0,
                    "{position} {k} {quarters}: {got} for {due}"
                );
            }
        }
    }

    /// The standard library's own are within 1 ulp as well.
    #[test]
    fn whole_angles_to_a_million_match_the_standard_library() {
        for position in 1..=1_000_000 {
            let angle = f64::from(position);
            let turns = Pair::PER_TURN * angle;
            for (quarters, due) in [(0, angle.sin()), (1, angle.cos()), (2, -angle.sin())] {
                let got = sine(turns, quarters);
                assert!(ulps_f64(got, due) < 2.0, "{angle} {quarters}: {got}");
            }
        }
    }

    #[test]
    fn quarter_turns_are_exact() {
        for whole in [-3.0, 0.0, 7.0, 1e6] {
            for (quarters, due) in [(0, 0.0), (1, 1.0), (2, 0.0), (3, -1.0)] {
                assert_eq!(sine(Pair::of(whole), quarters), due);
                let turns = Pair::of(whole + 0.25 * quarters as f64);
                assert_eq!(sine(turns, 0), due);
            }
        }
    }
}
