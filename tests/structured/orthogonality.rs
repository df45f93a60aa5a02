//! How far from orthonormal the rows or columns are, and that they are what the definition makes of the draws.

use nninit::init;
use nninit_tests::sources::Seed;
use tch::{Device, Kind, Tensor};

use crate::{DOUBLE, ROUNDINGS, epsilon, largest};

const KINDS: [Kind; 4] = [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16];

/// Reflections are applied 128 at a time, and one at a time where no side is above 32: shapes on both sides of both.
const SHAPES: [&[i64]; 9] = [
    &[16, 16],
    &[40, 24],
    &[24, 40],
    &[128, 128],
    &[127, 300],
    &[129, 129],
    &[400, 260],
    &[32, 8, 3, 3],
    &[512, 512],
];

/// The largest entry of |QᵀQ − I|, or of |QQᵀ − I| where that is smaller, with the product in f64 and `gain` divided
/// out.
pub(crate) fn error(tensor: &Tensor, gain: f64) -> f64 {
    let rows = tensor.size()[0];
    let matrix = tensor.detach().to_kind(Kind::Double).reshape([rows, -1]) / gain;
    let tall = if rows < matrix.size()[1] {
        matrix.tr()
    } else {
        matrix
    };
    largest(&(tall.tr().mm(&tall) - Tensor::eye(tall.size()[1], DOUBLE)))
}

fn allowed(kind: Kind) -> f64 {
    match kind {
        Kind::Double | Kind::Float => ROUNDINGS * epsilon(kind),
        _ => 0.5 * epsilon(kind) + ROUNDINGS * epsilon(Kind::Float),
    }
}

/// Where the products on the way would overflow, or lose digits, were the gain a factor of them.
#[test]
fn any_gain_that_the_kind_can_hold_is_held() {
    let f32_max = f64::from(f32::MAX);
    let gains = [
        (Kind::Float, vec![1e38, -3e38, f32_max, 1e-30]),
        (Kind::Double, vec![1e155, 1e307, -f64::MAX, 1e-300]),
        (Kind::BFloat16, vec![3e38, 1e-30]),
    ];
    for (kind, gains) in gains {
        for shape in [[16, 16], [40, 24], [24, 40], [129, 129], [300, 127]] {
            for &gain in &gains {
                let tensor = orthogonal(&shape, kind, gain, 5);
                let error = error(&tensor, gain);
                assert!(
                    error <= allowed(kind),
                    "{error} for {kind:?} {shape:?}, gain {gain}"
                );
            }
        }
    }
    let (one, large) = (
        orthogonal(&[40, 40], Kind::Float, 1.0, 5),
        orthogonal(&[40, 40], Kind::Float, 1e38, 5),
    );
    assert!(largest(&(large / 1e38 - one)) <= 16.0 * epsilon(Kind::Float));
}

fn orthogonal(shape: &[i64], kind: Kind, gain: f64, seed: u64) -> Tensor {
    let mut tensor = Tensor::zeros(shape, (kind, Device::Cpu));
    init::orthogonal_(&mut tensor, gain, &mut Seed(seed)).unwrap();
    tensor
}

#[test]
fn rows_or_columns_are_orthonormal() {
    for kind in KINDS {
        for (seed, &shape) in SHAPES.iter().enumerate() {
            for gain in [1.0, -0.75, 2f64.sqrt(), 1e-3] {
                let tensor = orthogonal(shape, kind, gain, seed as u64);
                let error = error(&tensor, gain);
                assert!(
                    error <= allowed(kind),
                    "{} ε for {kind:?} {shape:?}, gain {gain}",
                    error / epsilon(kind)
                );
            }
        }
    }
}

/// In matrices this small roundings to a half kind do not average out: each is at most ½ ε, and counts twice in a
/// square.
#[test]
fn so_are_those_of_the_smallest_matrices() {
    for kind in KINDS {
        let rounding = if epsilon(kind) > epsilon(Kind::Float) {
            1.01 * epsilon(kind)
        } else {
            0.0
        };
        let allowed = rounding + ROUNDINGS * epsilon(kind).min(epsilon(Kind::Float));
        for rows in 1..=9 {
            for columns in 1..=9 {
                for seed in 0..10 {
                    let error = error(&orthogonal(&[rows, columns], kind, 1.0, seed), 1.0);
                    assert!(
                        error <= allowed,
                        "{error:e} for {kind:?} [{rows}, {columns}]"
                    );
                }
            }
        }
    }
}

#[test]
fn normals_of_the_same_variance_are_not() {
    for kind in KINDS {
        for shape in SHAPES {
            let inner: i64 = shape[1..].iter().product();
            let std = (shape[0].max(inner) as f64).sqrt().recip();
            let mut tensor = Tensor::zeros(shape, (kind, Device::Cpu));
            init::normal_(&mut tensor, 0.0, std, &mut Seed(1)).unwrap();
            assert!(error(&tensor, 1.0) > allowed(kind));
        }
    }
}

/// The first columns of H₁H₂…D, one reflection after the other, from the normals that `normal` writes to the same
/// elements.
fn by_definition(shape: [i64; 2], kind: Kind, seed: u64) -> Tensor {
    let mut draws = Tensor::zeros(shape, (kind, Device::Cpu));
    init::normal_(&mut draws, 0.0, 1.0, &mut Seed(seed)).unwrap();
    let draws = draws.to_kind(Kind::Double);
    let wide = shape[0] < shape[1];
    let draws = if wide { draws.tr() } else { draws };
    let (rows, columns) = draws.size2().unwrap();
    let result = Tensor::eye(rows, DOUBLE).narrow(1, 0, columns).contiguous();
    for column in (0..columns).rev() {
        let draw = draws.select(1, column).narrow(0, column, rows - column);
        let first = draw.double_value(&[0]);
        let sign = if first < 0.0 { -1.0 } else { 1.0 };
        let along = draw.copy();
        let norm = draw.square().sum(Kind::Double).double_value(&[]).sqrt();
        let _ = along.get(0).fill_(first + sign * norm);
        let below = result.narrow(0, column, rows - column);
        let weights = along.unsqueeze(0).mm(&below);
        let square = along.square().sum(Kind::Double).double_value(&[]);
        let reflected = &below - along.unsqueeze(1).mm(&weights) * (2.0 / square);
        result.narrow(0, column, rows - column).copy_(&reflected);
        // The reflection takes the draw to minus its own sign; the column takes that back.
        let _ = result.select(1, column).multiply_scalar_(-sign);
    }
    if wide { result.tr() } else { result }
}

/// Longer matrices add more roundings; the bound is the one on orthogonality, for each of the entries alike.
#[test]
fn the_matrix_is_the_product_of_the_reflections() {
    for kind in [Kind::Double, Kind::Float] {
        for shape in [
            [1, 1],
            [2, 2],
            [3, 3],
            [7, 4],
            [4, 7],
            [130, 130],
            [140, 129],
            [20, 300],
        ] {
            for seed in 0..3 {
                let difference = orthogonal(&shape, kind, 1.0, seed).to_kind(Kind::Double)
                    - by_definition(shape, kind, seed);
                let difference = largest(&difference) / epsilon(kind);
                assert!(
                    difference <= ROUNDINGS,
                    "{difference} ε for {kind:?} {shape:?}"
                );
            }
        }
    }
}

/// What other machines may round otherwise is bounded as the difference from the definition is.
#[test]
fn values_are_pinned_up_to_rounding() {
    for (kind, shape, expected) in PINNED {
        let found = orthogonal(&shape, kind, 1.0, 42).to_kind(Kind::Double);
        let found: Vec<f64> = found.flatten(0, -1).try_into().unwrap();
        for (&found, expected) in found.iter().zip(expected) {
            let difference = (found - expected).abs() / epsilon(kind);
            assert!(
                difference <= ROUNDINGS,
                "{kind:?} {shape:?}: {found:?}, not {expected:?}"
            );
        }
    }
}

const PINNED: [(Kind, [i64; 2], [f64; 6]); 4] = [
    (
        Kind::Double,
        [3, 2],
        [
            0.220_631_573_778_353_3,
            0.720_996_635_759_134_8,
            -0.378_840_144_579_489_45,
            -0.557_247_322_122_923_7,
            -0.898_777_977_871_664_8,
            0.411_872_884_772_523_26,
        ],
    ),
    (
        Kind::Double,
        [2, 3],
        [
            0.501_683_576_445_381_8,
            -0.079_107_642_911_988_56,
            -0.861_426_473_912_823_3,
            0.402_322_297_601_643_95,
            -0.860_219_351_576_995_6,
            0.313_304_063_211_742_1,
        ],
    ),
    (
        Kind::Float,
        [3, 2],
        [
            0.220_631_480_216_979_98,
            0.720_996_618_270_874,
            -0.378_840_118_646_621_7,
            -0.557_247_400_283_813_5,
            -0.898_777_961_730_957,
            0.411_872_863_769_531_25,
        ],
    ),
    (
        Kind::Float,
        [2, 3],
        [
            0.501_683_592_796_325_7,
            -0.079_107_642_173_767_09,
            -0.861_426_472_663_879_4,
            0.402_322_351_932_525_63,
            -0.860_219_478_607_177_7,
            0.313_304_036_855_697_63,
        ],
    ),
];
