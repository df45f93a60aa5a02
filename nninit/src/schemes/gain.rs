//! The factor that keeps the size of activations, for any function.

use crate::numeric::quadrature::{FARTHEST, Failure, over_normal};

/// The gain of an activation function: `1 / √E[f(z)²]` for `z ~ N(0, 1)`.
///
/// It is the factor that keeps the second moment of activations at 1 from layer to layer, as He et al. (2015) derive it
/// for ReLU; `kaiming_*` and the other schemes with a `gain` take it. Relative error below 10⁻¹², also where `f` has
/// kinks and jumps, wherever they are. The gain of the backward pass is that of the derivative, for `mode = "fan_out"`.
///
/// [`Nonlinearity`](crate::Nonlinearity) has the gains of known functions by name, some of them PyTorch's own numbers:
/// `gain` of `tanh` is 1.5925, and PyTorch's is 5/3.
///
/// ```
/// let gain = nninit::gain(|x| x.max(0.0))?;
/// assert!((gain - 2.0_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), nninit::GainError>(())
/// ```
///
/// In an attribute what fails is an error of the plan:
///
/// ```no_run
/// # #[cfg(feature = "tch")] {
/// # use nninit::Initialize;
/// # use tch::nn;
/// #[derive(Initialize)]
/// struct Mlp {
///     #[init(kaiming_normal, gain = nninit::gain(|x| x.max(0.0).powi(2))?)]
///     up: nn::Linear,
/// }
/// # }
/// ```
///
/// # Errors
///
/// Where `f` is not finite or 0 everywhere, where it grows so fast that its second moment is infinite (as fast as
/// `exp(z² / 4)`), and where 12 digits cannot be had: `f` has thousands of jumps, oscillates within a millionth, or is
/// computed in `f32`. What `f` does only on an interval shorter than a hundredth may be missed.
pub fn gain(f: impl Fn(f64) -> f64) -> Result<f64, GainError> {
    /// Below it, squares that matter would be subnormal numbers.
    const NOTHING: f64 = f64::MIN_POSITIVE / f64::EPSILON;
    let moment = second_moment(&f)?;
    if moment < NOTHING {
        return Err(GainError(Problem::Zero));
    }
    Ok(moment.sqrt().recip())
}

/// The gain of an activation function whose mean is taken off: `1 / √Var f(z)` for `z ~ N(0, 1)`.
///
/// For networks that centre activations, by a normalisation or by weights whose rows sum to 0 (Brock et al. 2021,
/// *Characterizing signal propagation*, where it is γ). Precise as [`gain`].
///
/// ```
/// use std::f64::consts::PI;
///
/// let gain = nninit::gain_centred(|x| x.max(0.0))?;
/// assert!((gain - (2.0 / (1.0 - 1.0 / PI)).sqrt()).abs() < 1e-12);
/// # Ok::<(), nninit::GainError>(())
/// ```
///
/// # Errors
///
/// As [`gain`], and where `f` varies by less than a billionth of its mean.
pub fn gain_centred(f: impl Fn(f64) -> f64) -> Result<f64, GainError> {
    /// A variance below this share of the squared mean is rounding error.
    const NOTHING: f64 = 1e-18;
    let expected = over_normal(|z, root| f(z) * root * root);
    let mean = expected.map_err(|failure| GainError::of(failure, &f))?;
    let variance = second_moment(|z| f(z) - mean)?;
    if variance <= NOTHING * mean * mean {
        return Err(GainError(Problem::Constant));
    }
    Ok(variance.sqrt().recip())
}

fn second_moment(f: impl Fn(f64) -> f64) -> Result<f64, GainError> {
    let moment = over_normal(|z, root| (f(z) * root).powi(2));
    moment.map_err(|failure| GainError::of(failure, &f))
}

/// Why a function has no gain.
///
/// ```
/// let error = nninit::gain(|x| x.ln()).unwrap_err();
/// assert!(error.to_string().starts_with("the function is NaN at -"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct GainError(Problem);

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum Problem {
    #[error(
        "the function is {value} at {z}, and its square has to be finite from -{FARTHEST} to {FARTHEST}"
    )]
    NotFinite { z: f64, value: f64 },
    #[error(
        "the function grows too fast: the mean of its square over N(0, 1) is infinite, or most of it lies beyond {FARTHEST}"
    )]
    FarOut,
    #[error(
        "the function jumps or oscillates too often for its gain to be known to 12 digits; if it is computed in f32, write \
         it in f64"
    )]
    Unsettled,
    #[error("the function is 0 everywhere, or nearly so: no factor makes that 1")]
    Zero,
    #[error("the function is constant, and no factor gives it a variance")]
    Constant,
}

impl GainError {
    fn of(failure: Failure, f: impl Fn(f64) -> f64) -> Self {
        Self(match failure {
            Failure::NotFinite(z) => Problem::NotFinite { z, value: f(z) },
            Failure::FarOut => Problem::FarOut,
            Failure::Unsettled => Problem::Unsettled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_gain(found: Result<f64, GainError>, due: f64) {
        let error = found.unwrap() / due - 1.0;
        assert!(error.abs() < 1e-12, "{due}: {error:e}");
    }

    #[test]
    fn scale_and_side_do_not_matter() {
        let relu = |slope: f64| move |x: f64| if x > 0.0 { x } else { slope * x };
        assert_gain(gain(relu(0.0)), std::f64::consts::SQRT_2);
        assert_gain(gain(|x| relu(0.0)(-x)), std::f64::consts::SQRT_2);
        assert_gain(
            gain(|x| 1e100 * relu(0.0)(x)),
            1e-100 * std::f64::consts::SQRT_2,
        );
        assert_gain(gain(relu(5.0_f64.sqrt())), 1.0 / 3.0_f64.sqrt());
        assert_gain(gain(|_| 4.0), 0.25);
        assert_gain(gain(|x| 1e-140 * x), 1e140);
        // E exp(2kz) = exp(2k²), nearly all of it around z = 2k.
        assert_gain(gain(|x| (2.0 * x).exp()), (-4.0_f64).exp());
        assert_gain(gain(|x| (12.0 * x).exp()), (-144.0_f64).exp());
        assert_gain(gain(|x| 3.0 * x - 4.0), 0.2);
        assert_gain(gain_centred(|x| 4.0 * x + 1e6), 0.25);
    }

    /// Of activations with kinks and jumps away from 0, by their closed forms.
    #[test]
    fn kinks_and_jumps() {
        assert_gain(gain(f64::signum), 1.0);
        assert_gain(gain(|x| f64::from(x > 0.0)), std::f64::consts::SQRT_2);
        // P(z > 0.3), computed with 50 digits.
        assert_gain(
            gain(|x| f64::from(x > 0.3)),
            0.382_088_577_811_047_4_f64.sqrt().recip(),
        );
        // E[(z − t)²; |z| > t] doubled, t = 0.5: the soft shrinkage.
        assert_gain(
            gain(|x: f64| (x.abs() - 0.5).max(0.0).copysign(x)),
            1.544_360_528_280_133_4,
        );
        assert_gain(gain(|x: f64| (30.0 * x).sin()), std::f64::consts::SQRT_2);
        // 8 bits on [-4, 4], as quantised activations have them: against the sum over the steps.
        let quantised = |x: f64| (x.clamp(-4.0, 4.0) * 32.0).round() / 32.0;
        let above = |x: f64| libm::erfc(x / std::f64::consts::SQRT_2) / 2.0;
        let steps = (1..=128).map(|step| {
            let (step, half) = (f64::from(step), 0.5);
            (2.0 * step - 1.0) * above((step - half) / 32.0) / 512.0
        });
        assert_gain(gain(quantised), steps.sum::<f64>().sqrt().recip());
    }

    #[test]
    fn functions_without_a_gain() {
        let text = |found: Result<f64, GainError>| found.unwrap_err().to_string();
        assert_eq!(
            text(gain(|_| 0.0)),
            "the function is 0 everywhere, or nearly so: no factor makes that 1"
        );
        assert_eq!(text(gain(|x| 1e-160 * x)), text(gain(|_| 0.0)));
        assert_eq!(
            text(gain_centred(|_| 0.1)),
            "the function is constant, and no factor gives it a variance"
        );
        assert_eq!(
            text(gain(|x| 1.0 / x.max(0.0))),
            "the function is inf at -37.5, and its square has to be finite from -38 to 38"
        );
        assert_eq!(
            text(gain(|x| (x * x / 4.0).exp())),
            "the function grows too fast: the mean of its square over N(0, 1) is infinite, or most of it lies beyond 38"
        );
        let in_f32 = |x: f64| f64::from((x as f32).tanh());
        for found in [
            gain(in_f32),
            gain_centred(in_f32),
            gain(|x| (1e9 * x).sin()),
        ] {
            assert!(text(found).contains("to 12 digits; if it is computed in f32"));
        }
    }
}
