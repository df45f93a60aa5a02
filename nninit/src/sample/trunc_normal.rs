//! The normal law N(mean, std²) cut to [low, high]: one draw a value, by inversion, without rejection.
//!
//! Which formula keeps its precision depends on where the bounds lie, in standard deviations from the mean. Mirrored if
//! need be, so that the one nearer to the mean is the lower one, they are α and β:
//!
//! | interval | method |
//! |---|---|
//! | short, as measured by (β − α)·max(\|α\|, \|β\|, 1) | a series for the offset from α: [`narrow`] |
//! | α beyond 1.5 | the offset from α in a tail: [`tail`] |
//! | any other | the smaller of the two tail masses, inverted: [`central`] |
//!
//! Values lie within the bounds rounded to the kind, both included. A vanishing σ leaves the mean, held within the
//! bounds.

mod central;
mod cut;
mod narrow;
mod tail;

use self::central::Central;
use self::cut::Cut;
use self::narrow::Narrow;
use self::tail::Tail;

/// The method that suits an interval.
#[derive(Clone, Copy, Debug)]
pub(super) enum Truncated {
    /// All values are one.
    Constant(f64),
    Central(Central),
    Tail(Tail),
    Narrow(Narrow),
}

impl Truncated {
    pub(super) fn new(mean: f64, std: f64, low: f64, high: f64) -> Self {
        if std == 0.0 || low == high {
            return Self::Constant(mean.clamp(low, high));
        }
        let (low, high) = within_reach(mean, std, low, high);
        let cut = Cut::new(mean, std, low, high);
        if cut.width * cut.beta.max(1.0) <= Narrow::WIDEST {
            Self::Narrow(Narrow::new(&cut))
        } else if cut.alpha >= Tail::NEAREST {
            Self::Tail(Tail::new(&cut))
        } else {
            Self::Central(Central::new(mean, std, low, high))
        }
    }
}

/// An interval of finite width: where the given one is wider than every float, bounds that far out that no draw tells
/// the difference.
fn within_reach(mean: f64, std: f64, low: f64, high: f64) -> (f64, f64) {
    /// Beyond this many standard deviations lies less than 2⁻¹⁹⁰ of the law, or of its tail.
    const FAR: f64 = 16.0;
    if (high - low).is_finite() {
        return (low, high);
    }
    let (nearest, far) = (mean.clamp(low, high), FAR * std);
    (
        low.max((nearest - far).max(f64::MIN)),
        high.min((nearest + far).min(f64::MAX)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::element::Transform;

    /// Mean, standard deviation, bounds, draw, value; with 150 digits by bisection of erfc.
    #[rustfmt::skip]
    const EXACT: [(f64, f64, f64, f64, f64, f64); 50] = [
        (0.0, 1.0, 5.0, 6.0, 9.536_743_164_062_5e-7, 5.000_000_183_243_363),
        (0.0, 1.0, 5.0, 6.0, 0.125, 5.025_590_085_868_401),
        (0.0, 1.0, 5.0, 6.0, 0.5, 5.131_371_763_283_919),
        (0.0, 1.0, 5.0, 6.0, 0.875, 5.382_668_992_078_844),
        (0.0, 1.0, 5.0, 6.0, 0.999_999_046_325_683_6, 5.999_955_167_878_315),
        (-2.0, 1.0, 0.0, 1.0e-6, 9.536_743_164_062_5e-7, 9.536_733_627_333_2e-13),
        (-2.0, 1.0, 0.0, 1.0e-6, 0.125, 1.249_998_906_250_341_8e-7),
        (-2.0, 1.0, 0.0, 1.0e-6, 0.5, 4.999_997_499_999_374e-7),
        (-2.0, 1.0, 0.0, 1.0e-6, 0.875, 8.749_998_906_249_111e-7),
        (-2.0, 1.0, 0.0, 1.0e-6, 0.999_999_046_325_683_6, 9.999_990_463_247_299e-7),
        (0.0, 1.0, -40.0, -38.0, 9.536_743_164_062_5e-7, -38.362_832_368_850_974),
        (0.0, 1.0, -40.0, -38.0, 0.125, -38.054_645_091_671_25),
        (0.0, 1.0, -40.0, -38.0, 0.5, -38.018_223_745_586_276),
        (0.0, 1.0, -40.0, -38.0, 0.875, -38.003_511_393_536_435),
        (0.0, 1.0, -40.0, -38.0, 0.999_999_046_325_683_6, -38.000_000_025_079_36),
        (0.0, 1.0, 1.5, 1.75, 9.536_743_164_062_5e-7, 1.500_000_196_953_368_3),
        (0.0, 1.0, 1.5, 1.75, 0.125, 1.526_331_243_506_662_3),
        (0.0, 1.0, 1.5, 1.75, 0.5, 1.612_439_394_559_029_6),
        (0.0, 1.0, 1.5, 1.75, 0.875, 1.712_495_871_289_432_7),
        (0.0, 1.0, 1.5, 1.75, 0.999_999_046_325_683_6, 1.749_999_704_338_096),
        (10.0, 2.0, -3.0, -1.0, 9.536_743_164_062_5e-7, -2.999_864_639_816_085_5),
        (10.0, 2.0, -3.0, -1.0, 0.125, -1.706_701_178_656_054_4),
        (10.0, 2.0, -3.0, -1.0, 0.5, -1.241_196_694_561_392_6),
        (10.0, 2.0, -3.0, -1.0, 0.875, -1.046_888_562_549_84),
        (10.0, 2.0, -3.0, -1.0, 0.999_999_046_325_683_6, -1.000_000_335_598_318),
        (0.0, 1.0, -0.001, 0.001, 9.536_743_164_062_5e-7, -0.000_999_998_092_650_731_5),
        (0.0, 1.0, -0.001, 0.001, 0.125, -0.000_749_999_945_312_497_4),
        (0.0, 1.0, -0.001, 0.001, 0.5, -7.213_264_545_145_106e-133),
        (0.0, 1.0, -0.001, 0.001, 0.875, 0.000_749_999_945_312_497_4),
        (0.0, 1.0, -0.001, 0.001, 0.999_999_046_325_683_6, 0.000_999_998_092_650_731_5),
        (0.0, 1.0, 30.0, 100_000.0, 9.536_743_164_062_5e-7, 30.000_000_031_753_956),
        (0.0, 1.0, 30.0, 100_000.0, 0.125, 30.004_445_788_518_87),
        (0.0, 1.0, 30.0, 100_000.0, 0.5, 30.023_070_467_827_31),
        (0.0, 1.0, 30.0, 100_000.0, 0.875, 30.069_158_418_262_134),
        (0.0, 1.0, 30.0, 100_000.0, 0.999_999_046_325_683_6, 30.458_096_530_460_754),
        (0.0, 0.5, -1.0, 2.0, 9.536_743_164_062_5e-7, -0.999_991_369_558_002_9),
        (0.0, 0.5, -1.0, 2.0, 0.125, -0.529_274_950_774_242_8),
        (0.0, 0.5, -1.0, 2.0, 0.5, 0.014_238_608_227_543_663),
        (0.0, 0.5, -1.0, 2.0, 0.875, 0.582_069_246_081_831_1),
        (0.0, 0.5, -1.0, 2.0, 0.999_999_046_325_683_6, 1.996_565_754_719_231_5),
        (0.0, 1.0, 0.5, 0.55, 9.536_743_164_062_5e-7, 0.500_000_047_073_114),
        (0.0, 1.0, 0.5, 0.55, 0.125, 0.506_179_543_227_668_2),
        (0.0, 1.0, 0.5, 0.55, 0.5, 0.524_835_967_839_814_9),
        (0.0, 1.0, 0.5, 0.55, 0.875, 0.543_676_892_245_368_4),
        (0.0, 1.0, 0.5, 0.55, 0.999_999_046_325_683_6, 0.549_999_951_674_857),
        (1.0, 1.0, 2.4, 9.0, 9.536_743_164_062_5e-7, 2.400_000_514_371_756_7),
        (1.0, 1.0, 2.4, 9.0, 0.125, 2.470_877_850_744_421),
        (1.0, 1.0, 2.4, 9.0, 0.5, 2.746_312_533_055_867_5),
        (1.0, 1.0, 2.4, 9.0, 0.875, 3.322_813_662_280_089),
        (1.0, 1.0, 2.4, 9.0, 0.999_999_046_325_683_6, 6.247_674_529_803_27),
    ];

    fn value(method: Truncated, high: u32) -> (f32, f64) {
        fn at(law: impl Transform, high: u32) -> (f32, f64) {
            let (mut single, mut double) = ([0.0; 64], [0.0; 64]);
            law.single(&[high; 64], &mut single);
            law.double(&[high; 64], &[0; 64], &mut double);
            (single[0], double[0])
        }
        match method {
            Truncated::Central(law) => at(law, high),
            Truncated::Tail(law) => at(law, high),
            Truncated::Narrow(law) => at(law, high),
            Truncated::Constant(_) => unreachable!("no truncated normal law"),
        }
    }

    /// Errors are measured in the interval's width or, where that is more, in units of 1 σ: that is what a draw spreads
    /// over.
    #[test]
    fn values_are_exact_quantiles() {
        for (mean, std, low, high, draw, exact) in EXACT {
            let (single, double) = value(
                Truncated::new(mean, std, low, high),
                (draw * 4_294_967_296.0) as u32,
            );
            let unit = (high - low).min(std);
            let floats = exact.abs() * f64::EPSILON;
            assert!(
                (double - exact).abs() < 3e-14 * unit + floats,
                "{mean} {std} {low} {high} {draw}: {double} for {exact}"
            );
            if !(0.1..0.9).contains(&draw) {
                // So far out a 32-bit draw does not resolve the table's place.
                continue;
            }
            let floats = exact.abs() * f64::from(f32::EPSILON);
            assert!(
                (f64::from(single) - exact).abs() < 3e-6 * unit + floats,
                "{mean} {std} {low} {high} {draw}: {single} for {exact}"
            );
        }
    }

    /// A bound at infinity gives the values of one so far out that it cuts nothing.
    #[test]
    fn infinite_bounds_cut_nothing() {
        const INF: f64 = f64::INFINITY;
        let draws = [1, 1 << 10, 1 << 31, 0xDEAD_BEEF, u32::MAX - 1];
        for (mean, low, high, far) in [
            (0.0, 0.0, INF, (0.0, 30.0)),
            (0.0, -INF, 0.0, (-30.0, 0.0)),
            (1.0, -INF, INF, (-30.0, 30.0)),
            (0.0, 5.0, INF, (5.0, 30.0)),
            (0.0, -INF, -5.0, (-30.0, -5.0)),
            (0.0, -1e308, 1e308, (-30.0, 30.0)),
        ] {
            for draw in draws {
                let open = value(Truncated::new(mean, 1.0, low, high), draw);
                let closed = value(Truncated::new(mean, 1.0, far.0, far.1), draw);
                assert!(
                    (open.0 - closed.0).abs() <= 4.0 * f32::EPSILON,
                    "{low} {high} {draw}"
                );
                assert!(
                    (open.1 - closed.1).abs() <= 4.0 * f64::EPSILON * 5.0,
                    "{low} {high} {draw}"
                );
            }
        }
        // As wide as an f64 goes.
        let (_, widest) = value(Truncated::new(0.0, 1e307, -INF, INF), 0x4000_0000);
        assert!(
            (widest / 1e307 + 0.674_489_750_196_081_7).abs() < 1e-9,
            "{widest}"
        );
    }

    #[test]
    fn methods_follow_the_interval() {
        assert!(matches!(
            Truncated::new(0.0, 1.0, -2.0, 2.0),
            Truncated::Central(_)
        ));
        assert!(matches!(
            Truncated::new(0.0, 1e-10, -2.0, 2.0),
            Truncated::Central(_)
        ));
        assert!(matches!(
            Truncated::new(0.0, 1e-320, -2.0, 2.0),
            Truncated::Central(_)
        ));
        assert!(matches!(
            Truncated::new(0.0, 1.0, 5.0, 6.0),
            Truncated::Tail(_)
        ));
        assert!(matches!(
            Truncated::new(0.0, 1.0, -6.0, -5.0),
            Truncated::Tail(_)
        ));
        assert!(matches!(
            Truncated::new(-2.0, 1.0, 0.0, 1e-6),
            Truncated::Narrow(_)
        ));
        assert!(matches!(
            Truncated::new(0.5, 0.0, -2.0, 2.0),
            Truncated::Constant(0.5)
        ));
        assert!(matches!(
            Truncated::new(5.0, 0.0, -2.0, 2.0),
            Truncated::Constant(2.0)
        ));
        assert!(matches!(
            Truncated::new(0.0, 1.0, 3.0, 3.0),
            Truncated::Constant(3.0)
        ));
    }
}
