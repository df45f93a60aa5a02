//! A parameter's values, a bounded number at a time.

use tch::{Device, Kind, Tensor};

/// Values that are held at once: 8 MiB of f64.
pub(super) const BUFFER: usize = 1 << 20;

/// Hands over the values of `tensor` in row-major order, with the index of the first of each block.
pub(super) fn each_block(tensor: &Tensor, see: &mut impl FnMut(u64, &[f64])) {
    let _no_grad = tch::no_grad_guard();
    let mut values = Vec::new();
    blocks(&tensor.detach(), 0, &mut values, see);
}

fn blocks(tensor: &Tensor, first: u64, values: &mut Vec<f64>, see: &mut impl FnMut(u64, &[f64])) {
    let count = tensor.numel();
    if count > BUFFER {
        let shape = tensor.size();
        let longer = shape.iter().position(|&length| length > 1);
        let dim = longer.unwrap_or_default();
        let half = shape[dim] / 2;
        let (dim, rest) = (dim as i64, shape[dim] - half);
        let head = tensor.narrow(dim, 0, half);
        blocks(&head, first, values, see);
        let after = first + head.numel() as u64;
        return blocks(&tensor.narrow(dim, half, rest), after, values, see);
    }
    if count > 0 {
        let block = tensor
            .to_device(Device::Cpu)
            .to_kind(Kind::Double)
            .contiguous();
        values.resize(count, 0.0);
        block.copy_data(values, count);
        see(first, values);
    }
}
