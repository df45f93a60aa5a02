//! Convolutions that pass their inputs on.

use tch::Tensor;

use crate::Cause;

/// `gain` where each group of a convolution passes its inputs on.
pub(super) fn write(view: &Tensor, groups: i64, gain: f64) -> Result<(), Cause> {
    let _ = diagonals(view, groups)?.f_fill_(gain)?;
    Ok(())
}

/// The main diagonals of all groups' blocks, at the centre of the kernel: one strided view.
fn diagonals(view: &Tensor, groups: i64) -> Result<Tensor, Cause> {
    let mut centre = view.shallow_clone();
    for &length in &view.size()[2..] {
        centre = centre.f_select(2, length / 2)?;
    }
    let (size, stride) = (centre.size(), centre.stride());
    let outputs = size[0] / groups;
    Ok(centre.f_as_strided(
        [groups, outputs.min(size[1])],
        [outputs * stride[0], stride[0] + stride[1]],
        None,
    )?)
}
