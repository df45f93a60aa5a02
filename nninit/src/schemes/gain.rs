//! The factor by which a nonlinearity asks for larger weights.

use std::fmt;
use std::str::FromStr;

use nninit_language::choices::NONLINEARITIES;

/// An activation function with a known gain.
///
/// The first twelve are PyTorch's, with its numbers. The rest are nninit's: `1 / √E[f(z)²]` for `z ~ N(0, 1)`, the
/// factor that keeps the second moment of activations at 1, as He et al. (2015) derive it for ReLU.
///
/// | name | gain |
/// |---|---|
/// | `linear`, `identity`, `conv1d` … `conv3d`, `conv_transpose1d` … `conv_transpose3d` | 1 |
/// | `sigmoid` | 1 |
/// | `tanh` | 5/3 |
/// | `relu` | √2 |
/// | `leaky_relu` | √(2 / (1 + `negative_slope`²)) |
/// | `selu` | 3/4 |
/// | `gelu` | 1.5335304411955353 |
/// | `silu` (`swish`) | 1.6765324703310912 |
/// | `mish` | 1.4868475812732081 |
/// | `elu` (α = 1) | 1.2451983007007066 |
/// | `softplus` (β = 1) | 1.0418668355353017 |
///
/// Parses from PyTorch's names, in lower case only, as PyTorch does:
///
/// ```
/// use nninit::Nonlinearity;
///
/// assert_eq!("leaky_relu".parse(), Ok(Nonlinearity::LeakyRelu));
/// assert!("Relu".parse::<Nonlinearity>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Nonlinearity {
    /// No nonlinearity.
    Linear,
    /// No nonlinearity; PyTorch's other name of it.
    Identity,
    /// A linear layer, named as PyTorch's table has it.
    Conv1d,
    /// A linear layer, named as PyTorch's table has it.
    Conv2d,
    /// A linear layer, named as PyTorch's table has it.
    Conv3d,
    /// A linear layer, named as PyTorch's table has it.
    ConvTranspose1d,
    /// A linear layer, named as PyTorch's table has it.
    ConvTranspose2d,
    /// A linear layer, named as PyTorch's table has it.
    ConvTranspose3d,
    /// Logistic sigmoid.
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// Rectified linear unit.
    Relu,
    /// Rectified linear unit with a slope below zero; the slope is the scheme's `a`.
    LeakyRelu,
    /// Scaled exponential linear unit; `linear` is what self-normalising networks want (Klambauer et al. 2017).
    Selu,
    /// Gaussian error linear unit, the exact one.
    Gelu,
    /// `x · sigmoid(x)`.
    Silu,
    /// `x · tanh(softplus(x))`.
    Mish,
    /// Exponential linear unit, α = 1.
    Elu,
    /// `ln(1 + eˣ)`.
    Softplus,
}

impl Nonlinearity {
    /// Every activation, in the order of the table.
    pub const ALL: [Self; 18] = [
        Self::Linear,
        Self::Identity,
        Self::Conv1d,
        Self::Conv2d,
        Self::Conv3d,
        Self::ConvTranspose1d,
        Self::ConvTranspose2d,
        Self::ConvTranspose3d,
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Selu,
        Self::Gelu,
        Self::Silu,
        Self::Mish,
        Self::Elu,
        Self::Softplus,
    ];

    /// The name that attributes and PyTorch use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        NONLINEARITIES.rows[self as usize].name
    }

    /// The gain; `param` is the negative slope of `leaky_relu` (default 0.01) and ignored by the others.
    #[must_use]
    pub fn gain(self, param: Option<f64>) -> f64 {
        match self {
            Self::Tanh => 5.0 / 3.0,
            Self::Relu => 2.0_f64.sqrt(),
            Self::LeakyRelu => {
                let negative_slope = param.unwrap_or(0.01);
                (2.0 / (1.0 + negative_slope * negative_slope)).sqrt()
            }
            Self::Selu => 3.0 / 4.0,
            Self::Gelu => 1.533_530_441_195_535_2,
            Self::Silu => 1.676_532_470_331_091,
            Self::Mish => 1.486_847_581_273_208,
            Self::Elu => 1.245_198_300_700_706_6,
            Self::Softplus => 1.041_866_835_535_301_7,
            _ => 1.0,
        }
    }
}

impl fmt::Display for Nonlinearity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Nonlinearity {
    type Err = ParseNonlinearityError;

    fn from_str(text: &str) -> Result<Self, ParseNonlinearityError> {
        let row = NONLINEARITIES.find(text);
        row.map(|row| Self::ALL[row])
            .map_err(|message| ParseNonlinearityError { message })
    }
}

/// A text that names no [`Nonlinearity`].
///
/// ```
/// use nninit::Nonlinearity;
///
/// let error = "rellu".parse::<Nonlinearity>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown nonlinearity `rellu`; did you mean `relu`?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseNonlinearityError {
    message: String,
}

// The rows of the language's table are the variants in their order.
const _: () = assert!(Nonlinearity::ALL.len() == NONLINEARITIES.rows.len());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pytorch_s_gains() {
        let slope = |slope| Nonlinearity::LeakyRelu.gain(Some(slope));
        assert_eq!(Nonlinearity::Conv3d.gain(None), 1.0);
        assert_eq!(Nonlinearity::Sigmoid.gain(Some(3.0)), 1.0);
        assert_eq!(Nonlinearity::Tanh.gain(None), 5.0 / 3.0);
        assert_eq!(Nonlinearity::Relu.gain(None), std::f64::consts::SQRT_2);
        assert_eq!(Nonlinearity::LeakyRelu.gain(None), 1.414_142_856_997_835_4);
        assert_eq!(slope(0.0), std::f64::consts::SQRT_2);
        assert_eq!(slope(0.2), 1.386_750_490_563_072_8);
        assert_eq!(Nonlinearity::Selu.gain(None), 0.75);
    }

    #[test]
    fn the_other_gains_keep_the_second_moment() {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let softplus = |x: f64| x.exp().ln_1p();
        let gelu = |x: f64| x * statrs::function::erf::erfc(-x / std::f64::consts::SQRT_2) / 2.0;
        let cases: [(Nonlinearity, &dyn Fn(f64) -> f64); 5] = [
            (Nonlinearity::Gelu, &gelu),
            (Nonlinearity::Silu, &|x| x * sigmoid(x)),
            (Nonlinearity::Mish, &|x| x * softplus(x).tanh()),
            (Nonlinearity::Elu, &|x| if x > 0.0 { x } else { x.exp_m1() }),
            (Nonlinearity::Softplus, &softplus),
        ];
        for (nonlinearity, f) in cases {
            let step = 1e-3;
            let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
            let moment: f64 = (-12_000..=12_000)
                .map(|i| f64::from(i) * step)
                .map(|x| f(x) * f(x) * density(x) * step)
                .sum();
            // The trapezoid rule is of second order: its error is a few h² where f² has a kinked derivative.
            let error = (nonlinearity.gain(None).powi(2) * moment - 1.0).abs();
            assert!(error < step * step, "{nonlinearity}: {error:e}");
        }
    }

    #[test]
    fn names_parse_back() {
        for nonlinearity in Nonlinearity::ALL {
            assert_eq!(nonlinearity.name().parse(), Ok(nonlinearity));
        }
        assert_eq!("swish".parse(), Ok(Nonlinearity::Silu));
    }
}
