use super::Label;
use crate::{BoxError, Cause, FanMode, Initializer, Law, Nonlinearity, Target};

/// Kaiming (He), uniform. Started by [`kaiming_uniform`] and [`he_uniform`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KaimingUniform(Kaiming);

/// Kaiming (He), normal. Started by [`kaiming_normal`] and [`he_normal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KaimingNormal(Kaiming);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Kaiming {
    name: &'static str,
    a: f64,
    mode: FanMode,
    nonlinearity: Nonlinearity,
}

/// `U(-bound, bound)` with `bound = gain · √(3 / fan)`.
///
/// Parameters: `a = 0`, the slope below zero of the leaky ReLU that follows, used by that nonlinearity only;
/// `mode = "fan_in"`, see [`FanMode`]; `nonlinearity = "leaky_relu"`, see [`Nonlinearity`] for the gains. Two dimensions or more. He et
/// al., *Delving deep into rectifiers* (2015), as
/// [`torch.nn.init.kaiming_uniform_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// // What PyTorch's Linear starts from: U(±1/√fan_in).
/// let law = schemes::kaiming_uniform().a(5.0_f64.sqrt()).law(&Target::of_shape(&[10, 400]))?;
/// assert_eq!(law.to_string(), "U(-0.05, 0.05)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn kaiming_uniform() -> KaimingUniform {
    KaimingUniform(Kaiming::new("kaiming_uniform"))
}

/// [`kaiming_uniform`] under its other name.
#[must_use]
pub const fn he_uniform() -> KaimingUniform {
    KaimingUniform(Kaiming::new("he_uniform"))
}

/// `N(0, std²)` with `std = gain / √fan`.
///
/// Parameters: `a = 0`, the slope below zero of the leaky ReLU that follows, used by that nonlinearity only;
/// `mode = "fan_in"`, see [`FanMode`]; `nonlinearity = "leaky_relu"`, see [`Nonlinearity`] for the gains. Two dimensions or more. He et
/// al., *Delving deep into rectifiers* (2015), as
/// [`torch.nn.init.kaiming_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_).
///
/// ```
/// use nninit::{BoxError, FanMode, Initializer, Law, Nonlinearity, Target, schemes};
///
/// let scheme = schemes::kaiming_normal().mode(FanMode::FanOut).nonlinearity(Nonlinearity::Relu);
/// assert_eq!(scheme.law(&Target::of_shape(&[8, 2]))?, Law::normal(0.0, 0.5));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn kaiming_normal() -> KaimingNormal {
    KaimingNormal(Kaiming::new("kaiming_normal"))
}

/// [`kaiming_normal`] under its other name.
#[must_use]
pub const fn he_normal() -> KaimingNormal {
    KaimingNormal(Kaiming::new("he_normal"))
}

impl KaimingUniform {
    /// Slope below zero of the leaky ReLU that follows. Default 0.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self(Kaiming { a, ..self.0 })
    }

    /// Which fan to divide by. Default [`FanMode::FanIn`].
    #[must_use]
    pub const fn mode(self, mode: FanMode) -> Self {
        Self(Kaiming { mode, ..self.0 })
    }

    /// The activation that follows. Default [`Nonlinearity::LeakyRelu`].
    #[must_use]
    pub const fn nonlinearity(self, nonlinearity: Nonlinearity) -> Self {
        Self(Kaiming {
            nonlinearity,
            ..self.0
        })
    }
}

impl KaimingNormal {
    /// Slope below zero of the leaky ReLU that follows. Default 0.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self(Kaiming { a, ..self.0 })
    }

    /// Which fan to divide by. Default [`FanMode::FanIn`].
    #[must_use]
    pub const fn mode(self, mode: FanMode) -> Self {
        Self(Kaiming { mode, ..self.0 })
    }

    /// The activation that follows. Default [`Nonlinearity::LeakyRelu`].
    #[must_use]
    pub const fn nonlinearity(self, nonlinearity: Nonlinearity) -> Self {
        Self(Kaiming {
            nonlinearity,
            ..self.0
        })
    }
}

impl Kaiming {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            a: 0.0,
            mode: FanMode::FanIn,
            nonlinearity: Nonlinearity::LeakyRelu,
        }
    }

    fn label(&self) -> String {
        Label::new(self.name)
            .parameter("a", self.a, 0.0)
            .parameter("mode", self.mode.name(), "fan_in")
            .parameter("nonlinearity", self.nonlinearity.name(), "leaky_relu")
            .finish()
    }

    /// The standard deviation, by PyTorch's arithmetic, operation for operation.
    fn std(&self, target: &Target<'_>) -> Result<f64, Cause> {
        if !self.a.is_finite() {
            return Err(Cause::NotFinite {
                parameter: "a",
                value: self.a,
            });
        }
        if self.nonlinearity == Nonlinearity::LeakyRelu && (self.a * self.a).is_infinite() {
            return Err(Cause::SlopeOverflows { value: self.a });
        }
        let fan = target.fan_if_any(self.mode)?;
        Ok(self.nonlinearity.gain(Some(self.a)) / fan.sqrt())
    }
}

impl Initializer for KaimingUniform {
    fn label(&self) -> String {
        self.0.label()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let bound = 3.0_f64.sqrt() * self.0.std(target)?;
        Ok(Law::uniform(-bound, bound))
    }
}

impl Initializer for KaimingNormal {
    fn label(&self) -> String {
        self.0.label()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::normal(0.0, self.0.std(target)?))
    }
}
