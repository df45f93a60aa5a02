//! Schemes of which nothing is drawn: positions, slopes, kernels that interpolate, and what state-space layers start
//! from.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};

use nninit::{Blueprint, Initialize, TorchRng};
use nninit_tests::bits;
use nninit_tests::generator::alone;
use nninit_tests::sources::Seed;
use tch::{Device, IndexOp, Kind, Tensor};

use crate::DOUBLE;

const KINDS: [Kind; 4] = [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16];

/// One parameter of each.
#[derive(Initialize)]
struct Every {
    #[init(sincos_positions)]
    line: Tensor,
    #[init(sincos_positions, prefix = 1, width = 3)]
    grid: Tensor,
    #[init(sincos_positions, base = 100, interleaved)]
    interleaved: Tensor,
    #[init(alibi_slopes)]
    slopes: Tensor,
    #[init(bilinear)]
    upsample: Tensor,
    #[init(bilinear)]
    depthwise: Tensor,
    #[init(hippo_legs)]
    legs: Tensor,
    #[init(hippo_legs_b)]
    legs_b: Tensor,
    #[init(s4d_lin)]
    lin: Tensor,
    #[init(s4d_inv)]
    inv: Tensor,
    #[init(s4d_real)]
    real: Tensor,
    #[init(a_log_range)]
    a_log: Tensor,
}

const SHAPES: [&[i64]; 12] = [
    &[5, 6],
    &[7, 8],
    &[9, 4],
    &[12, 1],
    &[2, 2, 4, 4],
    &[3, 1, 2],
    &[4, 4],
    &[4],
    &[2, 32],
    &[2, 32],
    &[3, 2],
    &[2, 4],
];

impl Every {
    fn of(tensor: impl Fn(&[i64]) -> Tensor) -> Self {
        let [
            line,
            grid,
            interleaved,
            slopes,
            upsample,
            depthwise,
            legs,
            legs_b,
            lin,
            inv,
            real,
            a_log,
        ] = SHAPES.map(tensor);
        Self {
            line,
            grid,
            interleaved,
            slopes,
            upsample,
            depthwise,
            legs,
            legs_b,
            lin,
            inv,
            real,
            a_log,
        }
    }

    fn new(kind: Kind) -> Self {
        Self::of(|shape| Tensor::full(shape, 9.0, (kind, Device::Cpu)))
    }

    fn initialised(mut self) -> Self {
        self.init(&mut Seed(42));
        self
    }

    fn tensors(&self) -> [&Tensor; 12] {
        [
            &self.line,
            &self.grid,
            &self.interleaved,
            &self.slopes,
            &self.upsample,
            &self.depthwise,
            &self.legs,
            &self.legs_b,
            &self.lin,
            &self.inv,
            &self.real,
            &self.a_log,
        ]
    }

    fn assert_same(&self, other: &Self) {
        for (left, right) in self.tensors().into_iter().zip(other.tensors()) {
            bits::assert_same(left, right);
        }
    }
}

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}

/// The numbers are those of the papers and of the authors' code, from 400 bits of each.
#[test]
fn values_are_those_of_the_formulas() {
    let every = Every::new(Kind::Double).initialised();
    let (sin, cos) = (0.841_470_984_807_896_5, 0.540_302_305_868_139_8);
    let (sin_100th, cos_100th) = (0.009_999_833_334_166_664, 0.999_950_000_416_665_3);
    assert_eq!(values(&every.line.i(0)), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(every.line.double_value(&[1, 0]), sin);
    assert_eq!(every.line.double_value(&[1, 3]), cos);
    assert_eq!(values(&every.grid.i(0)), [0.0; 8]);
    let right = [sin, sin_100th, cos, cos_100th, 0.0, 0.0, 1.0, 1.0];
    assert_eq!(values(&every.grid.i(2)), right);
    let down = [0.0, 0.0, 1.0, 1.0, sin, sin_100th, cos, cos_100th];
    assert_eq!(values(&every.grid.i(4)), down);
    let tenth = [0.099_833_416_646_828_15, 0.995_004_165_278_025_8];
    assert_eq!(
        values(&every.interleaved.i(1)),
        [sin, cos, tenth[0], tenth[1]]
    );
    let slopes = values(&every.slopes);
    assert_eq!(slopes[..3], [0.5, 0.25, 0.125]);
    assert_eq!(slopes[7], 2.0_f64.powi(-8));
    assert_eq!(slopes[8], FRAC_1_SQRT_2);
    let line = [0.25, 0.75, 0.75, 0.25];
    for place in 0..2 {
        let kernel = every.upsample.i((place, place));
        let due = line.map(|row| line.map(|column| row * column));
        assert_eq!(values(&kernel), due.as_flattened());
        assert_eq!(values(&every.upsample.i((place, 1 - place))), [0.0; 16]);
    }
    assert_eq!(values(&every.depthwise), [0.5; 6]);
    assert_eq!(
        values(&every.legs.i(1)),
        [-(3.0_f64.sqrt()), -2.0, 0.0, 0.0]
    );
    assert_eq!(every.legs.double_value(&[3, 2]), -(35.0_f64.sqrt()));
    assert_eq!(values(&every.legs_b), [1.0, 3.0, 5.0, 7.0].map(f64::sqrt));
    assert_eq!(values(&every.lin.i((1, ..3))), [0.0, PI, 2.0 * PI]);
    let inverse = [
        1_283.425_461_093_044,
        414.227_265_220_506_24,
        240.387_626_045_998_73,
    ];
    assert_eq!(values(&every.inv.i((1, ..3))), inverse);
    assert_eq!(values(&every.real), [-1.0, -2.0, -1.0, -2.0, -1.0, -2.0]);
    let logarithms = [0.0, LN_2, 1.098_612_288_668_109_8, 2.0 * LN_2];
    assert_eq!(values(&every.a_log.i(1)), logarithms);
}

/// MAE's table as its own lines make it, in f64: the angle is rounded to three places of its last, and libtorch's
/// sine to one of its own.
#[test]
fn the_table_of_mae_is_what_its_code_makes() {
    #[derive(Initialize)]
    struct Patches {
        #[init(sincos_positions, prefix = 1, width = 14, batch = 1)]
        pos_embed: Tensor,
    }
    let mut patches = Patches {
        pos_embed: Tensor::full([1, 197, 768], 9.0, DOUBLE),
    };
    patches.init(&mut Seed(1));
    let places = Tensor::arange(14, DOUBLE);
    let omega = (Tensor::arange(192, DOUBLE) / -192.0 * 10_000.0_f64.ln()).exp();
    let of_one = |positions: Tensor| {
        let angles = positions.reshape([-1, 1]) * &omega;
        Tensor::cat(&[angles.sin(), angles.cos()], 1)
    };
    let columns = of_one(places.repeat([14]));
    let rows = of_one(places.repeat_interleave_self_int(14, 0, None));
    let due = Tensor::cat(&[columns, rows], 1);
    let off = (patches.pos_embed.i((0, 1..)) - due)
        .abs()
        .max()
        .double_value(&[]);
    // exp(9.2) magnifies the rounding of its argument, nine places of it.
    let allowed = 13.0 * 12.0 * f64::EPSILON;
    assert!(off <= allowed, "{off:e} of {allowed:e}");
    assert_eq!(values(&patches.pos_embed.i((0, 0))), [0.0; 768]);
}

#[test]
fn other_kinds_are_the_double_rounded_once_whatever_the_layout() {
    let doubles = Every::new(Kind::Double).initialised();
    for kind in KINDS {
        let rounded = Every::new(kind).initialised();
        for (double, rounded) in doubles.tensors().into_iter().zip(rounded.tensors()) {
            bits::assert_same(&double.to_kind(kind), rounded);
        }
        let reversed = Every::of(|shape| {
            let shape: Vec<i64> = shape.iter().rev().copied().collect();
            let order: Vec<i64> = (0..shape.len() as i64).rev().collect();
            Tensor::full(&shape[..], 9.0, (kind, Device::Cpu)).permute(&order[..])
        });
        reversed.initialised().assert_same(&rounded);
    }
}

/// Over 2¹⁸ elements, below which one thread does it all.
#[test]
fn the_number_of_threads_does_not_show() {
    #[derive(Initialize)]
    struct Large {
        #[init(sincos_positions)]
        positions: Tensor,
        #[init(hippo_legs)]
        legs: Tensor,
        #[init(bilinear)]
        kernel: Tensor,
    }
    for kind in KINDS {
        let with_threads = |threads| {
            tch::set_num_threads(threads);
            let of = |shape: &[i64]| Tensor::zeros(shape, (kind, Device::Cpu));
            let mut large = Large {
                positions: of(&[1500, 202]),
                legs: of(&[700, 700]),
                kernel: of(&[140, 140, 4, 4]),
            };
            large.init(&mut Seed(42));
            large
        };
        let alone = with_threads(1);
        for threads in [2, 3, 7] {
            let large = with_threads(threads);
            bits::assert_same(&large.positions, &alone.positions);
            bits::assert_same(&large.legs, &alone.legs);
            bits::assert_same(&large.kernel, &alone.kernel);
        }
    }
}

#[derive(Initialize)]
struct Modified {
    #[init(constant, val = 7)]
    #[init(sincos_positions, at = (1, 2..5, ..))]
    region: Tensor,
    #[init(hippo_legs, batch = 2)]
    slices: Tensor,
    #[init(a_log_range, chunks = 2)]
    chunks: Tensor,
    #[init(alibi_slopes, repeat = 3)]
    repeated: Tensor,
    #[init(s4d_real, scale = 0.5)]
    scaled: Tensor,
    #[init(a_log_range, chunks = 2, transposed)]
    columns: Tensor,
}

/// A table is that of the region, slice or block that it is written to.
#[test]
fn modifiers_say_what_is_a_table_by_itself() {
    let of = |shape: &[i64]| Tensor::full(shape, 9.0, DOUBLE);
    let mut modified = Modified {
        region: of(&[2, 6, 4]),
        slices: of(&[2, 3, 4, 4]),
        chunks: of(&[6]),
        repeated: of(&[6]),
        scaled: of(&[3]),
        columns: of(&[2, 6]),
    };
    let report = modified.try_init(&mut Seed(1)).unwrap();
    let every = Every::new(Kind::Double).initialised();
    let region = modified.region.i((1, 2..5, ..));
    assert_eq!(values(&region.i(0)), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(region.double_value(&[1, 0]), 0.841_470_984_807_896_5);
    assert_eq!(
        modified.region.eq(7.0).sum(Kind::Int64).int64_value(&[]),
        48 - 12
    );
    for place in 0..6 {
        let slice = modified.slices.i((place / 3, place % 3)).contiguous();
        bits::assert_same(&slice, &every.legs);
    }
    let logarithms = [0.0, LN_2, 1.098_612_288_668_109_8];
    assert_eq!(
        values(&modified.chunks),
        [logarithms, logarithms].as_flattened()
    );
    assert_eq!(values(&modified.columns), [logarithms; 4].as_flattened());
    let repeated = [
        0.0625,
        0.0625,
        0.0625,
        0.003_906_25,
        0.003_906_25,
        0.003_906_25,
    ];
    assert_eq!(values(&modified.repeated), repeated);
    assert_eq!(values(&modified.scaled), [-0.5, -1.0, -1.5]);
    assert_eq!(report.verify().unwrap().checked, 6);
    assert_eq!(report.verify_bits().unwrap().checked, 6);
}

/// The least change of any element of any table, in each kind.
#[test]
fn one_changed_bit_is_noticed() {
    for kind in KINDS {
        let mut every = Every::new(kind);
        let report = every.try_init(&mut Seed(1)).unwrap();
        assert_eq!(report.verify().unwrap().checked, 12);
        assert!(report.verify().unwrap().unchecked.is_empty());
        assert_eq!(report.verify_bits().unwrap().checked, 12);
        for tensor in every.tensors() {
            let last = tensor.view(-1).get(tensor.numel() as i64 - 1);
            let bits = match kind {
                Kind::Double => Kind::Int64,
                Kind::Float => Kind::Int,
                _ => Kind::Int16,
            };
            let mut bits = last.view_dtype(bits);
            bits += 1;
            let statistics = report.verify().unwrap_err();
            let exact = report.verify_bits().unwrap_err();
            assert_eq!(
                [&statistics, &exact].map(|error| error.problems().len()),
                [1, 1]
            );
            bits -= 1;
        }
        assert!(report.verify_bits().is_ok());
    }
}

/// Nothing is drawn: libtorch's generator stays where it is, and its values are ours.
#[test]
fn torch_s_generator_is_left_alone() {
    let _alone = alone();
    let mut every = Every::new(Kind::Float);
    every.try_init(&mut TorchRng::manual_seed(3)).unwrap();
    every.assert_same(&Every::new(Kind::Float).initialised());
    let after = Tensor::rand([2], (Kind::Float, Device::Cpu));
    tch::manual_seed(3);
    assert_eq!(after, Tensor::rand([2], (Kind::Float, Device::Cpu)));
}

#[test]
fn blueprints_in_files_give_the_same_bits() {
    let text = serde_json::to_string(&Every::new(Kind::Float).plan().unwrap().blueprint()).unwrap();
    let blueprint: Blueprint = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&blueprint).unwrap(), text);
    let other = Every::new(Kind::Float);
    let plan = other.plan().unwrap();
    assert_eq!(blueprint.to_string(), plan.blueprint().to_string());
    let named = plan
        .entries()
        .iter()
        .map(|entry| (entry.path().to_owned(), entry.tensor()));
    blueprint
        .bind(named)
        .unwrap()
        .execute(&mut Seed(42))
        .unwrap();
    other.assert_same(&Every::new(Kind::Float).initialised());
    let wrong = text.replace(r#""base":"100.0""#, r#""base":"0.0""#);
    let error = serde_json::from_str::<Blueprint>(&wrong)
        .unwrap_err()
        .to_string();
    assert!(error.contains("`base` is 0"), "{error}");
}
