use tch::Tensor;

use crate::Reason;

/// `gain` on the main diagonal, 0 elsewhere.
pub(super) fn write(view: &mut Tensor, gain: f64) -> Result<(), Reason> {
    let _ = view.f_zero_()?;
    let _ = view.f_diagonal(0, 0, 1)?.f_fill_(gain)?;
    Ok(())
}
