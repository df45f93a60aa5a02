use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Truncated normal: `N(mean, std²)` on `[a, b]`. Started by [`trunc_normal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncNormal {
    mean: f64,
    std: f64,
    a: f64,
    b: f64,
}

/// Values drawn from a normal distribution that is cut to `[a, b]`.
///
/// Parameters: `mean = 0`, `std = 1` (0 or more), `a = -2`, `b = 2`. Any shape. An infinite bound cuts nothing:
/// `a = 0, b = f64::INFINITY` is the half-normal law. **The bounds are absolute, not in standard
/// deviations**: with `std = 0.02` the default bounds lie at 100 standard deviations and cut nothing. A cut at two
/// standard deviations is `std = 0.02, a = -0.04, b = 0.04`; what remains has the standard deviation 0.8796 · `std`.
///
/// As [`torch.nn.init.trunc_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_), in one
/// pass and without rejection, correct however far out or narrow the interval is.
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::trunc_normal().std(0.02).a(-0.04).b(0.04).law(&Target::of_shape(&[10]))?;
/// assert_eq!(law, Law::trunc_normal(0.0, 0.02, -0.04, 0.04));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn trunc_normal() -> TruncNormal {
    TruncNormal {
        mean: 0.0,
        std: 1.0,
        a: -2.0,
        b: 2.0,
    }
}

impl TruncNormal {
    /// Mean of the normal before it is cut. Default 0.
    #[must_use]
    pub const fn mean(self, mean: f64) -> Self {
        Self { mean, ..self }
    }

    /// Standard deviation of the normal before it is cut, 0 or more. Default 1.
    #[must_use]
    pub const fn std(self, std: f64) -> Self {
        Self { std, ..self }
    }

    /// Lower bound, included, absolute. Default -2.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self { a, ..self }
    }

    /// Upper bound, included, absolute. Default 2.
    #[must_use]
    pub const fn b(self, b: f64) -> Self {
        Self { b, ..self }
    }
}

impl Initializer for TruncNormal {
    fn label(&self) -> String {
        Label::new("trunc_normal")
            .parameter("mean", self.mean, 0.0)
            .parameter("std", self.std, 1.0)
            .parameter("a", self.a, -2.0)
            .parameter("b", self.b, 2.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::trunc_normal(self.mean, self.std, self.a, self.b))
    }
}
