//! What a law asks of its numbers, of the shape that it is written to, and of the kind of its elements.
//!
//! Built-in schemes and users' own are checked here alike; a scheme itself looks only at what its formula needs.

use super::{Elementwise, Formula, Law, Structured, Table};
use crate::numeric::elementary::logarithm::ln;
use crate::{Cause, Dtype, Reason};

impl Law {
    /// Whether the numbers make sense, the law is one for `shape`, and elements of `dtype` can hold the values.
    ///
    /// Plans ask it of every step, built-in or not, with the shape of the region or chunk that is written.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    ///
    /// ```
    /// use nninit::{Dtype, Law};
    ///
    /// assert!(Law::orthogonal(1.0).check(&[64, 32], Dtype::F32).is_ok());
    /// assert!(Law::orthogonal(1.0).check(&[64], Dtype::F32).is_err());
    /// assert!(Law::normal(0.0, 1.0).check(&[64], Dtype::I64).is_err());
    /// ```
    pub fn check(&self, shape: &[i64], dtype: Dtype) -> Result<(), Reason> {
        Ok(self.fits(shape, dtype)?)
    }

    pub(crate) fn fits(&self, shape: &[i64], dtype: Dtype) -> Result<(), Cause> {
        self.check_numbers()?;
        match self {
            Self::Structured(law) => law.check_shape(shape)?,
            Self::Table(table) => {
                table.check_shape(shape)?;
                real(dtype)?;
                held("a value of", table.reach(shape), dtype)?;
            }
            Self::Given(given) => given.fits(shape, dtype)?,
            Self::Constant { .. }
            | Self::Elementwise(_)
            | Self::ByIndex(_)
            | Self::Mapped(_)
            | Self::Sample(_)
            | Self::Custom(_) => {}
        }
        self.check_kind(dtype)
    }

    /// Whether the numbers make sense by themselves.
    pub(crate) fn check_numbers(&self) -> Result<(), Cause> {
        match self {
            Self::Constant { value } if value.is_nan() => finite("val", *value),
            Self::Constant { .. } => Ok(()),
            Self::Elementwise(law) => law.check_numbers(),
            Self::Structured(law) => law.check_numbers(),
            Self::Table(table) => table.check_numbers(),
            Self::Given(given) => finite("scale", given.scale()),
            Self::ByIndex(of) => finite("scale", of.scale()),
            Self::Mapped(mapped) => mapped.of().check_numbers(),
            Self::Sample(sample) => finite("scale", sample.scale()),
            Self::Custom(custom) => finite("scale", custom.scale()),
        }
    }

    pub(super) fn check_kind(&self, dtype: Dtype) -> Result<(), Cause> {
        match self {
            Self::Constant { value } => check_constant(*value, dtype),
            Self::Elementwise(law) => {
                let both_parts = matches!(
                    law,
                    Elementwise::Uniform { .. } | Elementwise::Normal { .. }
                );
                if !(both_parts && dtype.is_complex()) {
                    real(dtype)?;
                }
                law.of_parts(dtype).check_kind(dtype)
            }
            Self::Structured(law) => {
                let is_marked = matches!(law, Structured::Eye { .. } | Structured::Dirac { .. });
                if !(is_marked && dtype.is_complex()) {
                    real(dtype)?;
                }
                law.check_kind(dtype)
            }
            Self::Mapped(mapped) => real(dtype).and_then(|()| mapped.check_kind(dtype)),
            Self::Table(_) | Self::ByIndex(_) | Self::Sample(_) => real(dtype),
            // Values that are given have been looked at one by one, and a function sees to it itself.
            Self::Given(_) | Self::Custom(_) => Ok(()),
        }
    }
}

impl Elementwise {
    fn check_numbers(&self) -> Result<(), Cause> {
        match *self {
            Self::Uniform { low, high } => {
                finite("a", low)?;
                finite("b", high)?;
                in_order(low, high)?;
                if (high - low).is_infinite() {
                    return Err(Cause::WidthOverflows { low, high });
                }
                Ok(())
            }
            Self::Normal { mean, std } => mean_and_std(mean, std),
            Self::TruncNormal {
                mean,
                std,
                low,
                high,
            } => {
                mean_and_std(mean, std)?;
                // An infinite bound cuts nothing, and both at one infinity would leave nothing.
                if low.is_nan() || low == f64::INFINITY {
                    return finite("a", low);
                }
                if high.is_nan() || high == f64::NEG_INFINITY {
                    return finite("b", high);
                }
                in_order(low, high)
            }
            // The law scaled by 0: every value is 0.
            Self::LogUniform {
                low: 0.0,
                high: 0.0,
            } => Ok(()),
            Self::LogUniform { low, high } => positive_interval(low, high),
            Self::LnUniform { low, high, factor } => {
                positive_interval(low, high)?;
                finite("factor", factor)
            }
            Self::SoftplusInverse {
                low,
                high,
                floor,
                factor,
            } => {
                positive_interval(low, high)?;
                positive("floor", floor)?;
                finite("factor", factor)
            }
        }
    }

    pub(super) fn check_kind(&self, dtype: Dtype) -> Result<(), Cause> {
        match *self {
            Self::Uniform { low, high } => {
                held("the bound", low, dtype)?;
                held("the bound", high, dtype)?;
                if dtype.nearest(high) - dtype.nearest(low) <= dtype.max() {
                    Ok(())
                } else {
                    Err(Cause::WidthOverflows { low, high })
                }
            }
            Self::Normal { mean, .. } => {
                held("the mean", mean, dtype)?;
                self.check_draws(dtype)
            }
            // A bound that no draw comes near may lie anywhere.
            Self::TruncNormal { .. } => self.check_draws(dtype),
            Self::LogUniform { .. } | Self::LnUniform { .. } | Self::SoftplusInverse { .. } => {
                self.check_draws(dtype)
            }
        }
    }

    fn check_draws(&self, dtype: Dtype) -> Result<(), Cause> {
        let (least, greatest) = self.range();
        held("a draw of", greatest, dtype)?;
        held("a draw of", least, dtype)
    }
}

impl Structured {
    fn check_numbers(&self) -> Result<(), Cause> {
        match *self {
            Self::Orthogonal { gain }
            | Self::DeltaOrthogonal { gain }
            | Self::Eye { gain }
            | Self::Dirac { gain, .. } => finite("gain", gain),
            Self::Sparse { std, .. } => mean_and_std(0.0, std),
            Self::Chrono { max, gates, factor } => {
                at_least("max", max, 2, "2 or more")?;
                finite("factor", factor)?;
                match gates {
                    3 | 4 => Ok(()),
                    _ => Err(Cause::NotGates { gates }),
                }
            }
        }
    }

    fn check_shape(&self, shape: &[i64]) -> Result<(), Cause> {
        match *self {
            Self::Orthogonal { .. } => rank(shape, 2..=usize::MAX, "at least 2"),
            Self::Eye { .. } => matrix(shape),
            Self::DeltaOrthogonal { .. } => {
                kernel(shape)?;
                let (outputs, inputs) = (shape[0], shape[1]);
                if outputs < inputs {
                    return Err(Cause::FewerOutputsThanInputs { outputs, inputs });
                }
                Ok(())
            }
            Self::Dirac { groups, .. } => {
                kernel(shape)?;
                let dim0 = shape[0];
                if groups < 1 || dim0 % groups != 0 {
                    return Err(Cause::GroupsDoNotDivide { groups, dim0 });
                }
                Ok(())
            }
            Self::Sparse { zeros, .. } => {
                matrix(shape)?;
                let rows = shape[0];
                if !(0..=rows).contains(&zeros) {
                    return Err(Cause::ZerosOutOfRange { zeros, rows });
                }
                Ok(())
            }
            Self::Chrono { gates, .. } => match *shape {
                [length] if length % gates == 0 => Ok(()),
                _ => Err(Cause::NotBiasOfGates {
                    gates,
                    shape: shape.to_vec(),
                }),
            },
        }
    }

    fn check_kind(&self, dtype: Dtype) -> Result<(), Cause> {
        match *self {
            Self::Orthogonal { gain }
            | Self::DeltaOrthogonal { gain }
            | Self::Eye { gain }
            | Self::Dirac { gain, .. } => held("the gain", gain, dtype),
            Self::Sparse { std, .. } => held("a draw of", Elementwise::REACH * std, dtype),
            Self::Chrono { max, factor, .. } => {
                held("a draw of", factor * ln((max - 1) as f64), dtype)
            }
        }
    }
}

impl Table {
    fn check_numbers(&self) -> Result<(), Cause> {
        finite("factor", self.factor())?;
        match self.formula() {
            Formula::SincosPositions {
                prefix,
                base,
                width,
                ..
            } => {
                at_least("prefix", prefix, 0, "0 or more")?;
                at_least("width", width.unwrap_or(1), 1, "1 or more")?;
                finite("base", base)?;
                if (1e-6..=1e100).contains(&base) {
                    return Ok(());
                }
                Err(Cause::NumberOutOfRange {
                    parameter: "base",
                    value: base,
                    range: "from 1e-6 to 1e100, as 10000 is",
                })
            }
            Formula::AlibiSlopes
            | Formula::Bilinear
            | Formula::HippoLegs
            | Formula::HippoLegsB
            | Formula::S4dLin
            | Formula::S4dInv
            | Formula::S4dReal
            | Formula::LnRange => Ok(()),
        }
    }

    fn check_shape(&self, shape: &[i64]) -> Result<(), Cause> {
        let of_shape = |fits: bool, needs| {
            let shape = shape.to_vec();
            if fits {
                Ok(())
            } else {
                Err(Cause::OtherShape { needs, shape })
            }
        };
        let column = |needs| of_shape(shape.iter().skip(1).all(|&length| length == 1), needs);
        match self.formula() {
            Formula::SincosPositions { prefix, width, .. } => {
                let &[rows, channels] = shape else {
                    return of_shape(false, "[positions, channels], or `batch = 1` before them");
                };
                if prefix > rows {
                    return Err(Cause::PrefixTooLong { prefix, rows });
                }
                let Some(width) = width else {
                    return of_shape(
                        channels % 2 == 0,
                        "an even number of channels, sines and cosines",
                    );
                };
                let needs = "channels in fours, sines and cosines of columns and rows";
                of_shape(channels % 4 == 0, needs)?;
                if (rows - prefix) % width != 0 {
                    return Err(Cause::GridNotFilled {
                        rows,
                        prefix,
                        width,
                    });
                }
                Ok(())
            }
            Formula::AlibiSlopes => {
                rank(shape, 1..=usize::MAX, "at least 1")?;
                column("the heads in the first dimension, and 1 in all others")
            }
            Formula::HippoLegsB => {
                rank(shape, 1..=usize::MAX, "at least 1")?;
                column("the state in the first dimension, and 1 in all others")
            }
            Formula::Bilinear => {
                kernel(shape)?;
                let needs = "as many inputs as outputs, each by itself, or a single input as in a convolution of as many \
                             groups as channels";
                of_shape(shape[0] == shape[1] || shape[1] == 1, needs)
            }
            Formula::HippoLegs => {
                matrix(shape)?;
                of_shape(shape[0] == shape[1], "a square matrix")
            }
            Formula::S4dLin | Formula::S4dInv | Formula::S4dReal | Formula::LnRange => {
                rank(shape, 1..=usize::MAX, "at least 1")
            }
        }
    }
}

fn rank(
    shape: &[i64],
    fits: std::ops::RangeInclusive<usize>,
    needs: &'static str,
) -> Result<(), Cause> {
    let ndim = shape.len();
    if fits.contains(&ndim) {
        Ok(())
    } else {
        Err(Cause::WrongRank { needs, ndim })
    }
}

fn matrix(shape: &[i64]) -> Result<(), Cause> {
    rank(shape, 2..=2, "exactly 2")
}

fn kernel(shape: &[i64]) -> Result<(), Cause> {
    rank(shape, 3..=5, "3, 4 or 5")
}

fn at_least(
    parameter: &'static str,
    value: i64,
    least: i64,
    range: &'static str,
) -> Result<(), Cause> {
    if value >= least {
        return Ok(());
    }
    Err(Cause::NumberOutOfRange {
        parameter,
        value: value as f64,
        range,
    })
}

fn check_constant(value: f64, dtype: Dtype) -> Result<(), Cause> {
    if dtype.is_quantised() {
        return Err(Cause::Quantised { dtype });
    }
    if dtype.is_whole() && value.is_finite() && value.fract() != 0.0 {
        return Err(Cause::NotWhole { value, dtype });
    }
    // An infinity is a number of most floating-point kinds, and masks are made of it.
    if value.is_infinite() && dtype.has_infinity() {
        return Ok(());
    }
    held("the value", value, dtype)
}

fn real(dtype: Dtype) -> Result<(), Cause> {
    if dtype.is_real() {
        Ok(())
    } else {
        Err(Cause::NotReal { dtype })
    }
}

fn held(what: &'static str, value: f64, dtype: Dtype) -> Result<(), Cause> {
    if dtype.holds(value) {
        Ok(())
    } else {
        Err(Cause::OutsideKind { what, value, dtype })
    }
}

fn mean_and_std(mean: f64, std: f64) -> Result<(), Cause> {
    finite("mean", mean)?;
    finite("std", std)?;
    if std < 0.0 {
        return Err(Cause::Negative {
            parameter: "std",
            value: std,
        });
    }
    Ok(())
}

fn in_order(low: f64, high: f64) -> Result<(), Cause> {
    if low > high {
        return Err(Cause::BoundsReversed { low, high });
    }
    Ok(())
}

fn positive_interval(low: f64, high: f64) -> Result<(), Cause> {
    positive("low", low)?;
    positive("high", high)?;
    if low > high {
        return Err(Cause::LowAboveHigh { low, high });
    }
    Ok(())
}

/// Above 0 by enough to have all its digits.
fn positive(parameter: &'static str, value: f64) -> Result<(), Cause> {
    finite(parameter, value)?;
    if value < f64::MIN_POSITIVE {
        return Err(Cause::NumberOutOfRange {
            parameter,
            value,
            range: "above 0, where a logarithm is taken, and not below 2.3e-308",
        });
    }
    Ok(())
}

pub(super) fn finite(parameter: &'static str, value: f64) -> Result<(), Cause> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Cause::NotFinite { parameter, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    fn refused(law: &Law, shape: &[i64], dtype: Dtype) -> Cause {
        law.fits(shape, dtype).unwrap_err()
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        let refused = |law: Law, dtype| refused(&law, &[4], dtype);
        assert!(matches!(
            refused(Law::normal(0.0, -1.0), Dtype::F32),
            Cause::Negative { .. }
        ));
        assert!(matches!(
            refused(Law::normal(f64::NAN, 1.0), Dtype::F32),
            Cause::NotFinite { .. }
        ));
        assert!(matches!(
            refused(Law::normal(0.0, INF), Dtype::F64),
            Cause::NotFinite { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(1.0, 0.0), Dtype::F32),
            Cause::BoundsReversed { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(0.0, INF), Dtype::F32),
            Cause::NotFinite { .. }
        ));
        assert!(matches!(
            refused(Law::uniform(-1e308, 1e308), Dtype::F64),
            Cause::WidthOverflows { .. }
        ));
        assert!(matches!(
            refused(Law::constant(f64::NAN), Dtype::F32),
            Cause::NotFinite { .. }
        ));
        for (low, high) in [
            (INF, INF),
            (-INF, -INF),
            (INF, -INF),
            (f64::NAN, 1.0),
            (0.0, f64::NAN),
        ] {
            let law = Law::trunc_normal(0.0, 1.0, low, high);
            assert!(
                matches!(refused(law, Dtype::F32), Cause::NotFinite { .. }),
                "{low} {high}"
            );
        }
    }

    #[test]
    fn numbers_outside_the_kind_are_refused() {
        let outside = |law: Law, dtype| {
            assert!(
                matches!(refused(&law, &[4], dtype), Cause::OutsideKind { .. }),
                "{law} {dtype}"
            );
        };
        outside(Law::normal(0.0, 1e4), Dtype::F16);
        outside(Law::uniform(0.0, 1e5), Dtype::F16);
        outside(Law::trunc_normal(0.0, 1e4, -1e5, 1e5), Dtype::F16);
        outside(Law::trunc_normal(0.0, 1e4, 0.0, INF), Dtype::F16);
        outside(Law::trunc_normal(0.0, 1.0, 1e5, INF), Dtype::F16);
        outside(Law::constant(1e5), Dtype::F16);
        outside(Law::constant(2.0), Dtype::Bool);
        outside(
            Law::constant(9_223_372_036_854_775_807_i64 as f64),
            Dtype::I64,
        );
        outside(Law::constant(INF), Dtype::I64);
        outside(Law::constant(INF), Dtype::Float8E4M3FN);
        outside(Law::constant(1e6), Dtype::Complex32);
        assert!(matches!(
            refused(&Law::uniform(0.0, 1.0), &[4], Dtype::I64),
            Cause::NotReal { .. }
        ));
        assert!(matches!(
            refused(&Law::constant(0.5), &[4], Dtype::I32),
            Cause::NotWhole { .. }
        ));
        assert!(matches!(
            refused(&Law::constant(1.0), &[4], Dtype::QInt8),
            Cause::Quantised { .. }
        ));
    }

    #[test]
    fn what_can_be_drawn_is_accepted() {
        let accepted = |law: Law, dtype| assert_eq!(law.fits(&[4], dtype), Ok(()), "{law} {dtype}");
        accepted(Law::constant(-INF), Dtype::F32);
        accepted(Law::constant(-7.0), Dtype::I8);
        accepted(Law::constant(i64::MIN as f64), Dtype::I64);
        accepted(Law::constant(65505.0), Dtype::F16);
        for (low, high) in [(0.0, INF), (-INF, 0.0), (-INF, INF), (-1e308, 1e308)] {
            accepted(Law::trunc_normal(0.0, 1.0, low, high), Dtype::F16);
        }
    }

    /// Every structured law, and every way in which a shape is none of its own.
    #[test]
    fn shapes_that_a_law_does_not_fit_are_refused() {
        let wrong_rank = |law: Law, shapes: &[&[i64]]| {
            for shape in shapes {
                let reason = refused(&law, shape, Dtype::F32);
                assert!(
                    matches!(reason, Cause::WrongRank { .. }),
                    "{law} on {shape:?}"
                );
            }
        };
        wrong_rank(Law::orthogonal(1.0), &[&[], &[4], &[0]]);
        wrong_rank(Law::eye(1.0), &[&[], &[4], &[0], &[2, 2, 2]]);
        wrong_rank(Law::sparse(1, 1.0), &[&[], &[4], &[2, 2, 2]]);
        let kernels: &[&[i64]] = &[&[], &[4], &[4, 4], &[1; 6]];
        wrong_rank(Law::dirac(1, 1.0), kernels);
        wrong_rank(Law::delta_orthogonal(1.0), kernels);
        for groups in [0, -1, 3, i64::MIN] {
            let reason = refused(&Law::dirac(groups, 1.0), &[4, 3, 3], Dtype::F32);
            assert_eq!(reason, Cause::GroupsDoNotDivide { groups, dim0: 4 });
        }
        for zeros in [7, 5, -1] {
            let reason = refused(&Law::sparse(zeros, 1.0), &[4, 3], Dtype::F32);
            assert_eq!(reason, Cause::ZerosOutOfRange { zeros, rows: 4 });
        }
        let reason = refused(&Law::delta_orthogonal(1.0), &[2, 4, 3], Dtype::F32);
        assert_eq!(
            reason,
            Cause::FewerOutputsThanInputs {
                outputs: 2,
                inputs: 4
            }
        );
    }

    #[test]
    fn shapes_that_a_law_fits_are_accepted() {
        let accepted = |law: Law, shape: &[i64]| assert_eq!(law.fits(shape, Dtype::F32), Ok(()));
        accepted(Law::orthogonal(1.0), &[4, 2, 2]);
        accepted(Law::orthogonal(1.0), &[0, 2]);
        accepted(Law::sparse(4, 1.0), &[4, 3]);
        accepted(Law::dirac(2, 1.0), &[4, 3, 3]);
        accepted(Law::delta_orthogonal(1.0), &[4, 4, 3, 3, 3]);
        accepted(Law::normal(0.0, 1.0), &[]);
    }
}
