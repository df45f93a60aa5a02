//! Laws of which nothing is drawn: what an element is follows from its place.

use crate::numeric::elementary::logarithm::ln;

/// A formula of the place in a tensor, and a factor.
///
/// [`Law::Table`](crate::Law::Table) holds it. Computed in f64, where each value is within 2 ulp, and rounded once to
/// the parameter's kind: the same bits on every machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    formula: Formula,
    factor: f64,
}

/// What each element of a [`Table`] is.
///
/// The place is that in the parameter, or in the region, slice or block that the law is written to.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Formula {
    /// Sines and cosines of positions, `[prefix + positions, channels]`.
    ///
    /// `E` channels are of one coordinate: sin(x·ωₖ) in the first half of them and cos(x·ωₖ) in the second, with
    /// ωₖ = base^(−k / (E / 2)). Without `width` that is all of them, and x is the position. With it the first half of
    /// the channels is of position % width, the column of a grid, and the second of position / width, its row.
    SincosPositions {
        /// Rows of zeros that come first, 0 or more.
        prefix: i64,
        /// The ratio of the first wave's frequency to what would be the last one's, above 0.
        #[cfg_attr(feature = "serde", serde(with = "crate::numeric::exact"))]
        base: f64,
        /// The columns of the grid that the positions are cells of, row by row.
        width: Option<i64>,
        /// Whether a sine and its cosine stand side by side, and not half of the channels apart.
        interleaved: bool,
    },
    /// The slopes of attention with linear biases: of `h` heads, a power of two, 2^(−8·(i + 1) / h); else those of the
    /// power of two below, and then the first, third, fifth, … of the one above. `[heads]`, or 1 in other dimensions.
    AlibiSlopes,
    /// Linear interpolation in each dimension of a kernel: the product of 1 − |i / f − c|, f = ⌈k / 2⌉,
    /// c = (k − 1) / (2·f). On the diagonal where there are as many inputs as outputs, with 0 elsewhere; for every
    /// output where there is one input. Three to five dimensions.
    Bilinear,
    /// The state matrix of HiPPO-LegS: −√((2n + 1)·(2k + 1)) for n > k, −(n + 1) on the diagonal, 0 above it. `[N, N]`.
    HippoLegs,
    /// The input matrix of HiPPO-LegS: √(2n + 1). `[N]` or `[N, 1]`.
    HippoLegsB,
    /// The imaginary parts of S4D-Lin: π·n along the last dimension.
    S4dLin,
    /// The imaginary parts of S4D-Inv: (N / π)·(N / (2n + 1) − 1) along the last dimension, whose length is N / 2.
    S4dInv,
    /// S4D-Real: −(n + 1) along the last dimension.
    S4dReal,
    /// ln(n + 1) along the last dimension.
    LnRange,
}

impl Table {
    pub(super) const fn new(formula: Formula) -> Self {
        Self {
            formula,
            factor: 1.0,
        }
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) const fn with_factor(formula: Formula, factor: f64) -> Self {
        Self { formula, factor }
    }

    /// What each element is, before the factor.
    #[must_use]
    pub const fn formula(&self) -> Formula {
        self.formula
    }

    /// What each element is multiplied by.
    #[must_use]
    pub const fn factor(&self) -> f64 {
        self.factor
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self {
            factor: self.factor * factor,
            ..self
        }
    }

    /// How far from 0 an element of a tensor of this shape may be.
    pub(super) fn reach(&self, shape: &[i64]) -> f64 {
        let first = shape.first().map_or(0.0, |&length| length as f64);
        let last = shape.last().map_or(0.0, |&length| length as f64);
        let most = match self.formula {
            Formula::SincosPositions { .. } | Formula::AlibiSlopes | Formula::Bilinear => 1.0,
            Formula::HippoLegs => {
                let below = (2.0 * first - 1.0).max(0.0) * (2.0 * first - 3.0).max(0.0);
                first.max(below.sqrt())
            }
            Formula::HippoLegsB => (2.0 * first - 1.0).max(0.0).sqrt(),
            Formula::S4dLin => std::f64::consts::PI * (last - 1.0).max(0.0),
            Formula::S4dInv => {
                std::f64::consts::FRAC_1_PI * 2.0 * last * (2.0 * last - 1.0).max(0.0)
            }
            Formula::S4dReal => last,
            Formula::LnRange => ln(last.max(1.0)),
        };
        most * self.factor.abs()
    }
}

#[cfg(test)]
mod tests {
    use crate::laws::Formula;
    use crate::{Cause, Dtype, Law};

    const POSITIONS: Formula = Formula::SincosPositions {
        prefix: 1,
        base: 1e4,
        width: None,
        interleaved: false,
    };

    const GRID: Formula = Formula::SincosPositions {
        prefix: 1,
        base: 1e4,
        width: Some(14),
        interleaved: false,
    };

    fn checked(formula: Formula, shape: &[i64], dtype: Dtype) -> Result<(), Cause> {
        Law::table(formula).fits(shape, dtype)
    }

    fn refused(formula: Formula, shape: &[i64]) -> String {
        checked(formula, shape, Dtype::F32).unwrap_err().to_string()
    }

    #[test]
    fn shapes_that_a_formula_is_for_are_accepted() {
        for (formula, shapes) in [
            (POSITIONS, &[&[1, 0][..], &[10, 6]][..]),
            (GRID, &[&[197, 768], &[1, 4]]),
            (Formula::AlibiSlopes, &[&[12], &[8, 1, 1], &[0]]),
            (
                Formula::Bilinear,
                &[&[3, 3, 4], &[8, 1, 4, 4], &[2, 2, 4, 4, 4]],
            ),
            (Formula::HippoLegs, &[&[64, 64]]),
            (Formula::HippoLegsB, &[&[64], &[64, 1]]),
            (Formula::S4dLin, &[&[32], &[256, 32]]),
            (Formula::LnRange, &[&[24], &[1536, 16]]),
        ] {
            for shape in shapes {
                assert_eq!(
                    checked(formula, shape, Dtype::F32),
                    Ok(()),
                    "{formula:?} {shape:?}"
                );
            }
        }
    }

    #[test]
    fn other_shapes_are_told_what_is_needed() {
        assert_eq!(
            refused(POSITIONS, &[1, 10, 6]),
            "needs [positions, channels], or `batch = 1` before them, and this is [1, 10, 6]"
        );
        assert_eq!(
            refused(POSITIONS, &[10, 5]),
            "needs an even number of channels, sines and cosines, and this is [10, 5]"
        );
        assert_eq!(
            refused(POSITIONS, &[0, 6]),
            "prefix = 1, and there are 0 rows in all; write how many tokens stand before the positions"
        );
        assert_eq!(
            refused(GRID, &[197, 6]),
            "needs channels in fours, sines and cosines of columns and rows, and this is [197, 6]"
        );
        assert_eq!(
            refused(GRID, &[196, 8]),
            "of 196 rows prefix = 1 leave 195, which are not rows of a grid of width = 14; write how many columns the \
             grid has, and how many tokens stand before it"
        );
        let column = "1 in all others, and this is [8, 2]";
        assert!(refused(Formula::AlibiSlopes, &[8, 2]).ends_with(column));
        assert!(refused(Formula::HippoLegsB, &[8, 2]).ends_with(column));
        assert_eq!(
            refused(Formula::Bilinear, &[8, 4, 3, 3]),
            "needs as many inputs as outputs, each by itself, or a single input as in a convolution of as many groups as \
             channels, and this is [8, 4, 3, 3]"
        );
        assert_eq!(
            refused(Formula::HippoLegs, &[3, 4]),
            "needs a square matrix, and this is [3, 4]"
        );
        for (formula, shape) in [
            (Formula::AlibiSlopes, &[][..]),
            (Formula::HippoLegs, &[4]),
            (Formula::Bilinear, &[4, 4]),
            (Formula::S4dInv, &[]),
            (Formula::LnRange, &[]),
        ] {
            assert!(
                refused(formula, shape).contains("dimensions and this has"),
                "{formula:?}"
            );
        }
    }

    #[test]
    fn numbers_that_make_no_sense_are_told() {
        let with = |prefix, base, width| Formula::SincosPositions {
            prefix,
            base,
            width,
            interleaved: false,
        };
        let refused = |formula| refused(formula, &[8, 8]);
        assert_eq!(
            refused(with(-1, 1e4, None)),
            "`prefix` is -1; it must be 0 or more"
        );
        assert_eq!(
            refused(with(0, 1e4, Some(0))),
            "`width` is 0; it must be 1 or more"
        );
        assert_eq!(
            refused(with(0, f64::NAN, None)),
            "`base` is NaN; it must be finite"
        );
        let range = "from 1e-6 to 1e100, as 10000 is";
        assert_eq!(
            refused(with(0, 0.0, None)),
            format!("`base` is 0; it must be {range}")
        );
    }

    /// In f16 the first frequencies of S4D-Inv are beyond the greatest number from a state of 456 on.
    #[test]
    fn kinds_that_cannot_hold_the_values_are_refused() {
        assert_eq!(checked(Formula::S4dInv, &[227], Dtype::F16), Ok(()));
        let refused = checked(Formula::S4dInv, &[228], Dtype::F16).unwrap_err();
        assert!(matches!(refused, Cause::OutsideKind { .. }), "{refused}");
        assert_eq!(checked(Formula::S4dInv, &[228], Dtype::BF16), Ok(()));
        let whole = checked(Formula::S4dReal, &[8], Dtype::I64).unwrap_err();
        assert!(matches!(whole, Cause::NotReal { .. }), "{whole}");
    }

    #[test]
    fn a_scale_is_a_factor() {
        let scaled = |factor| {
            Law::table(Formula::S4dReal)
                .scaled(factor, Dtype::F32)
                .unwrap()
        };
        assert_eq!(scaled(0.5).to_string(), "0.5 · S4D-Real");
        assert_eq!(scaled(0.5).scaled(2.0, Dtype::F32).unwrap(), scaled(1.0));
        assert!(scaled(1e38).fits(&[8], Dtype::F32).is_err());
        assert!(!scaled(1.0).is_random());
    }
}
