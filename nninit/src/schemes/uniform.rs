//! `uniform`: every element from one uniform law.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Uniform: `U(a, b)`, the upper bound not included. Started by [`uniform`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    a: f64,
    b: f64,
}

/// Values drawn uniformly from `[a, b)`; `a = b` gives that number everywhere.
///
/// Parameters: `a = 0`, `b = 1`. Any shape. As
/// [`torch.nn.init.uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::uniform().a(-0.1).b(0.1).law(&Target::of_shape(&[10]))?;
/// assert_eq!(law, Law::uniform(-0.1, 0.1));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn uniform() -> Uniform {
    Uniform { a: 0.0, b: 1.0 }
}

impl Uniform {
    /// Lower bound, included. Default 0.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self { a, ..self }
    }

    /// Upper bound, not included. Default 1.
    #[must_use]
    pub const fn b(self, b: f64) -> Self {
        Self { b, ..self }
    }
}

impl Initializer for Uniform {
    fn label(&self) -> String {
        Label::new("uniform")
            .parameter("a", self.a, 0.0)
            .parameter("b", self.b, 1.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::uniform(self.a, self.b))
    }
}
