//! `orthogonal`: a matrix with orthonormal rows or columns.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// A random orthogonal matrix. Started by [`orthogonal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orthogonal {
    gain: f64,
}

/// A matrix with orthonormal rows or columns, whichever are fewer, uniform among all of them (Haar), times `gain`.
///
/// Parameter: `gain = 1`. Two dimensions or more; those after the first are flattened, so the matrix is
/// `d0 × (d1 · d2 · …)`. Of a stacked weight (gates, fused q/k/v) each block is orthogonal by itself with `chunks = N`.
/// Saxe et al., *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks* (2013), as
/// [`torch.nn.init.orthogonal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_); f16 and
/// bf16 work too, through f32.
///
/// The matrix is a product of random reflections (Stewart 1980), whose directions are the standard normals of the
/// elements on and below the diagonal (above it, where there are fewer rows than columns). With a side above 32 the
/// products are libtorch's: from one machine to another, and from one thread count to another, values are equal up to
/// rounding. Smaller ones are the same to the bit.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::orthogonal().gain(2.0_f64.sqrt()).law(&Target::of_shape(&[64, 32]))?;
/// assert_eq!(law.to_string(), "orthogonal(gain 1.414)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn orthogonal() -> Orthogonal {
    Orthogonal { gain: 1.0 }
}

impl Orthogonal {
    /// Factor. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain }
    }
}

impl Initializer for Orthogonal {
    fn label(&self) -> String {
        Label::new("orthogonal")
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::orthogonal(self.gain))
    }
}
