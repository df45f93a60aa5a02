//! `spectral`: a normal law whose matrices have a wanted spectral norm.

use super::{Label, not_negative};
use crate::{BoxError, FanMode, Initializer, Law, Target};

/// The spectral condition, normal. Started by [`spectral`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectral {
    gain: f64,
}

/// `N(0, std²)` with `std = gain · min(1, √(fan_out / fan_in)) / √fan_in`.
///
/// Parameter: `gain = 1` (0 or more). Two dimensions or more. The spectral norm of such a matrix is of the order of
/// `√(fan_out / fan_in)` at every width, so features and their updates keep their size as a network is widened; the
/// learning rate goes with it, in proportion to `fan_out / fan_in`. Yang, Simon & Bernstein, *A spectral condition for
/// feature learning* (2023).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::spectral().law(&Target::of_shape(&[1024, 4096]))?;
/// assert_eq!(law, Law::normal(0.0, 0.5 / 64.0));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn spectral() -> Spectral {
    Spectral { gain: 1.0 }
}

impl Spectral {
    /// Factor, 0 or more. Default 1.
    #[must_use]
    pub const fn gain(self, gain: f64) -> Self {
        Self { gain }
    }
}

impl Initializer for Spectral {
    fn label(&self) -> String {
        Label::new("spectral")
            .parameter("gain", self.gain, 1.0)
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let gain = not_negative("gain", self.gain)?;
        let fan_in = target.fan_if_any(FanMode::FanIn)?;
        let fan_out = target.fan_if_any(FanMode::FanOut)?;
        let std = gain / fan_in.sqrt() * (fan_out / fan_in).sqrt().min(1.0);
        Ok(Law::normal(0.0, std))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_narrow_matrices() {
        let law = |shape: &[i64]| spectral().law(&Target::of_shape(shape)).unwrap();
        assert_eq!(law(&[4096, 1024]), Law::normal(0.0, 0.031_25));
        assert_eq!(law(&[1024, 4096]), Law::normal(0.0, 0.007_812_5));
        assert_eq!(law(&[32_000, 4096]), Law::normal(0.0, 0.015_625));
        let halved = spectral().gain(0.5).law(&Target::of_shape(&[4096, 1024]));
        assert_eq!(halved.unwrap(), Law::normal(0.0, 0.015_625));
    }

    #[test]
    fn gains_are_not_negative() {
        let refused = |gain| {
            let error = spectral().gain(gain).law(&Target::of_shape(&[2, 2]));
            error.unwrap_err().to_string()
        };
        assert_eq!(refused(-1.0), "`gain` is -1; it must be 0 or more");
        assert_eq!(refused(f64::NAN), "`gain` is NaN; it must be finite");
    }
}
