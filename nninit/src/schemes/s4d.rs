//! `s4d_lin`, `s4d_inv` and `s4d_real`: diagonal state-space layers.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// The diagonal of a state-space layer. Started by [`s4d_lin`], [`s4d_inv`] and [`s4d_real`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct S4d {
    name: &'static str,
    formula: Formula,
}

/// The imaginary parts of S4D-Lin, whose diagonal is `−½ + iπn`: `π·n` along the last dimension.
///
/// No parameters. Any shape with a dimension, mostly `[channels, N / 2]`: one of each pair of conjugates. The real
/// parts, a tensor of their own, are `constant, val = -0.5`, or `val = 0.5_f64.ln()` where their logarithms are kept.
/// Nothing is drawn. Gu et al., *On the parameterization and initialization of diagonal state space models* (2022).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::s4d_lin().law(&Target::of_shape(&[256, 32]))?;
/// assert_eq!(law.to_string(), "S4D-Lin");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn s4d_lin() -> S4d {
    S4d {
        name: "s4d_lin",
        formula: Formula::S4dLin,
    }
}

/// The imaginary parts of S4D-Inv: `(N / π)·(N / (2n + 1) − 1)` along the last dimension, whose length is `N / 2`.
///
/// No parameters. Any shape with a dimension, mostly `[channels, N / 2]`: one of each pair of conjugates, all above 0.
/// The real parts are those of [`s4d_lin`], which has the reference. Nothing is drawn. From a state of 456 on f16
/// cannot hold the first.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::s4d_inv().law(&Target::of_shape(&[256, 32]))?;
/// assert_eq!(law.to_string(), "S4D-Inv");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn s4d_inv() -> S4d {
    S4d {
        name: "s4d_inv",
        formula: Formula::S4dInv,
    }
}

/// The diagonal of S4D-Real: `−(n + 1)` along the last dimension.
///
/// No parameters. Any shape with a dimension, mostly `[channels, N]`. There are no imaginary parts. Where `A =
/// -exp(A_log)` is computed, its logarithm is [`a_log_range`](super::a_log_range()). Nothing is drawn. The reference is
/// [`s4d_lin`]'s.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::s4d_real().law(&Target::of_shape(&[256, 16]))?;
/// assert_eq!(law.to_string(), "S4D-Real");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn s4d_real() -> S4d {
    S4d {
        name: "s4d_real",
        formula: Formula::S4dReal,
    }
}

impl Initializer for S4d {
    fn label(&self) -> String {
        Label::new(self.name).finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::table(self.formula))
    }
}
