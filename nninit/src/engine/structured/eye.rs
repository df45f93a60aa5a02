//! Identity matrices.

use tch::Tensor;

use crate::Reason;

/// `gain` on the main diagonal.
pub(super) fn write(view: &Tensor, gain: f64) -> Result<(), Reason> {
    let _ = view.f_diagonal(0, 0, 1)?.f_fill_(gain)?;
    Ok(())
}
