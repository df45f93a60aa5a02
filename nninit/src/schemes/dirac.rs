//! `dirac`: a convolution that passes its channels on.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// The identity of a convolution. Started by [`dirac`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dirac {
    groups: i64,
}

/// A convolution that passes each input channel on unchanged, as many as it can.
///
/// Parameter: `groups = 1`. Three to five dimensions (`[out, in / groups, k…]`), `groups` dividing the first: element
/// `[g · out / groups + d, d, k₁ / 2, …]` is 1 for every group `g` and `d < min(out / groups, in / groups)`, the others
/// are 0. As [`torch.nn.init.dirac_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_), whose
/// centre of an even kernel is the one right of the middle.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::dirac().groups(2).law(&Target::of_shape(&[8, 4, 3, 3]))?;
/// assert_eq!(law.to_string(), "dirac(groups 2)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn dirac() -> Dirac {
    Dirac { groups: 1 }
}

impl Dirac {
    /// Groups of the convolution, dividing the weight's first dimension. Default 1.
    #[must_use]
    pub const fn groups(self, groups: i64) -> Self {
        Self { groups }
    }
}

impl Initializer for Dirac {
    fn label(&self) -> String {
        Label::new("dirac")
            .parameter("groups", self.groups, 1)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::dirac(self.groups, 1.0))
    }
}
