//! What the kinds of numbers do to values: halves are f32 rounded once, and bounds hold in every kind.

use half::{bf16, f16};
use nninit::laws::{Elementwise, Structured};
use nninit::{Initialize, Initializer, Law, Target, init, schemes};
use nninit_tests::bits;
use nninit_tests::sources::Seed;
use nninit_tests::statistics::{
    assert_drawn_from, drawn_from, furthest_normal, largest_count, normal, trunc_normal,
};
use statrs::distribution::{ContinuousCDF, Normal};
use tch::{Device, Kind, Tensor};

const SAMPLES: usize = 100_000;

/// Every random scheme.
#[derive(Initialize)]
struct RandomSchemes {
    #[init(uniform, a = -0.3, b = 0.7)]
    uniform: Tensor,
    #[init(normal, mean = 1, std = 3)]
    normal: Tensor,
    #[init(trunc_normal, std = 2, a = -1.001, b = 1.003)]
    trunc_normal: Tensor,
    #[init(trunc_normal, a = 4.001, b = 4.503)]
    tail: Tensor,
    #[init(trunc_normal, a = 0.1, b = 0.100_1)]
    narrow: Tensor,
    #[init(xavier_uniform)]
    xavier_uniform: Tensor,
    #[init(xavier_normal)]
    xavier_normal: Tensor,
    #[init(kaiming_uniform)]
    kaiming_uniform: Tensor,
    #[init(kaiming_normal)]
    kaiming_normal: Tensor,
    #[init(lecun_uniform)]
    lecun_uniform: Tensor,
    #[init(lecun_normal)]
    lecun_normal: Tensor,
    #[init(sparse, sparsity = 0.3)]
    sparse: Tensor,
    #[init(orthogonal)]
    orthogonal: Tensor,
    #[init(delta_orthogonal)]
    delta_orthogonal: Tensor,
}

/// Each parameter's law and values.
fn drawn(kind: Kind) -> Vec<(Law, Tensor)> {
    let weight = || Tensor::zeros([300, 70], (kind, Device::Cpu));
    let mut model = RandomSchemes {
        uniform: weight(),
        normal: weight(),
        trunc_normal: weight(),
        tail: weight(),
        narrow: weight(),
        xavier_uniform: weight(),
        xavier_normal: weight(),
        kaiming_uniform: weight(),
        kaiming_normal: weight(),
        lecun_uniform: weight(),
        lecun_normal: weight(),
        sparse: weight(),
        orthogonal: weight(),
        delta_orthogonal: Tensor::zeros([50, 40, 3], (kind, Device::Cpu)),
    };
    let report = model.try_init(&mut Seed(42)).unwrap();
    let drawn = |entry: &nninit::Entry| {
        let law = entry.steps()[0].law().unwrap().clone();
        (law, entry.tensor().shallow_clone())
    };
    report.entries().iter().map(drawn).collect()
}

/// The bounds of a law, where it has any.
fn bounds(law: &Law) -> (f64, f64) {
    match *law {
        Law::Elementwise(
            Elementwise::Uniform { low, high } | Elementwise::TruncNormal { low, high, .. },
        ) => (low, high),
        _ => (f64::NEG_INFINITY, f64::INFINITY),
    }
}

#[test]
fn halves_are_singles_rounded_once_and_held_within_the_rounded_bounds() {
    // `half` rounds a single correctly, and a double only by its upper half.
    let round = |kind, value: f64| match kind {
        Kind::Half => f16::from_f32(value as f32).to_f64(),
        _ => bf16::from_f32(value as f32).to_f64(),
    };
    let singles = drawn(Kind::Float);
    for kind in [Kind::Half, Kind::BFloat16] {
        for ((law, half), (_, single)) in drawn(kind).iter().zip(&singles) {
            let (low, high) = bounds(law);
            let (low, high) = (round(kind, low), round(kind, high));
            let flat = |tensor: &Tensor| -> Vec<f64> {
                tensor
                    .to_kind(Kind::Double)
                    .flatten(0, -1)
                    .try_into()
                    .unwrap()
            };
            for (index, (single, half)) in flat(single).into_iter().zip(flat(half)).enumerate() {
                let expected = round(kind, single).clamp(low, high);
                assert_eq!(
                    half, expected,
                    "{law} in {kind:?}, element {index}, {single:?}"
                );
            }
        }
    }
}

/// A double's draw has the single's bits above its own, so that the one rounds to the other but for what 32 bits cannot
/// tell.
#[test]
fn doubles_are_the_same_draws_made_finer() {
    for ((law, double), (_, single)) in drawn(Kind::Double).iter().zip(&drawn(Kind::Float)) {
        let unit = match *law {
            Law::Elementwise(Elementwise::Uniform { low, high }) => high - low,
            Law::Elementwise(
                Elementwise::Normal { std, .. } | Elementwise::TruncNormal { std, .. },
            )
            | Law::Structured(Structured::Sparse { std, .. }) => std,
            // What a factorisation makes of the draws is computed in each kind for itself.
            _ => continue,
        };
        let apart = (double - single.to_kind(Kind::Double)).abs() / unit;
        // The median, which no draw next to a tail's end can move: within a few units of f32 beside 1.
        let median = apart.median().double_value(&[]);
        assert!(median <= 4.0 * f64::from(f32::EPSILON), "{law}: {median:e}");
    }
}

fn filled(kind: Kind, law: [f64; 4]) -> Tensor {
    let [mean, std, low, high] = law;
    let mut tensor = Tensor::zeros([SAMPLES as i64], (kind, Device::Cpu));
    init::trunc_normal_(&mut tensor, mean, std, low, high, &mut Seed(7)).unwrap();
    tensor
}

const KINDS: [Kind; 4] = [Kind::Float, Kind::Double, Kind::Half, Kind::BFloat16];

/// Bounds that no kind holds exactly, inside, outside and across each other's roundings.
#[test]
fn truncated_normals_never_leave_their_bounds() {
    let laws = [
        [0.0, 1.0, -2.0, 2.0],
        [0.0, 1.0, -0.1, 0.3],
        [0.0, 1.0, 0.1, 0.100_000_1],
        [0.0, 1.0, 2.1, 3.3],
        [0.0, 1.0, 5.1, 6.3],
        [0.0, 1.0, -37.3, -30.1],
        [0.0, 1e-3, 1.0 / 3.0, 2.0 / 3.0],
        [100.1, 0.7, 99.9, 100.3],
        [1.1, 1e-9, -1.7, 1.9],
        [-3.3, 0.0, -2.0, 2.0],
        [0.0, 1e4, -0.7, 0.9],
        [0.2, 1.0, 0.7, 0.7],
    ];
    for kind in KINDS {
        for law in laws {
            let rounded = |bound: f64| Tensor::from(bound).to_kind(kind).double_value(&[]);
            let tensor = filled(kind, law);
            assert_eq!(tensor.isnan().any().int64_value(&[]), 0);
            let (least, greatest) = (
                tensor.min().double_value(&[]),
                tensor.max().double_value(&[]),
            );
            assert!(least >= rounded(law[2]), "{law:?} in {kind:?}: {least:?}");
            assert!(
                greatest <= rounded(law[3]),
                "{law:?} in {kind:?}: {greatest:?}"
            );
        }
    }
}

/// The bounds lie so far out that the law is the plain normal: nothing may lie at them, and nothing far from the rest.
#[test]
fn a_small_deviation_gives_no_outlier_and_no_spike() {
    let furthest = furthest_normal(SAMPLES);
    for kind in [Kind::Float, Kind::Double, Kind::BFloat16] {
        for power in 3..=10 {
            let std = 10.0_f64.powi(-power);
            let tensor = filled(kind, [0.0, std, -2.0, 2.0]);
            assert_drawn_from(&tensor, normal(0.0, std));
            let extreme = tensor.abs().max().double_value(&[]) / std;
            assert!(
                extreme <= furthest * (1.0 + 1.0 / 256.0),
                "{extreme} with std {std:e}"
            );
        }
    }
}

#[test]
fn truncated_normals_follow_their_law_in_narrow_tails() {
    for kind in KINDS {
        for [low, high] in [[2.0, 3.0], [5.0, 6.0], [-6.0, -5.0]] {
            let tensor = filled(kind, [0.0, 1.0, low, high]);
            assert_drawn_from(&tensor, trunc_normal(0.0, 1.0, low, high));
            // And would not, were the deviation 2 % larger: the samples are enough to tell.
            assert!(drawn_from(&tensor, trunc_normal(0.0, 1.02, low, high)).is_err());
        }
    }
}

/// At a bound lies what rounds to it, and no more.
#[test]
fn nothing_piles_up_at_the_bounds() {
    let standard = Normal::standard();
    for kind in KINDS {
        for [low, high] in [[-2.0, 2.0], [-0.5, 0.5], [2.0, 3.0], [5.0, 6.0]] {
            let tensor = filled(kind, [0.0, 1.0, low, high]);
            for (bound, inwards) in [(low, 1.0), (high, -1.0)] {
                // A number next to a bound is at most this far from it.
                let digits = match kind {
                    Kind::Double => 52,
                    Kind::Float => 23,
                    Kind::Half => 10,
                    _ => 7,
                };
                let step = bound.abs() * 2.0_f64.powi(-digits);
                let edge = bound + inwards * step;
                let mass = |a: f64, b: f64| (standard.sf(a) - standard.sf(b)).abs();
                let count = tensor.eq(bound).count_nonzero(None).int64_value(&[]);
                let allowed = largest_count(SAMPLES, mass(bound, edge) / mass(low, high));
                assert!(
                    count as u64 <= allowed,
                    "{count} of {allowed} at {bound} in {kind:?}"
                );
            }
        }
    }
}

/// Intervals of a few numbers, where rounding to nearest would reach the upper bound most easily.
#[test]
fn uniform_never_returns_its_upper_bound() {
    let kinds = [
        (Kind::Float, f64::from(f32::EPSILON)),
        (Kind::Double, f64::EPSILON),
    ];
    for (kind, step) in kinds {
        let intervals = [
            (0.0, 1.0),
            (-1.0, 0.0),
            (1.0, 1.0 + step),
            (1.0, 1.0 + 3.0 * step),
            (-1.0 - 4.0 * step, -1.0),
            (-0.1, 0.1),
            (1e-30, 3e-30),
        ];
        for (low, high) in intervals {
            let mut tensor = Tensor::zeros([1_000_000], (kind, Device::Cpu));
            init::uniform_(&mut tensor, low, high, &mut Seed(7)).unwrap();
            let rounded = |bound: f64| Tensor::from(bound).to_kind(kind).double_value(&[]);
            let (least, greatest) = (
                tensor.min().double_value(&[]),
                tensor.max().double_value(&[]),
            );
            assert!(least >= rounded(low), "{least:?} in [{low:?}, {high:?})");
            assert!(
                greatest < rounded(high),
                "{greatest:?} in [{low:?}, {high:?})"
            );
        }
    }
}

/// Values are cut to the number below, so that each of eight numbers comes equally often and the bound never.
#[test]
fn uniform_gives_every_number_below_its_bound_its_share() {
    let step = f64::from(f32::EPSILON);
    let mut tensor = Tensor::zeros([SAMPLES as i64], (Kind::Float, Device::Cpu));
    init::uniform_(&mut tensor, 1.0, 1.0 + 8.0 * step, &mut Seed(7)).unwrap();
    let first = bits::of(&Tensor::from(1.0_f32))[0];
    let mut counts = [0_u64; 8];
    for bits in bits::of(&tensor) {
        counts[(bits - first) as usize] += 1;
    }
    for count in counts {
        assert!(count <= largest_count(SAMPLES, 1.0 / 8.0), "{counts:?}");
        let others = SAMPLES as u64 - count;
        assert!(others <= largest_count(SAMPLES, 7.0 / 8.0), "{counts:?}");
    }
}

/// Where a = b, and where std = 0, every value is that number, in every kind.
#[test]
fn laws_of_a_single_value_are_constants() {
    #[derive(Initialize)]
    struct Single {
        #[init(uniform, a = self.value, b = self.value)]
        uniform: Tensor,
        #[init(normal, mean = self.value, std = 0)]
        normal: Tensor,
        #[init(trunc_normal, a = self.value, b = self.value)]
        trunc_normal: Tensor,
        #[init(trunc_normal, mean = self.value, std = 0)]
        at_the_mean: Tensor,
        value: f64,
    }

    for kind in KINDS {
        let tensor = || Tensor::zeros([100], (kind, Device::Cpu));
        let mut single = Single {
            uniform: tensor(),
            normal: tensor(),
            trunc_normal: tensor(),
            at_the_mean: tensor(),
            value: 0.3,
        };
        let report = single.try_init(&mut Seed(42)).unwrap();
        for entry in report.entries() {
            bits::assert_same(
                &entry.tensor(),
                &Tensor::full([100], 0.3, (kind, Device::Cpu)),
            );
        }
    }
}

/// Schemes of a user's own are held to the same, through the law they come to.
#[test]
fn users_schemes_go_the_same_way() {
    struct Twice;

    impl Initializer for Twice {
        fn label(&self) -> String {
            "twice".into()
        }

        fn law(&self, target: &Target<'_>) -> Result<Law, nninit::BoxError> {
            schemes::normal().std(2.0).law(target)
        }
    }

    #[derive(Initialize)]
    struct Own {
        #[init(with = Twice)]
        weight: Tensor,
    }

    #[derive(Initialize)]
    struct Named {
        #[init(normal, std = 2)]
        weight: Tensor,
    }

    let tensor = || Tensor::zeros([1000], (Kind::Float, Device::Cpu));
    let (mut own, mut named) = (Own { weight: tensor() }, Named { weight: tensor() });
    own.init(&mut Seed(42));
    named.init(&mut Seed(42));
    bits::assert_same(&own.weight, &named.weight);
}
