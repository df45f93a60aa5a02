//! Schemes of a whole matrix, `orthogonal`, `delta_orthogonal`, `eye`, `dirac` and `sparse`, of gates, and of the place
//! alone.

mod convolutions;
mod gates;
mod haar;
mod orthogonality;
mod places;
mod sparse;
mod tables;

use tch::{Device, Kind, Tensor};

const DOUBLE: (Kind, Device) = (Kind::Double, Device::Cpu);

/// How far orthogonality may be off in the largest entry, in units of [`epsilon`], whichever kernels libtorch picks.
///
/// An entry of an m×m matrix is about 1/√m. Up to m reflections round it about six times each, by at most half a unit
/// of its own last place, so by 0.29 ε/√m in the root mean square; without a common sign these come to √(6m) · 0.29
/// ε/√m = 0.7 ε, in a product of two such columns to 1 ε, and in the furthest of the 2¹⁸ entries here to 5 ε. A sum of
/// up to 512 terms has partial sums up to 3 times its result, and their order is the kernel's choice: 15 ε, and the
/// next power of two. The same bound holds for one entry that is computed in two ways.
const ROUNDINGS: f64 = 16.0;

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
