//! `trunc_normal`: a normal law cut at two bounds.

use nninit_language::sentences;
use nninit_language::values::Takes;

use super::{Label, follows, in_range};
use crate::{BoxError, Cause, Initializer, Law, Target};

/// PyTorch's bounds, absolute.
const LOW: f64 = -2.0;
const HIGH: f64 = 2.0;

/// Truncated normal. Started by [`trunc_normal`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncNormal {
    mean: f64,
    std: f64,
    a: Option<f64>,
    b: Option<f64>,
    cut: Option<f64>,
    keep_std: bool,
}

/// Values drawn from a normal distribution that is cut to `[a, b]`.
///
/// Parameters: `mean = 0`, `std = 1` (0 or more), `a = -2`, `b = 2`; `cut` (above 0) in place of `a` and `b`, and with
/// it the flag `keep_std`. Any shape.
///
/// **The bounds `a` and `b` are absolute, not in standard deviations**: with `std = 0.02` the default bounds lie at 100
/// standard deviations and cut nothing. `cut = K` puts them at `mean ± K · std`. What remains is narrower than `std`:
///
/// | `cut` | remaining standard deviation |
/// |---|---|
/// | 1 | 0.5396 · `std` |
/// | 2 | 0.8796 · `std` |
/// | 3 | 0.9866 · `std` |
/// | 4 | 0.9995 · `std` |
///
/// `keep_std` widens the normal and the bounds by the inverse of that factor, so that what remains has the standard
/// deviation `std`. So do Keras' and JAX's [`variance_scaling`](super::variance_scaling()), at two standard deviations.
///
/// As [`torch.nn.init.trunc_normal_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_),
/// in one pass and without rejection, correct however far out or narrow the interval is.
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let target = Target::of_shape(&[10]);
/// let law = schemes::trunc_normal().std(0.02).cut(2.0).law(&target)?;
/// assert_eq!(law, Law::trunc_normal(0.0, 0.02, -0.04, 0.04));
/// let law = schemes::trunc_normal().std(0.02).cut(2.0).keep_std().law(&target)?;
/// assert_eq!(law.to_string(), "N(0, 0.02274²) on [-0.04547, 0.04547]");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn trunc_normal() -> TruncNormal {
    TruncNormal {
        mean: 0.0,
        std: 1.0,
        a: None,
        b: None,
        cut: None,
        keep_std: false,
    }
}

impl TruncNormal {
    /// Mean of the normal before it is cut. Default 0.
    #[must_use]
    pub const fn mean(self, mean: f64) -> Self {
        Self { mean, ..self }
    }

    /// Standard deviation of the normal before it is cut, 0 or more. Default 1.
    #[must_use]
    pub const fn std(self, std: f64) -> Self {
        Self { std, ..self }
    }

    /// Lower bound, included, absolute. Default -2.
    #[must_use]
    pub const fn a(self, a: f64) -> Self {
        Self { a: Some(a), ..self }
    }

    /// Upper bound, included, absolute. Default 2.
    #[must_use]
    pub const fn b(self, b: f64) -> Self {
        Self { b: Some(b), ..self }
    }

    /// Distance of the bounds from the mean in standard deviations, above 0; in place of `a` and `b`, which may not be
    /// given beside it.
    #[must_use]
    pub const fn cut(self, cut: f64) -> Self {
        Self {
            cut: Some(cut),
            ..self
        }
    }

    /// Widens the normal so that what `cut` leaves of it has the standard deviation `std`; goes with `cut` alone.
    #[must_use]
    pub const fn keep_std(self) -> Self {
        Self {
            keep_std: true,
            ..self
        }
    }
}

impl Initializer for TruncNormal {
    fn label(&self) -> String {
        Label::new("trunc_normal")
            .parameter("mean", self.mean, 0.0)
            .parameter("std", self.std, 1.0)
            .parameter("a", self.a.unwrap_or(LOW), LOW)
            .parameter("b", self.b.unwrap_or(HIGH), HIGH)
            .given("cut", self.cut)
            .flag("keep_std", self.keep_std)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        let Self { mean, std, .. } = *self;
        let Some(cut) = self.cut else {
            if self.keep_std {
                return Err(Cause::Misplaced(sentences::goes_with("keep_std", "cut")).into());
            }
            let (low, high) = (self.a.unwrap_or(LOW), self.b.unwrap_or(HIGH));
            return Ok(Law::trunc_normal(mean, std, low, high));
        };
        for (name, bound) in [("a", self.a), ("b", self.b)] {
            if bound.is_some() {
                return Err(Cause::Misplaced(sentences::replaced("cut", name)).into());
            }
        }
        let cut = in_range("cut", Takes::Positive, cut)?;
        let std = if self.keep_std && std.is_finite() {
            follows("cut", cut, std / remaining_std(cut))?
        } else {
            std
        };
        // 0 times infinity is 0 here: a law without width has nothing to cut.
        let reach = if std == 0.0 { 0.0 } else { cut * std };
        Ok(Law::trunc_normal(mean, std, mean - reach, mean + reach))
    }
}

/// The standard deviation of N(0, 1) on [−`cut`, `cut`]; within 4 ulp.
///
/// Its variance is 1 − 2cφ(c) / (2Φ(c) − 1), and (2Φ(c) − 1) / 2φ(c) = c + c³/3 + c⁵/(3·5) + …, whose terms are all
/// positive: nothing cancels, however near the bounds are.
fn remaining_std(cut: f64) -> f64 {
    /// What lies beyond takes less than half an ulp from the variance.
    const NOTHING_BEYOND: f64 = 9.0;
    if cut >= NOTHING_BEYOND {
        return 1.0;
    }
    // The terms over c, so that none underflows before its share of the sum does.
    let square = cut * cut;
    let (mut term, mut after_first, mut odd) = (1.0, 0.0, 3.0);
    loop {
        term *= square / odd;
        let sum = after_first + term;
        if sum == after_first {
            return (after_first / (1.0 + after_first)).sqrt();
        }
        after_first = sum;
        odd += 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of N(0, 1) on ±cut, computed with 50 digits.
    const REMAINING: [(f64, f64); 9] = [
        (0.5, 0.283_882_290_044_327_5),
        (1.0, 0.539_560_093_754_897),
        (1.5, 0.742_646_898_439_326_5),
        (2.0, 0.879_625_661_034_239_8),
        (2.5, 0.954_597_486_344_580_7),
        (3.0, 0.986_578_392_558_108_6),
        (3.5, 0.996_939_505_513_009_2),
        (4.0, 0.999_464_501_807_079_6),
        (5.0, 0.999_992_566_370_535_2),
    ];

    fn law(scheme: TruncNormal) -> Result<Law, String> {
        let law = scheme.law(&Target::of_shape(&[4]));
        law.map_err(|error| error.to_string())
    }

    #[test]
    fn what_remains_of_a_normal() {
        for (cut, std) in REMAINING {
            let error = remaining_std(cut) / std - 1.0;
            assert!(error.abs() <= 4.0 * f64::EPSILON, "{cut}: {error:e}");
        }
        // Nearly uniform, and nearly uncut.
        assert!((remaining_std(1e-9) / 5.773_502_691_896_258e-10 - 1.0).abs() <= f64::EPSILON);
        assert!((remaining_std(8.9) - 1.0).abs() <= f64::EPSILON);
        assert_eq!(remaining_std(f64::INFINITY), 1.0);
    }

    #[test]
    fn a_cut_is_in_standard_deviations() {
        let scheme = trunc_normal().mean(1.0).std(0.5).cut(3.0);
        assert_eq!(law(scheme), Ok(Law::trunc_normal(1.0, 0.5, -0.5, 2.5)));
        let wide = 0.5 * 1.013_604_197_642_207;
        match law(scheme.keep_std()).unwrap() {
            Law::Elementwise(crate::Elementwise::TruncNormal {
                mean,
                std,
                low,
                high,
            }) => {
                assert_eq!((mean, low, high), (1.0, 1.0 - 3.0 * std, 1.0 + 3.0 * std));
                assert!((std / wide - 1.0).abs() < 1e-15, "{std}");
            }
            other => panic!("{other}"),
        }
        assert_eq!(
            scheme.keep_std().label(),
            "trunc_normal(mean = 1.0, std = 0.5, cut = 3.0, keep_std)"
        );
        let uncut = Law::trunc_normal(0.0, 1.0, f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(law(trunc_normal().cut(f64::INFINITY)), Ok(uncut));
        let point = Law::trunc_normal(3.0, 0.0, 3.0, 3.0);
        assert_eq!(
            law(trunc_normal().mean(3.0).std(0.0).cut(f64::INFINITY)),
            Ok(point)
        );
    }

    #[test]
    fn a_cut_stands_in_the_place_of_bounds() {
        let refused = |scheme| law(scheme).unwrap_err();
        assert_eq!(
            refused(trunc_normal().cut(2.0).a(-2.0)),
            "`a` means nothing beside `cut`, which stands in its place"
        );
        assert_eq!(
            refused(trunc_normal().b(2.0).cut(2.0)),
            "`b` means nothing beside `cut`, which stands in its place"
        );
        assert_eq!(
            refused(trunc_normal().keep_std()),
            "`keep_std` means nothing without `cut`: `cut = …, keep_std`"
        );
        assert_eq!(
            refused(trunc_normal().cut(0.0)),
            "`cut` is 0; it must be above 0"
        );
        assert_eq!(
            refused(trunc_normal().cut(f64::NAN)),
            "`cut` is NaN; it must be above 0"
        );
    }
}
