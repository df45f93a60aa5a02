//! `xavier_uniform` and `xavier_normal`, also under Glorot's name: a variance between both fans.

use super::{Label, follows, not_negative};
use crate::{BoxError, Cause, Initializer, Law, Target};

/// Xavier (Glorot), uniform. Started by [`xavier_uniform`] and [`glorot_uniform`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XavierUniform {
    name: &'static str,
    gain: f64,
}

/// Xavier (Glorot), normal. Started by [`xavier_normal`] and [`glorot_normal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XavierNormal {
    name: &'static str,
    gain: f64,
}

/// `U(-bound, bound)` with `bound = gain · √(6 / (fan_in + fan_out))`.
///
/// Parameter: `gain = 1` (0 or more). Two dimensions or more. Glorot & Bengio, *Understanding the difficulty of
/// training deep feedforward neural networks* (2010), as
/// [`torch.nn.init.xavier_uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::xavier_uniform().gain(2.0).law(&Target::of_shape(&[3, 3]))?;
/// assert_eq!(law.to_string(), "U(-2, 2)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn xavier_uniform() -> XavierUniform {
    XavierUniform {
        name: "xavier_uniform",
        gain: 1.0,
    }
}

/// [`xavier_uniform`] under its other name.
#[must_use]
pub const fn glorot_uniform() -> XavierUniform {
    XavierUniform {
        name: "glorot_uniform",
        gain: 1.0,
    }
}

/// `N(0, std²)` with `std = gain · √(2 / (fan_in + fan_out))`.
///
/// Parameter: `gain = 1` (0 or more). Two dimensions or more. Glorot & Bengio (2010), as
/// [`torch.nn.init.xavier_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_).
/// Not truncated, unlike the scheme of this name in JAX and Keras.
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::xavier_normal().law(&Target::of_shape(&[6, 2]))?;
/// assert_eq!(law, Law::normal(0.0, 0.5));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn xavier_normal() -> XavierNormal {
    XavierNormal {
        name: "xavier_normal",
        gain: 1.0,
    }
}

/// [`xavier_normal`] under its other name.
#[must_use]
pub const fn glorot_normal() -> XavierNormal {
    XavierNormal {
        name: "glorot_normal",
        gain: 1.0,
    }
}

impl XavierUniform {
    /// Factor, 0 or more. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }
}

impl XavierNormal {
    /// Factor, 0 or more. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain, ..self }
    }
}

impl Initializer for XavierUniform {
    fn label(&self) -> String {
        Label::new(self.name)
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let std = std(self.gain, target)?;
        let bound = follows("gain", self.gain, 3.0_f64.sqrt() * std)?;
        Ok(target.uniform_within(bound)?)
    }
}

impl Initializer for XavierNormal {
    fn label(&self) -> String {
        Label::new(self.name)
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::normal(0.0, std(self.gain, target)?))
    }
}

/// The standard deviation, by PyTorch's arithmetic, operation for operation.
fn std(gain: f64, target: &Target<'_>) -> Result<f64, Cause> {
    let gain = not_negative("gain", gain)?;
    let fans = target.fans()?;
    match fans.fan_in as f64 + fans.fan_out as f64 {
        0.0 => Err(Cause::ZeroFan {
            mode: "fan_in + fan_out",
        }),
        sum => follows("gain", gain, gain * (2.0 / sum).sqrt()),
    }
}
