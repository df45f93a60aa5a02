//! `lecun_uniform` and `lecun_normal`: the variance `1 / fan_in`.

use crate::{BoxError, FanMode, Initializer, Law, Target};

/// LeCun, uniform. Started by [`lecun_uniform`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LecunUniform;

/// LeCun, normal. Started by [`lecun_normal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LecunNormal;

/// `U(-bound, bound)` with `bound = √(3 / fan_in)`, which has the variance `1 / fan_in`.
///
/// No parameters. Two dimensions or more. LeCun et al., *Efficient backprop* (1998); the scheme of self-normalising
/// networks (Klambauer et al. 2017).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::lecun_uniform().law(&Target::of_shape(&[10, 12]))?;
/// assert_eq!(law, Law::uniform(-0.5, 0.5));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn lecun_uniform() -> LecunUniform {
    LecunUniform
}

/// `N(0, 1 / fan_in)`.
///
/// No parameters. Two dimensions or more. LeCun et al., *Efficient backprop* (1998). Not truncated, unlike the scheme
/// of this name in JAX and Keras, which is [`variance_scaling`](super::variance_scaling()).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::lecun_normal().law(&Target::of_shape(&[10, 16]))?;
/// assert_eq!(law, Law::normal(0.0, 0.25));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn lecun_normal() -> LecunNormal {
    LecunNormal
}

impl Initializer for LecunUniform {
    fn label(&self) -> String {
        "lecun_uniform".into()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let bound = (3.0 / target.fan_if_any(FanMode::FanIn)?).sqrt();
        Ok(target.uniform_within(bound)?)
    }
}

impl Initializer for LecunNormal {
    fn label(&self) -> String {
        "lecun_normal".into()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::normal(
            0.0,
            target.fan_if_any(FanMode::FanIn)?.sqrt().recip(),
        ))
    }
}
