//! `normal`: every element from one normal law.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Normal: `N(mean, std²)`. Started by [`normal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    mean: f64,
    std: f64,
}

/// Values drawn from a normal distribution.
///
/// Parameters: `mean = 0`, `std = 1` (0 or more). Any shape. As
/// [`torch.nn.init.normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::normal().std(0.02).law(&Target::of_shape(&[10]))?;
/// assert_eq!(law, Law::normal(0.0, 0.02));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn normal() -> Normal {
    Normal {
        mean: 0.0,
        std: 1.0,
    }
}

impl Normal {
    /// Mean. Default 0.
    #[must_use]
    pub const fn mean(self, mean: f64) -> Self {
        Self { mean, ..self }
    }

    /// Standard deviation, 0 or more. Default 1.
    #[must_use]
    pub const fn std(self, std: f64) -> Self {
        Self { std, ..self }
    }
}

impl Initializer for Normal {
    fn label(&self) -> String {
        Label::new("normal")
            .parameter("mean", self.mean, 0.0)
            .parameter("std", self.std, 1.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::normal(self.mean, self.std))
    }
}
