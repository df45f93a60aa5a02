//! `delta_orthogonal`: a convolution that keeps the norm of what it maps.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// A convolution that is orthogonal at its centre. Started by [`delta_orthogonal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeltaOrthogonal {
    gain: f64,
}

/// A convolution weight whose centre is a semi-orthogonal `out × in` matrix times `gain`, and 0 elsewhere: the
/// convolution keeps the norm of what it maps (away from the border).
///
/// Parameter: `gain = 1`. Three to five dimensions (`[out, in, k…]`), with at least as many outputs as inputs. The
/// centre of a kernel is [`dirac`](super::dirac)'s. The matrix is drawn as [`orthogonal`](super::orthogonal) draws it,
/// from the normals of the centre's elements. Xiao et al., *Dynamical isometry and a mean field theory of CNNs* (2018).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::delta_orthogonal().law(&Target::of_shape(&[64, 32, 3, 3]))?;
/// assert_eq!(law.to_string(), "delta orthogonal(gain 1)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn delta_orthogonal() -> DeltaOrthogonal {
    DeltaOrthogonal { gain: 1.0 }
}

impl DeltaOrthogonal {
    /// Factor. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain }
    }
}

impl Initializer for DeltaOrthogonal {
    fn label(&self) -> String {
        Label::new("delta_orthogonal")
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::delta_orthogonal(self.gain))
    }
}
