use super::Label;
use crate::{BoxError, Initializer, Law, Reason, Target};

/// The identity of a convolution. Started by [`dirac`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dirac {
    groups: i64,
}

/// A convolution that passes each input channel on unchanged, as many as it can.
///
/// Parameter: `groups = 1`. Three to five dimensions (`[out, in / groups, k…]`), `groups` dividing the first: element
/// `[g · out / groups + d, d, k₁ / 2, …]` is 1 for every group `g` and `d < min(out / groups, in / groups)`, the others are 0. As
/// [`torch.nn.init.dirac_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_), whose centre of an even
/// kernel is the one right of the middle.
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

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let shape = target.shape();
        if !(3..=5).contains(&shape.len()) {
            return Err(Reason::WrongRank {
                needs: "3, 4 or 5",
                ndim: shape.len(),
            }
            .into());
        }
        if self.groups < 1 || shape[0] % self.groups != 0 {
            return Err(Reason::GroupsDoNotDivide {
                groups: self.groups,
                dim0: shape[0],
            }
            .into());
        }
        Ok(Law::Dirac {
            groups: self.groups,
            gain: 1.0,
        })
    }
}
