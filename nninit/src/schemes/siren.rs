//! `siren` and `siren_first`: networks whose activation is a sine.

use super::{Label, follows, positive};
use crate::{BoxError, FanMode, Initializer, Law, Target};

/// SIREN, uniform. Started by [`siren`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Siren {
    omega: f64,
}

/// The first layer of a SIREN, uniform. Started by [`siren_first`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SirenFirst;

/// `U(-bound, bound)` with `bound = √(6 / fan_in) / omega`.
///
/// Parameter: `omega = 30` (above 0), the frequency ω₀ of layers `sin(ω₀ · (W x + b))`. Two dimensions or more. For
/// every layer of the network but the first, the last and linear one too; the first is [`siren_first`]'s. The authors
/// leave biases at PyTorch's default, which is also that of nninit's layers. Sitzmann et al., *Implicit neural
/// representations with periodic activation functions* (2020).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::siren().law(&Target::of_shape(&[256, 256]))?;
/// assert_eq!(law.to_string(), "U(-0.005103, 0.005103)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn siren() -> Siren {
    Siren { omega: 30.0 }
}

/// `U(-bound, bound)` with `bound = 1 / fan_in`.
///
/// No parameters. Two dimensions or more. For the layer of a SIREN that takes the coordinates; [`siren`] for the
/// others. Sitzmann et al., *Implicit neural representations with periodic activation functions* (2020).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::siren_first().law(&Target::of_shape(&[256, 2]))?;
/// assert_eq!(law, Law::uniform(-0.5, 0.5));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn siren_first() -> SirenFirst {
    SirenFirst
}

impl Siren {
    /// The frequency ω₀, above 0. Default 30.
    #[must_use]
    pub const fn omega(self, omega: f64) -> Self {
        Self { omega }
    }
}

impl Initializer for Siren {
    fn label(&self) -> String {
        Label::new("siren")
            .parameter("omega", self.omega, 30.0)
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let omega = positive("omega", self.omega)?;
        let bound = (6.0 / target.fan_if_any(FanMode::FanIn)?).sqrt() / omega;
        let bound = follows("omega", omega, bound)?;
        Ok(target.uniform_within(bound)?)
    }
}

impl Initializer for SirenFirst {
    fn label(&self) -> String {
        "siren_first".into()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let bound = target.fan_if_any(FanMode::FanIn)?.recip();
        Ok(target.uniform_within(bound)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_bounds() {
        let target = Target::of_shape(&[256, 256]);
        // NumPy's √(6 / 256) / 30, an ulp below the nearest double.
        let (hidden, first) = (0.005_103_103_630_798_287, 1.0 / 256.0);
        assert_eq!(siren().law(&target).unwrap(), Law::uniform(-hidden, hidden));
        assert_eq!(
            siren_first().law(&target).unwrap(),
            Law::uniform(-first, first)
        );
    }

    #[test]
    fn frequencies_are_above_zero() {
        let target = Target::of_shape(&[2, 2]);
        let refused = |omega| siren().omega(omega).law(&target).unwrap_err().to_string();
        assert_eq!(refused(0.0), "`omega` is 0; it must be above 0");
        assert_eq!(refused(f64::INFINITY), "`omega` is inf; it must be finite");
    }
}
