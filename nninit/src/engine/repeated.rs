//! Neighbours that are equal, as a dimension of their own.

use tch::Tensor;

use crate::Cause;

/// A view in which equal neighbours along `dim` have a dimension of their own, after it.
pub(crate) fn once(view: &Tensor, dim: usize, count: i64) -> Result<Tensor, Cause> {
    let mut shape = view.size();
    shape[dim] /= count;
    shape.insert(dim + 1, count);
    let mut strides = view.stride();
    strides.insert(dim + 1, strides[dim]);
    strides[dim] *= count;
    Ok(view.f_as_strided(&shape, &strides, None::<i64>)?)
}

/// Copies `made` to each of the neighbours that `view` has in the dimension after `dim`.
pub(super) fn spread(view: &Tensor, dim: usize, made: &Tensor) -> Result<(), Cause> {
    view.shallow_clone()
        .f_copy_(&made.f_unsqueeze(dim as i64 + 1)?)?;
    Ok(())
}
