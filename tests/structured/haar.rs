//! Orthogonal matrices are uniform among all: moments, determinants, entries and angles.

use nninit::Initialize;
use nninit_tests::sources::Seed;
use nninit_tests::statistics::{drawn_from, furthest_normal};
use statrs::distribution::{Beta, ContinuousCDF};
use std::f64::consts::PI;
use tch::{Kind, Tensor};

use crate::DOUBLE;

const MATRICES: i64 = 20_000;

/// Many matrices, one under the other.
#[derive(Initialize)]
struct Stack {
    #[init(orthogonal, chunks = MATRICES)]
    matrices: Tensor,
}

fn stack(rows: i64, columns: i64) -> Tensor {
    let mut stack = Stack {
        matrices: Tensor::zeros([MATRICES * rows, columns], DOUBLE),
    };
    stack.init(&mut Seed(1));
    stack.matrices.view([MATRICES, rows, columns])
}

/// The orthogonal factors of normal matrices as LAPACK leaves them: not uniform, for it chooses the signs.
fn factors(n: i64) -> Tensor {
    let mut normals = Tensor::zeros([MATRICES, n, n], DOUBLE);
    nninit::init::normal_(&mut normals, 0.0, 1.0, &mut Seed(1)).unwrap();
    Tensor::linalg_qr(&normals, "reduced").0
}

fn traces(matrices: &Tensor) -> Tensor {
    matrices
        .diagonal(0, 1, 2)
        .sum_dim_intlist([1_i64].as_slice(), false, None::<Kind>)
}

/// Whether samples may have this mean: their own deviation says how far it may be off.
fn mean_is(samples: &Tensor, mean: f64) -> Result<(), String> {
    let found = samples.mean(Kind::Double).double_value(&[]);
    let deviation = samples.std(true).double_value(&[]);
    let allowed = furthest_normal(1) * deviation / (MATRICES as f64).sqrt();
    // Where every sample is the mean, rounding is all that is left.
    if (found - mean).abs() <= allowed + 16.0 * f64::EPSILON {
        Ok(())
    } else {
        Err(format!("the mean is {found}, not {mean} ± {allowed}"))
    }
}

fn has_haars_moments(matrices: &Tensor) -> Result<(), String> {
    let traces = traces(matrices);
    mean_is(&traces, 0.0)?;
    mean_is(&traces.square(), 1.0)?;
    mean_is(&self::traces(&matrices.bmm(matrices)), 1.0)
}

fn has_balanced_determinants(matrices: &Tensor) -> Result<(), String> {
    mean_is(&matrices.det().sign(), 0.0)
}

#[test]
fn moments_are_haars() {
    for n in [1, 2, 3, 4, 8] {
        has_haars_moments(&stack(n, n)).unwrap_or_else(|error| panic!("n = {n}: {error}"));
        assert!(has_haars_moments(&factors(n)).is_err(), "n = {n}");
    }
}

#[test]
fn either_sign_of_the_determinant_is_as_likely() {
    for n in 1..=4 {
        has_balanced_determinants(&stack(n, n)).unwrap_or_else(|error| panic!("n = {n}: {error}"));
        assert!(has_balanced_determinants(&factors(n)).is_err(), "n = {n}");
    }
}

/// An entry of a unit vector in n dimensions: (x + 1) / 2 is Beta((n − 1) / 2, (n − 1) / 2).
fn entries_are_a_unit_vectors(matrices: &Tensor) -> Result<(), String> {
    let (rows, columns) = (matrices.size()[1], matrices.size()[2]);
    let half = (rows.max(columns) - 1) as f64 / 2.0;
    let law = Beta::new(half, half).expect("two dimensions or more");
    for row in 0..rows {
        for column in 0..columns {
            let entries = matrices.select(1, row).select(1, column);
            drawn_from(&entries, |x| law.cdf(f64::midpoint(x, 1.0).clamp(0.0, 1.0)))
                .map_err(|error| format!("[{row}, {column}]: {error}"))?;
        }
    }
    Ok(())
}

#[test]
fn entries_are_those_of_a_uniform_direction() {
    for (rows, columns) in [(2, 2), (3, 3), (5, 5), (6, 2), (2, 6), (1, 4)] {
        entries_are_a_unit_vectors(&stack(rows, columns))
            .unwrap_or_else(|error| panic!("{rows} × {columns}: {error}"));
    }
    assert!(entries_are_a_unit_vectors(&factors(3)).is_err());
}

/// Those of the matrices whose determinant has this sign.
fn with_determinant(matrices: &Tensor, sign: f64) -> Tensor {
    let chosen = (matrices.det() * sign).gt(0.0).nonzero().squeeze_dim(1);
    matrices.index_select(0, &chosen)
}

/// The free angle, from the trace: it is the fixed direction's ±1 (in three dimensions) and 2 cos θ.
fn angles_follow(matrices: &Tensor, fixed: f64, law: fn(f64) -> f64) -> Result<(), String> {
    let cosines = (traces(matrices) - fixed) / 2.0;
    drawn_from(&cosines.clamp(-1.0, 1.0).acos(), law)
}

fn uniform(angle: f64) -> f64 {
    angle / PI
}

/// Of density (1 − cos θ) / π.
fn far(angle: f64) -> f64 {
    (angle - angle.sin()) / PI
}

/// Of density (1 + cos θ) / π.
fn near(angle: f64) -> f64 {
    (angle + angle.sin()) / PI
}

#[test]
fn rotations_turn_by_the_angles_of_haar() {
    let (plane, space) = (stack(2, 2), stack(3, 3));
    angles_follow(&with_determinant(&plane, 1.0), 0.0, uniform).unwrap();
    angles_follow(&with_determinant(&space, 1.0), 1.0, far).unwrap();
    angles_follow(&with_determinant(&space, -1.0), -1.0, near).unwrap();
    // The laws can be told apart, and LAPACK's signs make another.
    assert!(angles_follow(&with_determinant(&space, 1.0), 1.0, uniform).is_err());
    assert!(angles_follow(&with_determinant(&space, 1.0), 1.0, near).is_err());
    assert!(angles_follow(&with_determinant(&factors(3), 1.0), 1.0, far).is_err());
}
