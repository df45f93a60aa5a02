//! What a scheme comes to once the shape is known: the values' distribution, with its numbers.

use std::fmt;
use std::sync::Arc;

use rand_distr::Distribution;

use crate::{BoxError, Dtype, Reason, Stream};

/// The distribution that a step writes, resolved for one parameter.
///
/// Schemes resolve to laws, plans show them, and the engine knows nothing else. The `Display` form is what a plan's
/// table shows, numbers to four significant digits:
///
/// ```
/// use nninit::Law;
///
/// assert_eq!(Law::normal(0.0, 0.029_462_782).to_string(), "N(0, 0.02946²)");
/// assert_eq!(Law::uniform(-0.1, 0.1).to_string(), "U(-0.1, 0.1)");
/// assert_eq!(Law::constant(0.0).to_string(), "constant 0");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// Every element is `value`.
    Constant {
        /// The value.
        value: f64,
    },
    /// Uniform on `[low, high)`; with `low = high` every element is that number.
    Uniform {
        /// Lower bound, included.
        low: f64,
        /// Upper bound, not included in f64 and f32.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, 0 or more.
        std: f64,
    },
    /// Normal with what falls outside `[low, high]` cut off.
    TruncNormal {
        /// Mean of the normal before it is cut.
        mean: f64,
        /// Standard deviation of the normal before it is cut, 0 or more.
        std: f64,
        /// Lower bound, absolute (not in standard deviations).
        low: f64,
        /// Upper bound, absolute.
        high: f64,
    },
    /// A matrix with orthonormal rows or columns, times `gain`, uniform (Haar) among them; the dimensions after the
    /// first are flattened.
    Orthogonal {
        /// Factor.
        gain: f64,
    },
    /// A convolution weight that is orthogonal at its centre and 0 elsewhere (Xiao et al. 2018).
    DeltaOrthogonal {
        /// Factor.
        gain: f64,
    },
    /// `gain` on the main diagonal of a matrix, 0 elsewhere.
    Eye {
        /// Value on the diagonal.
        gain: f64,
    },
    /// `gain` where a convolution passes each input channel on unchanged, 0 elsewhere.
    Dirac {
        /// Groups of the convolution.
        groups: i64,
        /// Value at the centre.
        gain: f64,
    },
    /// Normal with mean 0, and `zeros` elements of each column of the matrix set to 0.
    Sparse {
        /// Zeros in each column.
        zeros: i64,
        /// Standard deviation of the others.
        std: f64,
    },
    /// Drawn from a distribution of the user's.
    Sample(Sample),
    /// Written by a function of the user's.
    #[cfg(feature = "tch")]
    Custom(Custom),
}

impl Law {
    /// Every element is `value`.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self::Constant { value }
    }

    /// Uniform on `[low, high)`.
    #[must_use]
    pub const fn uniform(low: f64, high: f64) -> Self {
        Self::Uniform { low, high }
    }

    /// Normal with this mean and standard deviation.
    #[must_use]
    pub const fn normal(mean: f64, std: f64) -> Self {
        Self::Normal { mean, std }
    }

    /// Normal cut to `[low, high]`, both absolute.
    #[must_use]
    pub const fn trunc_normal(mean: f64, std: f64, low: f64, high: f64) -> Self {
        Self::TruncNormal {
            mean,
            std,
            low,
            high,
        }
    }

    /// Drawn from `distribution`, element by element.
    pub fn sample<D: Distribution<f64> + Send + Sync + 'static>(distribution: D) -> Self {
        Self::Sample(Sample {
            distribution: Arc::new(distribution),
            scale: 1.0,
        })
    }

    /// The law of `factor` times a value of this one.
    #[must_use]
    pub(crate) fn scaled(self, factor: f64) -> Self {
        let ordered = |a: f64, b: f64| {
            if factor < 0.0 {
                (b * factor, a * factor)
            } else {
                (a * factor, b * factor)
            }
        };
        match self {
            Self::Constant { value } => Self::Constant {
                value: value * factor,
            },
            Self::Uniform { low, high } => {
                let (low, high) = ordered(low, high);
                Self::Uniform { low, high }
            }
            Self::Normal { mean, std } => Self::Normal {
                mean: mean * factor,
                std: std * factor.abs(),
            },
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                let (low, high) = ordered(low, high);
                Self::TruncNormal {
                    mean: mean * factor,
                    std: std * factor.abs(),
                    low,
                    high,
                }
            }
            Self::Orthogonal { gain } => Self::Orthogonal {
                gain: gain * factor,
            },
            Self::DeltaOrthogonal { gain } => Self::DeltaOrthogonal {
                gain: gain * factor,
            },
            Self::Eye { gain } => Self::Eye {
                gain: gain * factor,
            },
            Self::Dirac { groups, gain } => Self::Dirac {
                groups,
                gain: gain * factor,
            },
            Self::Sparse { zeros, std } => Self::Sparse {
                zeros,
                std: std * factor.abs(),
            },
            Self::Sample(sample) => Self::Sample(Sample {
                scale: sample.scale * factor,
                ..sample
            }),
            #[cfg(feature = "tch")]
            Self::Custom(custom) => Self::Custom(Custom {
                scale: custom.scale * factor,
                ..custom
            }),
        }
    }

    /// Whether the numbers make sense and elements of `dtype` can hold the values.
    pub(crate) fn check(&self, dtype: Dtype) -> Result<(), Reason> {
        if let Self::Constant { value } = *self {
            return check_constant(value, dtype);
        }
        #[cfg(feature = "tch")]
        if let Self::Custom(custom) = self {
            return finite("scale", custom.scale);
        }
        if !dtype.is_real() {
            return Err(Reason::NotReal { dtype });
        }
        let holds = |what, value| {
            if dtype.holds(value) {
                Ok(())
            } else {
                Err(Reason::OutsideKind { what, value, dtype })
            }
        };
        match *self {
            Self::Uniform { low, high } => {
                check_bounds(low, high)?;
                holds("the bound", low)?;
                holds("the bound", high)?;
                if dtype.holds(high - low) {
                    Ok(())
                } else {
                    Err(Reason::WidthOverflows { low, high })
                }
            }
            Self::Normal { mean, std } => {
                check_normal(mean, std)?;
                holds("the mean", mean)?;
                holds("a draw of", mean.abs() + REACH * std)
            }
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                check_normal(mean, std)?;
                check_bounds(low, high)?;
                holds("the bound", low)?;
                holds("the bound", high)
            }
            Self::Orthogonal { gain }
            | Self::DeltaOrthogonal { gain }
            | Self::Eye { gain }
            | Self::Dirac { gain, .. } => {
                finite("gain", gain)?;
                holds("the gain", gain)
            }
            Self::Sparse { std, .. } => {
                check_normal(0.0, std)?;
                holds("a draw of", REACH * std)
            }
            Self::Sample(Sample { scale, .. }) => finite("scale", scale),
            _ => Ok(()),
        }
    }
}

/// No draw lies further from the mean than this many standard deviations: 64-bit draws end at 9.49.
const REACH: f64 = 9.5;

fn check_constant(value: f64, dtype: Dtype) -> Result<(), Reason> {
    if value.is_nan() {
        return Err(Reason::NotFinite {
            parameter: "val",
            value,
        });
    }
    if dtype.is_whole() && value.fract() != 0.0 {
        return Err(Reason::NotWhole { value, dtype });
    }
    // An infinity is a number of every floating-point kind, and masks are made of it.
    if dtype.holds(value) || (value.is_infinite() && !dtype.is_whole()) {
        Ok(())
    } else {
        Err(Reason::OutsideKind {
            what: "the value",
            value,
            dtype,
        })
    }
}

fn check_normal(mean: f64, std: f64) -> Result<(), Reason> {
    finite("mean", mean)?;
    finite("std", std)?;
    if std < 0.0 {
        Err(Reason::Negative {
            parameter: "std",
            value: std,
        })
    } else {
        Ok(())
    }
}

fn check_bounds(low: f64, high: f64) -> Result<(), Reason> {
    finite("a", low)?;
    finite("b", high)?;
    if low > high {
        Err(Reason::BoundsReversed { low, high })
    } else if (high - low).is_infinite() {
        Err(Reason::WidthOverflows { low, high })
    } else {
        Ok(())
    }
}

fn finite(parameter: &'static str, value: f64) -> Result<(), Reason> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Reason::NotFinite { parameter, value })
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = Number;
        match *self {
            Self::Constant { value } => write!(f, "constant {}", n(value)),
            Self::Uniform { low, high } => write!(f, "U({}, {})", n(low), n(high)),
            Self::Normal { mean, std } => write!(f, "N({}, {}²)", n(mean), n(std)),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                write!(
                    f,
                    "N({}, {}²) on [{}, {}]",
                    n(mean),
                    n(std),
                    n(low),
                    n(high)
                )
            }
            Self::Orthogonal { gain } => write!(f, "orthogonal(gain {})", n(gain)),
            Self::DeltaOrthogonal { gain } => write!(f, "delta orthogonal(gain {})", n(gain)),
            Self::Eye { gain } if gain == 1.0 => f.write_str("eye"),
            Self::Eye { gain } => write!(f, "eye(gain {})", n(gain)),
            Self::Dirac { groups, gain } => {
                f.write_str("dirac")?;
                match (groups, gain) {
                    (1, 1.0) => Ok(()),
                    (_, 1.0) => write!(f, "(groups {groups})"),
                    _ => write!(f, "(groups {groups}, gain {})", n(gain)),
                }
            }
            Self::Sparse { zeros, std } => write!(f, "N(0, {}²), {zeros} zeros a column", n(std)),
            Self::Sample(Sample { scale, .. }) if scale != 1.0 => {
                write!(f, "sample × {}", n(scale))
            }
            Self::Sample(_) => f.write_str("sample"),
            #[cfg(feature = "tch")]
            Self::Custom(Custom { scale, .. }) if scale != 1.0 => {
                write!(f, "custom × {}", n(scale))
            }
            #[cfg(feature = "tch")]
            Self::Custom(_) => f.write_str("custom"),
        }
    }
}

/// A number to four significant digits, without trailing zeros.
pub(crate) struct Number(pub(crate) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let magnitude = value.abs();
        if value == 0.0 || !value.is_finite() {
            return write!(f, "{}", value + 0.0);
        }
        let short: f64 = format!("{value:.3e}").parse().map_err(|_| fmt::Error)?;
        if (1e-4..1e6).contains(&magnitude) {
            write!(f, "{short}")
        } else {
            write!(f, "{short:e}")
        }
    }
}

/// A user's distribution, as [`Law::sample`] keeps it.
#[derive(Clone)]
pub struct Sample {
    distribution: Arc<dyn Draw>,
    pub(crate) scale: f64,
}

impl Sample {
    /// Fills `out` with draws from `stream`.
    pub(crate) fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        self.distribution.fill(stream, out);
        if self.scale != 1.0 {
            for value in out {
                *value *= self.scale;
            }
        }
    }
}

impl PartialEq for Sample {
    /// The same distribution object at the same scale: distributions themselves cannot be compared.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.distribution, &other.distribution) && self.scale == other.scale
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

trait Draw: Send + Sync {
    fn fill(&self, stream: &mut Stream, out: &mut [f64]);
}

impl<D: Distribution<f64> + Send + Sync> Draw for D {
    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        for value in out {
            *value = self.sample(stream);
        }
    }
}

/// A user's function, as [`Law::custom`] keeps it.
#[cfg(feature = "tch")]
#[derive(Clone)]
pub struct Custom {
    write: std::rc::Rc<WriteFn>,
    pub(crate) scale: f64,
}

#[cfg(feature = "tch")]
type WriteFn = dyn Fn(&mut tch::Tensor, &mut Stream) -> Result<(), BoxError>;

#[cfg(feature = "tch")]
impl Law {
    /// Written by `write`, which gets the parameter (or the region that `at` names) and its stream.
    ///
    /// The tensor is the parameter's own storage: write it in place (`copy_`, `fill_`, …). Gradients are off
    /// meanwhile. Such functions run after everything else has been written; one that fails half-way cannot be undone.
    pub fn custom<F>(write: F) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut Stream) -> Result<(), BoxError> + 'static,
    {
        Self::Custom(Custom {
            write: std::rc::Rc::new(write),
            scale: 1.0,
        })
    }
}

#[cfg(feature = "tch")]
impl Custom {
    pub(crate) fn write(
        &self,
        tensor: &mut tch::Tensor,
        stream: &mut Stream,
    ) -> Result<(), BoxError> {
        (self.write)(tensor, stream)?;
        if self.scale != 1.0 {
            let _ = tensor.f_mul_scalar_(self.scale)?;
        }
        Ok(())
    }
}

#[cfg(feature = "tch")]
impl PartialEq for Custom {
    /// The same function object at the same scale.
    fn eq(&self, other: &Self) -> bool {
        std::rc::Rc::ptr_eq(&self.write, &other.write) && self.scale == other.scale
    }
}

#[cfg(feature = "tch")]
impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Custom")
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_print_their_numbers_to_four_digits() {
        let shown = |law: Law| law.to_string();
        assert_eq!(shown(Law::normal(0.0, 1.0 / 3.0)), "N(0, 0.3333²)");
        assert_eq!(shown(Law::normal(-0.0, 1e-7)), "N(0, 1e-7²)");
        assert_eq!(shown(Law::uniform(-123.456, 1.5e9)), "U(-123.5, 1.5e9)");
        assert_eq!(
            shown(Law::trunc_normal(0.0, 0.02, -2.0, 2.0)),
            "N(0, 0.02²) on [-2, 2]"
        );
        assert_eq!(
            shown(Law::Dirac {
                groups: 2,
                gain: 1.0
            }),
            "dirac(groups 2)"
        );
        assert_eq!(shown(Law::constant(f64::NEG_INFINITY)), "constant -inf");
        assert_eq!(
            shown(Law::Sparse {
                zeros: 3,
                std: 0.01
            }),
            "N(0, 0.01²), 3 zeros a column"
        );
    }

    #[test]
    fn scaling_by_a_negative_number_mirrors_the_law() {
        assert_eq!(
            Law::uniform(-1.0, 3.0).scaled(-2.0),
            Law::uniform(-6.0, 2.0)
        );
        assert_eq!(Law::normal(1.0, 2.0).scaled(-0.5), Law::normal(-0.5, 1.0));
        assert_eq!(
            Law::trunc_normal(0.0, 1.0, -1.0, 2.0).scaled(-1.0),
            Law::trunc_normal(0.0, 1.0, -2.0, 1.0)
        );
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        let refused = |law: Law, dtype| law.check(dtype).unwrap_err();
        assert!(matches!(
            refused(Law::normal(0.0, -1.0), Dtype::F32),
            Reason::Negative { .. }
        ));
        assert!(matches!(
            refused(Law::normal(f64::NAN, 1.0), Dtype::F32),
            Reason::NotFinite { .. }
        ));
        assert!(matches!(
            refused(Law::normal(0.0, f64::INFINITY), Dtype::F64),
            Reason::NotFinite { .. }
        ));
        assert!(matches!(
            refused(Law::normal(0.0, 1e4), Dtype::F16),
            Reason::OutsideKind { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(1.0, 0.0), Dtype::F32),
            Reason::BoundsReversed { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(-1e308, 1e308), Dtype::F64),
            Reason::WidthOverflows { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(0.0, 1e5), Dtype::F16),
            Reason::OutsideKind { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(0.0, 1.0), Dtype::I64),
            Reason::NotReal { .. }
        ));
        assert!(matches!(
            refused(Law::constant(1e5), Dtype::F16),
            Reason::OutsideKind { .. }
        ));
        assert!(matches!(
            refused(Law::constant(0.5), Dtype::I32),
            Reason::NotWhole { .. }
        ));
        assert!(matches!(
            refused(Law::constant(2.0), Dtype::Bool),
            Reason::OutsideKind { .. }
        ));
        assert!(matches!(
            refused(Law::constant(f64::NAN), Dtype::F32),
            Reason::NotFinite { .. }
        ));
        assert_eq!(Law::constant(f64::NEG_INFINITY).check(Dtype::F32), Ok(()));
        assert_eq!(Law::constant(-7.0).check(Dtype::I8), Ok(()));
    }
}
