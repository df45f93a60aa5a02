//! What holds for every law and kind: bits that depend on the index alone, pinned values, bounds.

use half::{bf16, f16};

use super::Sampler;
use super::dispatch::Level;
use crate::Elementwise as Distribution;
use crate::numeric::stream::{GROUP, Key};
use crate::sample::element::Element;

/// One distribution for each method.
const DISTRIBUTIONS: [Distribution; 8] = [
    Distribution::Uniform {
        low: -0.25,
        high: 1.5,
    },
    Distribution::Normal {
        mean: 0.5,
        std: 2.0,
    },
    Distribution::TruncNormal {
        mean: 0.0,
        std: 1.0,
        low: -2.0,
        high: 1.5,
    },
    Distribution::TruncNormal {
        mean: 0.0,
        std: 1.0,
        low: -7.0,
        high: -3.0,
    },
    Distribution::TruncNormal {
        mean: -2.0,
        std: 1.0,
        low: 0.0,
        high: 1e-2,
    },
    Distribution::LogUniform {
        low: 1e-3,
        high: 0.1,
    },
    Distribution::LnUniform {
        low: 1.0,
        high: 16.0,
        factor: -1.0,
    },
    Distribution::SoftplusInverse {
        low: 1e-3,
        high: 0.1,
        floor: 2e-3,
        factor: 1.0,
    },
];

fn key() -> Key {
    Key::new(42, "blocks.0.weight")
}

fn filled<T: Element>(sampler: &Sampler, first: u64, length: usize) -> Vec<T> {
    let mut values = vec![T::from_draw(T::nearest(-99.0)); length];
    sampler.fill(key(), first, &mut values);
    values
}

/// All bits of values, for comparison.
fn bits<T: Element>(values: &[T]) -> Vec<u64>
where
    f64: From<T>,
{
    values
        .iter()
        .map(|&value| f64::from(value).to_bits())
        .collect()
}

fn for_every_kind(check: &impl Kinds) {
    check.kind::<f32>();
    check.kind::<f64>();
    check.kind::<f16>();
    check.kind::<bf16>();
}

/// A check that is made for each kind.
trait Kinds {
    fn kind<T: Element>(&self)
    where
        f64: From<T>;
}

#[test]
fn every_level_gives_the_same_bits() {
    struct Levels;
    impl Kinds for Levels {
        fn kind<T: Element>(&self)
        where
            f64: From<T>,
        {
            for distribution in &DISTRIBUTIONS {
                let sampler = Sampler::new(distribution);
                let baseline = filled::<T>(&sampler.at_level(Level::Baseline), 3, 20_000);
                for level in Level::available() {
                    let values = filled::<T>(&sampler.at_level(level), 3, 20_000);
                    assert!(
                        bits(&values) == bits(&baseline),
                        "{distribution:?} {level:?}"
                    );
                }
            }
        }
    }
    for_every_kind(&Levels);
}

#[test]
fn any_part_of_a_parameter_is_the_same_alone() {
    struct Parts;
    impl Kinds for Parts {
        fn kind<T: Element>(&self)
        where
            f64: From<T>,
        {
            for distribution in &DISTRIBUTIONS {
                let sampler = Sampler::new(distribution);
                let whole = bits(&filled::<T>(&sampler, 0, 20 * GROUP));
                for first in (0..=2 * GROUP).chain([5 * GROUP - 1, 8 * GROUP]) {
                    for length in [
                        1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129, 191, 255, 256, 257, 330,
                        600,
                    ] {
                        let part = bits(&filled::<T>(&sampler, first as u64, length));
                        assert!(
                            part == whole[first..first + length],
                            "{distribution:?} {first} {length}"
                        );
                    }
                }
            }
        }
    }
    for_every_kind(&Parts);
}

#[test]
fn indices_beyond_32_bits_are_their_own() {
    let sampler = Sampler::new(&DISTRIBUTIONS[1]);
    let start = (1u64 << 34) - 100;
    let across = filled::<f64>(&sampler, start, 200);
    for offset in [0, 36, 99, 100, 101, 199] {
        assert_eq!(
            filled::<f64>(&sampler, start + offset, 1)[0],
            across[offset as usize]
        );
    }
    assert_ne!(
        filled::<f64>(&sampler, 0, 64),
        filled::<f64>(&sampler, 1 << 34, 64)
    );
    assert_ne!(
        filled::<f64>(&sampler, 0, 64),
        filled::<f64>(&sampler, 1 << 40, 64)
    );
}

#[test]
fn halves_are_the_rounded_single() {
    for distribution in &DISTRIBUTIONS {
        let sampler = Sampler::new(distribution);
        let (low, high) = match *distribution {
            Distribution::Normal { .. } => (f64::MIN, f64::MAX),
            Distribution::Uniform { low, high } | Distribution::TruncNormal { low, high, .. } => {
                (low, high)
            }
            Distribution::LogUniform { .. }
            | Distribution::LnUniform { .. }
            | Distribution::SoftplusInverse { .. } => distribution.range(),
        };
        let single = filled::<f32>(&sampler, 0, 50_000);
        for (index, (value, half)) in single
            .iter()
            .zip(filled::<f16>(&sampler, 0, 50_000))
            .enumerate()
        {
            let held = f16::from_f32(*value)
                .to_f32()
                .clamp(f16::nearest(low), f16::nearest(high));
            assert_eq!(half.to_f32(), held, "{distribution:?} {index}");
        }
        for (index, (value, half)) in single
            .iter()
            .zip(filled::<bf16>(&sampler, 0, 50_000))
            .enumerate()
        {
            let held = bf16::from_f32(*value)
                .to_f32()
                .clamp(bf16::nearest(low), bf16::nearest(high));
            assert_eq!(half.to_f32(), held, "{distribution:?} {index}");
        }
    }
}

/// The same seed gives an `f64` model the `f32` model's weights, to within what 31 bits resolve.
#[test]
fn doubles_are_the_singles_made_finer() {
    for distribution in &DISTRIBUTIONS {
        let sampler = Sampler::new(distribution);
        let single = filled::<f32>(&sampler, 0, 200_000);
        let double = filled::<f64>(&sampler, 0, 200_000);
        for (index, (single, double)) in single.iter().zip(double).enumerate() {
            assert!(
                (f64::from(*single) - double).abs() < 1e-3,
                "{distribution:?} {index}: {single} {double}"
            );
        }
        let apart = single_from_double(distribution);
        assert!(apart < 2e-6, "{distribution:?}: {apart}");
    }
}

/// The mean distance between the two kinds' values.
fn single_from_double(distribution: &Distribution) -> f64 {
    let sampler = Sampler::new(distribution);
    let single = filled::<f32>(&sampler, 0, 200_000);
    let double = filled::<f64>(&sampler, 0, 200_000);
    let distances = single
        .iter()
        .zip(&double)
        .map(|(single, double)| (f64::from(*single) - double).abs());
    distances.sum::<f64>() / single.len() as f64
}

/// A number whose logarithm is taken lies above 0, so that no value is infinite, in any kind.
#[test]
fn transformed_values_stay_within_their_bounds() {
    for distribution in &DISTRIBUTIONS[5..] {
        let sampler = Sampler::new(distribution);
        let (low, high) = distribution.range();
        for value in filled::<f64>(&sampler, 0, 200_000) {
            assert!(low <= value && value <= high, "{distribution:?} {value}");
        }
        let (low, high) = (bf16::nearest(low), bf16::nearest(high));
        for value in filled::<bf16>(&sampler, 0, 200_000) {
            assert!(
                (low..=high).contains(&value.to_f32()),
                "{distribution:?} {value}"
            );
        }
    }
}

#[test]
fn transformed_laws_of_one_value_write_it() {
    let one = |law: Distribution| filled::<f64>(&Sampler::new(&law), 0, 3);
    let (low, high) = (0.25, 0.25);
    assert_eq!(one(Distribution::LogUniform { low, high }), [0.25; 3]);
    assert_eq!(
        one(Distribution::LogUniform {
            low: 0.0,
            high: 0.0
        }),
        [0.0; 3]
    );
    let factor = 0.0;
    let (low, high) = (1.0, 16.0);
    assert_eq!(one(Distribution::LnUniform { low, high, factor }), [0.0; 3]);
    let raised = Distribution::SoftplusInverse {
        low: 1e-3,
        high: 0.1,
        floor: 1.0,
        factor: 2.0,
    };
    assert_eq!(one(raised), [2.0 * 0.541_324_854_612_918_1; 3]);
}

#[test]
fn uniform_stays_below_its_upper_bound() {
    let bounds = [
        (0.0, 1.0),
        (1.0, 2.0),
        (-1.0, 0.0),
        (-3.0, 1.0),
        (0.1, 0.3),
        (1.0, 1.0 + 1e-6),
        (16_777_215.0, 16_777_216.0),
        (-1e-40, 1e-40),
        (-3e38, 3e38),
        (1e6, 1e6 + 0.125),
    ];
    for (low, high) in bounds {
        let sampler = Sampler::new(&Distribution::Uniform { low, high });
        for value in filled::<f32>(&sampler, 0, 300_000) {
            assert!(
                low as f32 <= value && value < high as f32,
                "{low} {high}: {value}"
            );
        }
        for value in filled::<f64>(&sampler, 0, 100_000) {
            assert!(low <= value && value < high, "{low} {high}: {value}");
        }
    }
}

#[test]
fn truncated_normal_stays_within_its_bounds() {
    let laws = [
        (0.0, 1.0, -2.0, 2.0),
        (0.0, 0.02, -0.04, 0.04),
        (0.3, 10.0, 0.1, 0.7),
        (0.0, 1.0, 5.0, 6.0),
        (-2.0, 1.0, 0.0, 1e-6),
        (0.0, 1.0, 1e6, 1e7),
        (0.0, 1e-300, 1e6, 1e7),
        (7.0, 1e-30, -1.0, 1.0),
        (0.0, 1.0, -1e300, 1e300),
    ];
    for (mean, std, low, high) in laws {
        let sampler = Sampler::new(&Distribution::TruncNormal {
            mean,
            std,
            low,
            high,
        });
        let within = |value: f64, low: f64, high: f64| {
            assert!(
                low <= value && value <= high,
                "{mean} {std} {low} {high}: {value}"
            );
        };
        for value in filled::<f32>(&sampler, 0, 100_000) {
            within(
                value.into(),
                f32::nearest(low).into(),
                f32::nearest(high).into(),
            );
        }
        for value in filled::<f64>(&sampler, 0, 100_000) {
            within(value, low, high);
        }
        for value in filled::<f16>(&sampler, 0, 100_000) {
            within(
                value.into(),
                f16::nearest(low).into(),
                f16::nearest(high).into(),
            );
        }
        for value in filled::<bf16>(&sampler, 0, 100_000) {
            within(
                value.into(),
                bf16::nearest(low).into(),
                bf16::nearest(high).into(),
            );
        }
    }
}

#[test]
fn laws_without_room_give_one_value() {
    let constant = |distribution: Distribution, expected: f32| {
        let values = filled::<f32>(&Sampler::new(&distribution), 0, 1000);
        assert!(
            values.iter().all(|&value| value == expected),
            "{distribution:?}"
        );
    };
    constant(
        Distribution::Uniform {
            low: 0.1,
            high: 0.1,
        },
        0.1,
    );
    constant(
        Distribution::Uniform {
            low: 0.0,
            high: 0.0,
        },
        0.0,
    );
    constant(
        Distribution::Normal {
            mean: 0.1,
            std: 0.0,
        },
        0.1,
    );
    constant(
        Distribution::TruncNormal {
            mean: 3.0,
            std: 0.0,
            low: -1.0,
            high: 0.1,
        },
        0.1,
    );
    constant(
        Distribution::TruncNormal {
            mean: 3.0,
            std: 1.0,
            low: 0.1,
            high: 0.1,
        },
        0.1,
    );
    constant(
        Distribution::TruncNormal {
            mean: 0.0,
            std: 1e-300,
            low: 1e10,
            high: 1e11,
        },
        1e10,
    );
}

/// The contract on values, in numbers: elements 1000 to 1002 of each of [`DISTRIBUTIONS`].
///
/// If this fails, values have changed, and with them every model that anyone has made: see `stream.rs`.
#[test]
fn values_are_pinned() {
    #[rustfmt::skip]
    const PINNED: [[[f64; 3]; DISTRIBUTIONS.len()]; 4] = [
        // f32
        [
            [0.872_274_756_431_579_6, 1.415_828_585_624_694_8, 1.178_642_630_577_087_4],
            [0.090_357_959_270_477_3, 0.039_083_689_451_217_65, -0.699_603_199_958_801_3],
            [0.270_512_282_848_358_15, 1.223_356_127_738_952_6, 0.725_755_691_528_320_3],
            [-3.132_816_076_278_686_5, -3.014_982_461_929_321_3, -3.061_266_899_108_886_7],
            [0.006_389_889_400_452_375, 0.009_514_399_804_174_9, 0.008_148_572_407_662_868],
            [0.019_169_013_947_248_46, 0.080_131_672_322_750_09, 0.042_927_395_552_396_774],
            [-2.362_691_879_272_461, -2.726_448_774_337_768_6, -2.583_658_456_802_368],
            [-3.944_860_219_955_444_3, -2.483_750_581_741_333, -3.126_704_454_421_997],
        ],
        // f64
        [
            [0.872_274_811_432_653_6, 1.415_828_691_981_236_6, 1.178_642_733_861_413_8],
            [0.090_357_990_104_179_28, 0.039_083_664_797_482_32, -0.699_603_132_328_950_7],
            [0.270_512_283_908_079_2, 1.223_356_314_989_209_7, 0.725_755_721_743_109],
            [-3.132_816_085_646_952_7, -3.014_982_413_230_221, -3.061_266_920_734_073_7],
            [0.006_389_889_420_511_522_5, 0.009_514_399_891_489_441, 0.008_148_572_612_239_184],
            [0.019_169_014_438_063_636, 0.080_131_674_718_157_14, 0.042_927_396_815_829_91],
            [-2.362_691_781_525_809_7, -2.726_448_682_625_618, -2.583_658_562_708_767],
            [-3.944_860_317_292_558_7, -2.483_750_695_131_123_5, -3.126_704_557_510_038_3],
        ],
        // f16
        [
            [0.872_070_312_5, 1.416_015_625, 1.178_710_937_5],
            [0.090_332_031_25, 0.039_093_017_578_125, -0.699_707_031_25],
            [0.270_507_812_5, 1.223_632_812_5, 0.725_585_937_5],
            [-3.132_812_5, -3.015_625, -3.060_546_875],
            [0.006_389_617_919_921_875, 0.009_513_854_980_468_75, 0.008_148_193_359_375],
            [0.019_165_039_062_5, 0.080_139_160_156_25, 0.042_938_232_421_875],
            [-2.363_281_25, -2.726_562_5, -2.583_984_375],
            [-3.945_312_5, -2.484_375, -3.126_953_125],
        ],
        // bf16
        [
            [0.871_093_75, 1.414_062_5, 1.179_687_5],
            [0.090_332_031_25, 0.039_062_5, -0.699_218_75],
            [0.271_484_375, 1.226_562_5, 0.726_562_5],
            [-3.140_625, -3.015_625, -3.062_5],
            [0.006_378_173_828_125, 0.009_521_484_375, 0.008_178_710_937_5],
            [0.019_165_039_062_5, 0.080_078_125, 0.042_968_75],
            [-2.359_375, -2.718_75, -2.578_125],
            [-3.937_5, -2.484_375, -3.125],
        ],
    ];
    fn check<T: Element>(pinned: &[[f64; 3]])
    where
        f64: From<T>,
    {
        for (distribution, pinned) in DISTRIBUTIONS.iter().zip(pinned) {
            let values = filled::<T>(&Sampler::new(distribution), 1000, 3);
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            assert_eq!(values, pinned, "{distribution:?}");
        }
    }
    check::<f32>(&PINNED[0]);
    check::<f64>(&PINNED[1]);
    check::<f16>(&PINNED[2]);
    check::<bf16>(&PINNED[3]);
}
