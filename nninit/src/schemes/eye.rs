//! `eye` and `identity`: the identity matrix.

use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// The identity matrix, times a gain. Started by [`eye`] and [`identity`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    name: &'static str,
    gain: f64,
}

/// The identity matrix: as many inputs as possible pass unchanged.
///
/// No parameters. Two dimensions, square or not: ones on the main diagonal. As
/// [`torch.nn.init.eye_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.eye_).
///
/// ```
/// use nninit::{BoxError, Dtype, Initializer, Target, schemes};
///
/// let law = schemes::eye().law(&Target::of_shape(&[3, 5]))?;
/// assert_eq!(law.to_string(), "eye");
/// assert!(law.check(&[3], Dtype::F32).is_err());
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn eye() -> Eye {
    Eye {
        name: "eye",
        gain: 1.0,
    }
}

/// [`eye`] with a factor: `gain` on the main diagonal.
///
/// Parameter: `gain = 1`. Two dimensions. Keras has it under this name.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::identity().gain(0.5).law(&Target::of_shape(&[4, 4]))?;
/// assert_eq!(law.to_string(), "eye(gain 0.5)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn identity() -> Eye {
    Eye {
        name: "identity",
        gain: 1.0,
    }
}

impl Eye {
    /// Value on the diagonal. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }
}

impl Initializer for Eye {
    fn label(&self) -> String {
        Label::new(self.name)
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::eye(self.gain))
    }
}
