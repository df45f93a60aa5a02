//! Convolutions that pass their inputs on.

use tch::Tensor;

use crate::Cause;
use crate::engine::centre;

/// `gain` where each group of a convolution passes its inputs on.
pub(super) fn write(view: &Tensor, groups: i64, gain: f64) -> Result<(), Cause> {
    let _ = diagonals(view, groups)?.f_fill_(gain)?;
    Ok(())
}

/// The main diagonals of all groups' blocks, at the centre of the kernel: one strided view.
fn diagonals(view: &Tensor, groups: i64) -> Result<Tensor, Cause> {
    let centre = centre::of_tensor(view)?;
    let (size, stride) = (centre.size(), centre.stride());
    let outputs = size[0] / groups;
    Ok(centre.f_as_strided(
        [groups, outputs.min(size[1])],
        [outputs * stride[0], stride[0] + stride[1]],
        None,
    )?)
}
