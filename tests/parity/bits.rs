//! Tensors that lie in memory in different ways, and comparing them bit by bit.

use tch::{Device, IndexOp, Kind, Tensor};

/// A tensor of nines, laid out as `layouts` in `matrix.py` names it.
pub(crate) fn nines(layout: &str, shape: &[i64], kind: Kind) -> Tensor {
    let full = |shape: &[i64]| Tensor::full(shape, 9.0, (kind, Device::Cpu));
    let dims = shape.len() as i64;
    match layout {
        "contiguous" => full(shape),
        "offset" => full(&[shape.iter().product::<i64>() + 3])
            .i(3..)
            .view(shape),
        "strided" => {
            let mut wide = shape.to_vec();
            wide[shape.len() - 1] *= 2;
            full(&wide).slice(-1, 0, i64::MAX, 2)
        }
        "transposed" => {
            let reversed: Vec<_> = shape.iter().rev().copied().collect();
            full(&reversed).permute((0..dims).rev().collect::<Vec<_>>())
        }
        "channels_last" => {
            let last: Vec<_> = [&shape[..1], &shape[2..], &shape[1..2]].concat();
            full(&last).movedim_int(-1, 1)
        }
        other => panic!("no layout {other}"),
    }
}

pub(crate) fn kind(name: &str) -> Kind {
    match name {
        "f64" => Kind::Double,
        "f32" => Kind::Float,
        "f16" => Kind::Half,
        "bf16" => Kind::BFloat16,
        other => panic!("no kind {other}"),
    }
}
