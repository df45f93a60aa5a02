//! `a_log_range`: decay rates 1, 2, 3, … as logarithms.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// Logarithms of whole numbers. Started by [`a_log_range`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ALogRange;

/// `ln(n + 1)` along the last dimension: the `A_log` of layers that compute `A = -exp(A_log)` and start from S4D-Real.
///
/// No parameters. Any shape with a dimension: `[channels, state]` in Mamba-1, and `[heads]` in the Mamba-2 of Hugging
/// Face's Transformers; the authors' own Mamba-2 draws [`a_log`](super::a_log()). Nothing is drawn, and each logarithm
/// is the nearest number of the kind. Gu & Dao, *Mamba* (2023), as
/// [`mamba_ssm`](https://github.com/state-spaces/mamba)'s `Mamba`.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::a_log_range().law(&Target::of_shape(&[1536, 16]))?;
/// assert_eq!(law.to_string(), "ln(1, 2, …)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn a_log_range() -> ALogRange {
    ALogRange
}

impl Initializer for ALogRange {
    fn label(&self) -> String {
        Label::new("a_log_range").finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::table(Formula::LnRange))
    }
}
