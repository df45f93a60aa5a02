//! Identity matrices.

use tch::Tensor;

use crate::Cause;

/// `gain` on the main diagonal.
pub(super) fn write(view: &Tensor, gain: f64) -> Result<(), Cause> {
    let _ = view.f_diagonal(0, 0, 1)?.f_fill_(gain)?;
    Ok(())
}
