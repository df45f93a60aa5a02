//! The matrices, outputs × inputs, at the centres of convolutions' kernels.

use tch::{TchError, Tensor};

use crate::numeric::blocks::Blocks;

/// The dimensions before those of the kernel: outputs and inputs.
const OUTER: usize = 2;

/// The matrix of a weight `[outputs, inputs, kernel…]`.
pub(crate) fn of_tensor(weight: &Tensor) -> Result<Tensor, TchError> {
    middles(&weight.size()).try_fold(weight.shallow_clone(), |matrix, middle| {
        matrix.f_select(OUTER as i64, middle)
    })
}

/// The matrices of weights that are blocks of one tensor.
pub(super) fn of_blocks(weights: &Blocks) -> Blocks {
    middles(&weights.shape()).fold(weights.clone(), |matrices, middle| {
        matrices.select(OUTER, middle)
    })
}

/// Where the centre is, along each dimension of the kernel.
fn middles(shape: &[i64]) -> impl Iterator<Item = i64> {
    shape[OUTER..].iter().map(|length| length / 2)
}
