//! How many inputs and outputs a weight connects: `fan_in`, `fan_out` and the averages of them.

use nninit_language::choices::MODES;

use super::choice::choice;
use crate::{Cause, Reason};

/// Which fan a scheme divides by.
///
/// `FanIn` keeps the variance of activations in the forward pass, `FanOut` that of gradients in the backward pass (He
/// et al. 2015, §2.2); the averages compromise. PyTorch has the first two, JAX all four.
///
/// Parses from PyTorch's strings, upper or lower case, as PyTorch does:
///
/// ```
/// use nninit::FanMode;
///
/// assert_eq!("fan_out".parse(), Ok(FanMode::FanOut));
/// assert_eq!("FAN_AVG".parse(), Ok(FanMode::FanAvg));
/// assert!("fanout".parse::<FanMode>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FanMode {
    /// `fan_in`, PyTorch's default.
    #[default]
    FanIn,
    /// `fan_out`.
    FanOut,
    /// The arithmetic mean `(fan_in + fan_out) / 2`.
    FanAvg,
    /// The geometric mean `√(fan_in · fan_out)`.
    FanGeoAvg,
}

impl FanMode {
    /// Every mode, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::FanIn, Self::FanOut, Self::FanAvg, Self::FanGeoAvg];
}

choice!(FanMode, MODES, ParseFanModeError);

/// A text that names no [`FanMode`].
///
/// ```
/// use nninit::FanMode;
///
/// let error = "fan_outt".parse::<FanMode>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown mode `fan_outt`; did you mean `fan_out`?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseFanModeError {
    message: String,
}

/// The two fans of one weight.
///
/// For a weight of shape `[d0, d1, k…]` with receptive field `r = ∏ k`, PyTorch's numbers are `fan_in = d1 · r` and
/// `fan_out = d0 · r` ([`_calculate_fan_in_and_fan_out`](https://docs.pytorch.org/docs/stable/nn.init.html)). They are
/// the true ones for dense and convolution weights without groups; [`Connectivity`] says what else a weight can be.
///
/// ```
/// use nninit::Fans;
///
/// let fans = Fans::of(&[64, 3, 7, 7])?;
/// assert_eq!((fans.fan_in, fans.fan_out), (147, 3136));
/// assert!(Fans::of(&[64]).is_err());
/// # Ok::<(), nninit::Reason>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fans {
    /// Inputs that one output sums over.
    pub fan_in: i64,
    /// Outputs that one input reaches.
    pub fan_out: i64,
}

/// What a shape alone does not say about a convolution weight.
///
/// PyTorch ignores both fields; its numbers are those of the default, one group and not transposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Connectivity {
    /// Groups of a grouped convolution, at least 1.
    pub groups: i64,
    /// Whether the weight is a transposed convolution's, `[inputs, outputs / groups, k…]`.
    pub transposed: bool,
}

impl Connectivity {
    /// With this many groups.
    #[must_use]
    pub const fn groups(mut self, groups: i64) -> Self {
        self.groups = groups;
        self
    }

    /// Of a transposed convolution.
    #[must_use]
    pub const fn transposed(mut self) -> Self {
        self.transposed = true;
        self
    }
}

impl Default for Connectivity {
    fn default() -> Self {
        Self {
            groups: 1,
            transposed: false,
        }
    }
}

impl Fans {
    /// The fans that PyTorch computes for `shape`.
    ///
    /// # Errors
    ///
    /// [`ReasonKind::Shape`](crate::ReasonKind::Shape) for a shape of fewer than two dimensions, and for one that no
    /// tensor has.
    pub fn of(shape: &[i64]) -> Result<Self, Reason> {
        Ok(Self::of_weight(shape)?)
    }

    /// The fans of a convolution weight with groups, transposed or both.
    ///
    /// With `g` groups a weight `[out, in / g, k…]` has `fan_in = in / g · r` and `fan_out = out / g · r`; a transposed
    /// one, `[in, out / g, k…]`, has the same with the two dimensions swapped.
    ///
    /// # Errors
    ///
    /// As [`Fans::of`]; [`ReasonKind::Shape`](crate::ReasonKind::Shape) too when `groups` is under 1 or does not divide
    /// the first dimension.
    pub fn connected(shape: &[i64], connectivity: Connectivity) -> Result<Self, Reason> {
        Ok(Self::of_connected(shape, connectivity)?)
    }

    pub(crate) fn of_weight(shape: &[i64]) -> Result<Self, Cause> {
        let [d0, d1, kernel @ ..] = shape else {
            return Err(Cause::FanNeedsTwoDimensions { ndim: shape.len() });
        };
        if shape.iter().any(|&length| length < 0) {
            return Err(Cause::NegativeLength {
                shape: shape.to_vec(),
            });
        }
        let times_kernel = |length: i64| {
            kernel
                .iter()
                .try_fold(length, |product, &length| product.checked_mul(length))
                .ok_or_else(|| Cause::FanOverflows {
                    shape: shape.to_vec(),
                })
        };
        Ok(Self {
            fan_in: times_kernel(*d1)?,
            fan_out: times_kernel(*d0)?,
        })
    }

    pub(crate) fn of_connected(shape: &[i64], connectivity: Connectivity) -> Result<Self, Cause> {
        let Connectivity { groups, transposed } = connectivity;
        let Self { fan_in, fan_out } = Self::of_weight(shape)?;
        if groups < 1 || shape[0] % groups != 0 {
            return Err(Cause::GroupsDoNotDivide {
                groups,
                dim0: shape[0],
            });
        }
        let of_first = fan_out / groups;
        Ok(if transposed {
            Self {
                fan_in: of_first,
                fan_out: fan_in,
            }
        } else {
            Self {
                fan_in,
                fan_out: of_first,
            }
        })
    }

    /// The fan that `mode` names.
    #[must_use]
    pub fn get(self, mode: FanMode) -> f64 {
        let (fan_in, fan_out) = (self.fan_in as f64, self.fan_out as f64);
        match mode {
            FanMode::FanIn => fan_in,
            FanMode::FanOut => fan_out,
            FanMode::FanAvg => f64::midpoint(fan_in, fan_out),
            FanMode::FanGeoAvg => (fan_in * fan_out).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grouped_convolution_has_the_fans_of_one_group() {
        let depthwise = Connectivity::default().groups(64);
        let fans = Fans::of_connected(&[64, 1, 3, 3], depthwise).unwrap();
        assert_eq!((fans.fan_in, fans.fan_out), (9, 9));
        assert_eq!(
            Fans::of_weight(&[64, 1, 3, 3]).unwrap().fan_out,
            576,
            "PyTorch's number ignores the groups"
        );
    }

    #[test]
    fn a_transposed_convolution_swaps_the_first_two_dimensions() {
        let transposed = Connectivity::default().transposed();
        let fans = Fans::of_connected(&[16, 64, 3, 3], transposed).unwrap();
        assert_eq!((fans.fan_in, fans.fan_out), (144, 576));
    }

    #[test]
    fn groups_must_divide_the_first_dimension() {
        for groups in [0, -1, 3] {
            let connectivity = Connectivity {
                groups,
                transposed: false,
            };
            assert_eq!(
                Fans::of_connected(&[64, 1, 3], connectivity),
                Err(Cause::GroupsDoNotDivide { groups, dim0: 64 })
            );
        }
    }

    #[test]
    fn shapes_of_no_tensor_are_refused() {
        let refused = |shape: &[i64]| Fans::of_weight(shape).unwrap_err();
        assert!(matches!(refused(&[-8, 3]), Cause::NegativeLength { .. }));
        assert!(matches!(refused(&[8, 3, -1]), Cause::NegativeLength { .. }));
        assert!(matches!(
            refused(&[1, 1 << 62, 4]),
            Cause::FanOverflows { .. }
        ));
        assert!(matches!(
            refused(&[1 << 62, 1, 4]),
            Cause::FanOverflows { .. }
        ));
        let largest = Fans::of_weight(&[i64::MAX, i64::MAX]).unwrap();
        assert_eq!(largest.get(FanMode::FanAvg), 2.0_f64.powi(63));
    }

    #[test]
    fn the_averages_lie_between_the_fans() {
        let fans = Fans {
            fan_in: 4,
            fan_out: 9,
        };
        assert_eq!(fans.get(FanMode::FanAvg), 6.5);
        assert_eq!(fans.get(FanMode::FanGeoAvg), 6.0);
    }
}
