//! `alibi_slopes`: how fast each head of attention forgets.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// The slopes of attention with linear biases. Started by [`alibi_slopes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlibiSlopes;

/// The slope of each head of attention with linear biases: `2^(−8·(i + 1) / h)` for head `i` of `h`, a power of two.
///
/// For any other `h` they are those of the power of two below it, followed by the first, third, fifth, … of the power
/// of two above: of 12 heads 2⁻¹ to 2⁻⁸, then 2^-½, 2^-1½, 2^-2½, 2^-3½. No parameters. The heads are the first
/// dimension, `[heads]` or `[heads, 1, 1]`; `[1, heads, 1, 1]` takes `batch = 1`. Nothing is drawn, and each slope is
/// the nearest number of the kind. Press, Smith & Lewis, *Train short, test long* (2021), as [their
/// code](https://github.com/ofirpress/attention_with_linear_biases) has it.
///
/// ```
/// use nninit::{BoxError, Dtype, Initializer, Target, schemes};
///
/// let law = schemes::alibi_slopes().law(&Target::of_shape(&[12, 1, 1]))?;
/// assert_eq!(law.to_string(), "ALiBi slopes");
/// assert!(law.check(&[12, 2], Dtype::F32).is_err());
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn alibi_slopes() -> AlibiSlopes {
    AlibiSlopes
}

impl Initializer for AlibiSlopes {
    fn label(&self) -> String {
        Label::new("alibi_slopes").finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::table(Formula::AlibiSlopes))
    }
}
