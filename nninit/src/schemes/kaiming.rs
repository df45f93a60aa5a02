//! `kaiming_uniform` and `kaiming_normal`, also under He's name: a variance that a nonlinearity keeps.

use nninit_language::sentences;

use super::{Label, follows, not_negative};
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
    a: Option<f64>,
    mode: FanMode,
    nonlinearity: Option<Nonlinearity>,
    gain: Option<f64>,
}

/// `U(-bound, bound)` with `bound = gain · √(3 / fan)`.
///
/// Parameters: `a = 0`, the slope below zero of the leaky ReLU that follows, used by that nonlinearity only;
/// `mode = "fan_in"`, see [`FanMode`]; `nonlinearity = "leaky_relu"`, see [`Nonlinearity`] for the gains; `gain` (0 or
/// more), a factor in place of both `a` and `nonlinearity`, such as [`gain`](crate::gain()) finds for any function. Two
/// dimensions or more. He et al., *Delving deep into rectifiers* (2015), as
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
/// `mode = "fan_in"`, see [`FanMode`]; `nonlinearity = "leaky_relu"`, see [`Nonlinearity`] for the gains; `gain` (0 or
/// more), a factor in place of both `a` and `nonlinearity`, such as [`gain`](crate::gain()) finds for any function. Two
/// dimensions or more. He et al., *Delving deep into rectifiers* (2015), as
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
        Self(Kaiming {
            a: Some(a),
            ..self.0
        })
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
            nonlinearity: Some(nonlinearity),
            ..self.0
        })
    }

    /// Factor, 0 or more, in place of `a` and `nonlinearity`, which may not be given beside it.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self(Kaiming {
            gain: Some(gain),
            ..self.0
        })
    }
}

impl KaimingNormal {
    /// Slope below zero of the leaky ReLU that follows. Default 0.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self(Kaiming {
            a: Some(a),
            ..self.0
        })
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
            nonlinearity: Some(nonlinearity),
            ..self.0
        })
    }

    /// Factor, 0 or more, in place of `a` and `nonlinearity`, which may not be given beside it.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self(Kaiming {
            gain: Some(gain),
            ..self.0
        })
    }
}

impl Kaiming {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            a: None,
            mode: FanMode::FanIn,
            nonlinearity: None,
            gain: None,
        }
    }

    fn label(&self) -> String {
        Label::new(self.name)
            .parameter("a", self.a.unwrap_or(0.0), 0.0)
            .parameter("mode", self.mode.name(), "fan_in")
            .parameter("nonlinearity", self.nonlinearity().name(), "leaky_relu")
            .given("gain", self.gain)
            .finish()
    }

    fn nonlinearity(&self) -> Nonlinearity {
        self.nonlinearity.unwrap_or(Nonlinearity::LeakyRelu)
    }

    /// The standard deviation, by PyTorch's arithmetic, operation for operation.
    fn std(&self, target: &Target<'_>) -> Result<f64, Cause> {
        let gain = self.factor()?;
        Ok(gain / target.fan_if_any(self.mode)?.sqrt())
    }

    fn factor(&self) -> Result<f64, Cause> {
        let replaced = |name| Err(Cause::Misplaced(sentences::replaced("gain", name)));
        match (self.gain, self.a, self.nonlinearity) {
            (Some(_), Some(_), _) => replaced("a"),
            (Some(_), None, Some(_)) => replaced("nonlinearity"),
            (Some(gain), None, None) => not_negative("gain", gain),
            (None, a, _) => self.gain_of(a.unwrap_or(0.0)),
        }
    }

    fn gain_of(&self, a: f64) -> Result<f64, Cause> {
        let nonlinearity = self.nonlinearity();
        if !a.is_finite() {
            let (parameter, value) = ("a", a);
            return Err(Cause::NotFinite { parameter, value });
        }
        if nonlinearity == Nonlinearity::LeakyRelu && (a * a).is_infinite() {
            return Err(Cause::SlopeOverflows { value: a });
        }
        Ok(nonlinearity.gain(Some(a)))
    }
}

impl Initializer for KaimingUniform {
    fn label(&self) -> String {
        self.0.label()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let std = self.0.std(target)?;
        let bound = follows("gain", self.0.gain.unwrap_or(std), 3.0_f64.sqrt() * std)?;
        Ok(target.uniform_within(bound)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_stands_in_the_place_of_a_nonlinearity() {
        let target = Target::of_shape(&[16, 4]);
        let law = kaiming_normal().gain(3.0).law(&target).unwrap();
        assert_eq!(law, Law::normal(0.0, 1.5));
        let out = kaiming_normal().gain(3.0).mode(FanMode::FanOut);
        assert_eq!(out.law(&target).unwrap(), Law::normal(0.0, 0.75));
        assert_eq!(
            out.label(),
            "kaiming_normal(mode = \"fan_out\", gain = 3.0)"
        );
        let bound = 3.0_f64.sqrt() * 1.5;
        let law = he_uniform().gain(3.0).law(&target).unwrap();
        assert_eq!(law, Law::uniform(-bound, bound));
    }

    #[test]
    fn a_gain_stands_alone() {
        let refused = |scheme: KaimingNormal| {
            let error = scheme.law(&Target::of_shape(&[2, 2])).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            refused(kaiming_normal().gain(1.0).a(0.0)),
            "`a` means nothing beside `gain`, which stands in its place"
        );
        assert_eq!(
            refused(kaiming_normal().nonlinearity(Nonlinearity::Relu).gain(1.0)),
            "`nonlinearity` means nothing beside `gain`, which stands in its place"
        );
        assert_eq!(
            refused(kaiming_normal().gain(-1.0)),
            "`gain` is -1; it must be 0 or more"
        );
        assert_eq!(
            refused(kaiming_normal().gain(f64::NAN)),
            "`gain` is NaN; it must be finite"
        );
    }
}
