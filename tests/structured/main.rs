//! Schemes of a whole matrix: `orthogonal`, `delta_orthogonal`, `eye`, `dirac` and `sparse`.

mod convolutions;
mod haar;
mod orthogonality;
mod places;
mod sparse;

use tch::{Device, Kind, Tensor};

const DOUBLE: (Kind, Device) = (Kind::Double, Device::Cpu);

/// The largest element, by magnitude.
fn largest(tensor: &Tensor) -> f64 {
    tensor.abs().max().double_value(&[])
}

/// One unit in the last place of 1.
fn epsilon(kind: Kind) -> f64 {
    match kind {
        Kind::Double => f64::EPSILON,
        Kind::Float => f64::from(f32::EPSILON),
        Kind::Half => 2f64.powi(-10),
        Kind::BFloat16 => 2f64.powi(-7),
        other => panic!("{other:?} has no epsilon"),
    }
}
