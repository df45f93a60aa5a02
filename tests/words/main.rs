//! Words of the attribute language that take what only Rust has, and the kinds beyond real numbers.

mod complex;
mod copy;
mod map;

use tch::{Device, Kind, Tensor};

const REAL: [Kind; 4] = [Kind::Double, Kind::Float, Kind::Half, Kind::BFloat16];

fn zeros(shape: &[i64], kind: Kind) -> Tensor {
    Tensor::zeros(shape, (kind, Device::Cpu))
}

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view(-1)).unwrap()
}
