//! Activations with a known gain, by name.

use nninit_language::choices::NONLINEARITIES;

use super::choice::choice;

/// An activation function with a known gain: the factor by which it asks for larger weights.
///
/// The first twelve are PyTorch's, with its numbers. The rest are nninit's: `1 / √E[f(z)²]` for `z ~ N(0, 1)`, the
/// factor that keeps the second moment of activations at 1, as He et al. (2015) derive it for ReLU.
/// [`gain`](crate::gain()) finds that of any function.
///
/// | name | function | gain |
/// |---|---|---|
/// | `linear`, `identity`, `conv1d` … `conv3d`, `conv_transpose1d` … `conv_transpose3d` | x | 1 |
/// | `sigmoid` | σ(x) = 1 / (1 + e⁻ˣ) | 1; `glu` has the computed one |
/// | `tanh` | tanh(x) | 5/3; computed it would be 1.5925374197228315 |
/// | `relu` | max(x, 0) | √2 |
/// | `leaky_relu` | max(x, 0) + `negative_slope` · min(x, 0) | √(2 / (1 + `negative_slope`²)) |
/// | `selu` | scaled ELU | 3/4; computed it would be 1 |
/// | `gelu` | x · Φ(x) | 1.5335304411955353 |
/// | `silu` (`swish`) | x · σ(x) | 1.676532470331091 |
/// | `mish` | x · tanh(ln(1 + eˣ)) | 1.4868475812732081 |
/// | `elu` (`celu`) | x, below zero eˣ − 1 (α = 1) | 1.2451983007007066 |
/// | `softplus` | ln(1 + eˣ) (β = 1) | 1.0418668355353017 |
/// | `gelu_tanh` | x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2 | 1.533580521666147 |
/// | `quick_gelu` | x · σ(1.702 · x) | 1.5394587622988314 |
/// | `relu2` | max(x, 0)² | √(2/3) |
/// | `relu6` | min(max(x, 0), 6) | 1.4142135650950736 |
/// | `hardswish` | x · min(max(x + 3, 0), 6) / 6 | 1.7366572127665416 |
/// | `hardsigmoid` | min(max(x + 3, 0), 6) / 6 | 1.897840424729559 |
/// | `hardtanh` | min(max(x, −1), 1) | 1.3920361404483097 |
/// | `softsign` | x / (1 + \|x\|) | 2.33753336310854 |
/// | `logsigmoid` | ln(σ(x)) | 1.0418668355353017 |
/// | `tanhshrink` | x − tanh(x) | 2.3383675301021216 |
/// | `softshrink` | x, nearer to zero by 0.5 (λ = 0.5) | 1.5443605282801334 |
/// | `sin` | sin(x) | 1.5208666231788148 |
/// | `snake` | x + sin²(x) (α = 1) | 0.8745809829313702 |
/// | `glu`, `swiglu`, `geglu`, `reglu` | f(a) · b for f of `sigmoid`, `silu`, `gelu`, `relu` | 1.8462285453386054, and those of `silu`, `gelu`, `relu` |
///
/// The gated ones take two halves of what the layer before gives, independent and of second moment 1; the gain is for
/// the layer after, the down-projection.
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
    /// Gaussian error linear unit by a hyperbolic tangent: PyTorch's `approximate="tanh"`, GPT-2's.
    GeluTanh,
    /// `x · sigmoid(1.702 · x)`: CLIP's.
    QuickGelu,
    /// Squared rectified linear unit.
    Relu2,
    /// Rectified linear unit that ends at 6.
    Relu6,
    /// `x · relu6(x + 3) / 6`.
    Hardswish,
    /// `relu6(x + 3) / 6`.
    Hardsigmoid,
    /// `x`, held within -1 and 1.
    Hardtanh,
    /// `x / (1 + |x|)`.
    Softsign,
    /// `ln(sigmoid(x))`.
    LogSigmoid,
    /// `x - tanh(x)`.
    Tanhshrink,
    /// `x`, nearer to zero by 0.5, and 0 within that.
    Softshrink,
    /// Sine.
    Sin,
    /// `x + sin²(x)`.
    Snake,
    /// `sigmoid(a) · b` for the two halves `a` and `b`: gated linear unit.
    Glu,
    /// `silu(a) · b` for the two halves `a` and `b`.
    Swiglu,
    /// `gelu(a) · b` for the two halves `a` and `b`.
    Geglu,
    /// `relu(a) · b` for the two halves `a` and `b`.
    Reglu,
}

impl Nonlinearity {
    /// Every activation, in the order of the table.
    pub const ALL: [Self; 35] = [
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
        Self::GeluTanh,
        Self::QuickGelu,
        Self::Relu2,
        Self::Relu6,
        Self::Hardswish,
        Self::Hardsigmoid,
        Self::Hardtanh,
        Self::Softsign,
        Self::LogSigmoid,
        Self::Tanhshrink,
        Self::Softshrink,
        Self::Sin,
        Self::Snake,
        Self::Glu,
        Self::Swiglu,
        Self::Geglu,
        Self::Reglu,
    ];

    /// The gain; `param` is the negative slope of `leaky_relu` (default 0.01) and ignored by the others.
    #[must_use]
    pub fn gain(self, param: Option<f64>) -> f64 {
        match self {
            Self::Tanh => 5.0 / 3.0,
            Self::Relu | Self::Reglu => 2.0_f64.sqrt(),
            Self::LeakyRelu => {
                let negative_slope = param.unwrap_or(0.01);
                (2.0 / (1.0 + negative_slope * negative_slope)).sqrt()
            }
            Self::Selu => 3.0 / 4.0,
            Self::Gelu | Self::Geglu => 1.533_530_441_195_535_2,
            Self::Silu | Self::Swiglu => 1.676_532_470_331_091,
            Self::Mish => 1.486_847_581_273_208,
            Self::Elu => 1.245_198_300_700_706_6,
            Self::Softplus | Self::LogSigmoid => 1.041_866_835_535_301_7,
            Self::GeluTanh => 1.533_580_521_666_147,
            Self::QuickGelu => 1.539_458_762_298_831_4,
            Self::Relu2 => 0.816_496_580_927_726,
            Self::Relu6 => 1.414_213_565_095_073_6,
            Self::Hardswish => 1.736_657_212_766_541_6,
            Self::Hardsigmoid => 1.897_840_424_729_559,
            Self::Hardtanh => 1.392_036_140_448_309_7,
            Self::Softsign => 2.337_533_363_108_54,
            Self::Tanhshrink => 2.338_367_530_102_121_6,
            Self::Softshrink => 1.544_360_528_280_133_4,
            Self::Sin => 1.520_866_623_178_814_8,
            Self::Snake => 0.874_580_982_931_370_2,
            Self::Glu => 1.846_228_545_338_605_4,
            Self::Linear
            | Self::Identity
            | Self::Conv1d
            | Self::Conv2d
            | Self::Conv3d
            | Self::ConvTranspose1d
            | Self::ConvTranspose2d
            | Self::ConvTranspose3d
            | Self::Sigmoid => 1.0,
        }
    }

    /// The gain of the backward pass, `1 / √E[f′(z)²]` for `z ~ N(0, 1)`: the factor that keeps the second moment of
    /// gradients, for `mode = "fan_out"`. `param` as in [`Nonlinearity::gain`].
    ///
    /// All of them are computed, also where PyTorch has a number of its own for the forward pass. The gated ones have
    /// none: the gradients of their two halves differ.
    ///
    /// ```
    /// use nninit::Nonlinearity;
    ///
    /// assert_eq!(Nonlinearity::Gelu.backward_gain(None), Some(1.4811144127083482));
    /// assert_eq!(Nonlinearity::Swiglu.backward_gain(None), None);
    /// ```
    #[must_use]
    pub fn backward_gain(self, param: Option<f64>) -> Option<f64> {
        Some(match self {
            Self::Linear
            | Self::Identity
            | Self::Conv1d
            | Self::Conv2d
            | Self::Conv3d
            | Self::ConvTranspose1d
            | Self::ConvTranspose2d
            | Self::ConvTranspose3d
            | Self::Relu
            | Self::LeakyRelu => self.gain(param),
            Self::Sigmoid => 4.722_646_085_937_974,
            Self::Tanh => 1.467_413_591_630_795,
            Self::Selu => 0.966_025_776_973_901_1,
            Self::Gelu => 1.481_114_412_708_348_2,
            Self::Silu => 1.623_320_257_952_497_2,
            Self::Mish => 1.444_755_232_547_319_4,
            Self::Elu => 1.223_428_557_552_621,
            Self::Softplus | Self::LogSigmoid => 1.846_228_545_338_605_4,
            Self::GeluTanh => 1.481_168_058_093_350_6,
            Self::QuickGelu => 1.491_459_226_750_051,
            Self::Relu2 => std::f64::consts::FRAC_1_SQRT_2,
            Self::Relu6 => 1.414_213_563_768_340_6,
            Self::Hardswish => 1.670_076_367_441_382_3,
            Self::Hardsigmoid => 6.008_115_825_196_681,
            Self::Hardtanh => 1.210_287_062_432_522_4,
            Self::Softsign => 2.095_780_608_943_311,
            Self::Tanhshrink => 1.988_138_823_249_001_8,
            Self::Softshrink => 1.273_007_601_031_307_6,
            Self::Sin => 1.327_250_600_284_575,
            Self::Snake => 0.816_542_235_438_059_1,
            Self::Glu | Self::Swiglu | Self::Geglu | Self::Reglu => return None,
        })
    }
}

choice!(Nonlinearity, NONLINEARITIES, ParseNonlinearityError);

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GainError, gain, gain_centred};

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

    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    fn softplus(x: f64) -> f64 {
        x.max(0.0) + (-x.abs()).exp().ln_1p()
    }

    /// Φ(x), precise in the lower tail too.
    fn normal_below(x: f64) -> f64 {
        libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0
    }

    fn gelu(x: f64) -> f64 {
        x * normal_below(x)
    }

    fn gelu_tanh(x: f64) -> f64 {
        let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
        x * (1.0 + inner.tanh()) / 2.0
    }

    fn silu(x: f64) -> f64 {
        x * sigmoid(x)
    }

    fn elu(x: f64) -> f64 {
        if x > 0.0 { x } else { x.exp_m1() }
    }

    fn selu(x: f64) -> f64 {
        const ALPHA: f64 = 1.673_263_242_354_377_2;
        const SCALE: f64 = 1.050_700_987_355_480_5;
        SCALE * if x > 0.0 { x } else { ALPHA * x.exp_m1() }
    }

    fn hardsigmoid(x: f64) -> f64 {
        (x + 3.0).clamp(0.0, 6.0) / 6.0
    }

    fn softshrink(x: f64) -> f64 {
        (x.abs() - 0.5).max(0.0).copysign(x)
    }

    #[track_caller]
    fn assert_near(what: Nonlinearity, found: Result<f64, GainError>, due: f64) {
        let error = found.unwrap() / due - 1.0;
        assert!(error.abs() < 1e-12, "{what}: {error:e}");
    }

    /// An activation with its function and its centred gain.
    type Case = (Nonlinearity, fn(f64) -> f64, f64);

    /// The centred gains were computed with 40 digits.
    const CASES: [Case; 20] = [
        (Nonlinearity::Relu, |x| x.max(0.0), 1.712_858_550_449_662_7),
        (Nonlinearity::Gelu, gelu, 1.700_926_243_363_333_2),
        (Nonlinearity::GeluTanh, gelu_tanh, 1.700_916_561_695_450_5),
        (
            Nonlinearity::QuickGelu,
            |x| x * sigmoid(1.702 * x),
            1.709_358_589_891_274_9,
        ),
        (Nonlinearity::Silu, silu, 1.787_187_222_100_442),
        (
            Nonlinearity::Mish,
            |x| x * softplus(x).tanh(),
            1.592_025_381_099_446_2,
        ),
        (Nonlinearity::Elu, elu, 1.270_843_417_850_196_4),
        (Nonlinearity::Softplus, softplus, 1.919_125_980_107_656_3),
        (
            Nonlinearity::LogSigmoid,
            |x| -softplus(-x),
            1.919_125_980_107_656_3,
        ),
        (Nonlinearity::Glu, sigmoid, 4.801_313_372_039_962),
        (
            Nonlinearity::Relu2,
            |x| x.max(0.0).powi(2),
            0.894_427_190_999_915_9,
        ),
        (
            Nonlinearity::Relu6,
            |x| x.clamp(0.0, 6.0),
            1.712_858_554_972_395_4,
        ),
        (
            Nonlinearity::Hardswish,
            |x| x * hardsigmoid(x),
            1.813_871_473_813_183_1,
        ),
        (
            Nonlinearity::Hardsigmoid,
            hardsigmoid,
            6.015_034_486_637_097,
        ),
        (
            Nonlinearity::Snake,
            |x| x + x.sin().powi(2),
            0.944_715_923_549_202_2,
        ),
        // Odd functions have no mean to take off.
        (
            Nonlinearity::Hardtanh,
            |x| x.clamp(-1.0, 1.0),
            1.392_036_140_448_309_7,
        ),
        (
            Nonlinearity::Softsign,
            |x| x / (1.0 + x.abs()),
            2.337_533_363_108_54,
        ),
        (
            Nonlinearity::Tanhshrink,
            |x| x - x.tanh(),
            2.338_367_530_102_121_6,
        ),
        (
            Nonlinearity::Softshrink,
            softshrink,
            1.544_360_528_280_133_4,
        ),
        (Nonlinearity::Sin, f64::sin, 1.520_866_623_178_814_8),
    ];

    #[test]
    fn gains_keep_the_second_moment() {
        for (nonlinearity, f, centred) in CASES {
            assert_near(nonlinearity, gain(f), nonlinearity.gain(None));
            assert_near(nonlinearity, gain_centred(f), centred);
        }
        let named = CASES.map(|(nonlinearity, ..)| nonlinearity);
        for nonlinearity in &Nonlinearity::ALL[13..Nonlinearity::ALL.len() - 3] {
            assert!(named.contains(nonlinearity), "{nonlinearity}");
        }
    }

    /// What the gains would be of which PyTorch has other numbers.
    #[test]
    fn gains_that_pytorch_has_by_another_rule() {
        assert_near(Nonlinearity::Tanh, gain(f64::tanh), 1.592_537_419_722_831_5);
        assert_near(
            Nonlinearity::Sigmoid,
            gain(sigmoid),
            1.846_228_545_338_605_4,
        );
        assert_near(Nonlinearity::Selu, gain(selu), 1.0);
        assert_near(Nonlinearity::Selu, gain_centred(selu), 1.0);
    }

    #[test]
    fn a_gate_multiplies_by_a_second_moment_of_one() {
        let same =
            |gated: Nonlinearity, by: Nonlinearity| assert_eq!(gated.gain(None), by.gain(None));
        same(Nonlinearity::Swiglu, Nonlinearity::Silu);
        same(Nonlinearity::Geglu, Nonlinearity::Gelu);
        same(Nonlinearity::Reglu, Nonlinearity::Relu);
    }

    #[test]
    fn backward_gains_are_those_of_the_derivatives() {
        use Nonlinearity as N;
        let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
        let slope = |x: f64| sigmoid(x) * (1.0 - sigmoid(x));
        let inside = |x: f64, bound: f64| f64::from(x.abs() < bound);
        let tanh_inner = |x: f64| (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
        let sech2 = |x: f64| x.cosh().recip().powi(2);
        let cases: [(N, &dyn Fn(f64) -> f64); 22] = [
            (N::Relu, &|x| f64::from(x > 0.0)),
            (N::LeakyRelu, &|x| if x > 0.0 { 1.0 } else { 0.01 }),
            (N::Sigmoid, &slope),
            (N::Tanh, &sech2),
            (N::Selu, &|x| {
                selu(1.0)
                    * if x > 0.0 {
                        1.0
                    } else {
                        1.673_263_242_354_377_2 * x.exp()
                    }
            }),
            (N::Gelu, &|x| normal_below(x) + x * density(x)),
            (N::Silu, &|x| sigmoid(x) + x * slope(x)),
            (N::Mish, &|x| {
                softplus(x).tanh() + x * sech2(softplus(x)) * sigmoid(x)
            }),
            (N::Elu, &|x| x.min(0.0).exp()),
            (N::Softplus, &sigmoid),
            (N::LogSigmoid, &|x| sigmoid(-x)),
            (N::GeluTanh, &|x| {
                let inner = tanh_inner(x);
                let inner_slope =
                    (2.0 / std::f64::consts::PI).sqrt() * (1.0 + 3.0 * 0.044_715 * x * x);
                f64::midpoint(1.0, inner.tanh()) + x / 2.0 * sech2(inner) * inner_slope
            }),
            (N::QuickGelu, &|x| {
                sigmoid(1.702 * x) + 1.702 * x * slope(1.702 * x)
            }),
            (N::Relu2, &|x| 2.0 * x.max(0.0)),
            (N::Relu6, &|x| inside(x - 3.0, 3.0)),
            (N::Hardswish, &|x| {
                if x.abs() < 3.0 {
                    (2.0 * x + 3.0) / 6.0
                } else {
                    f64::from(x > 0.0)
                }
            }),
            (N::Hardsigmoid, &|x| inside(x, 3.0) / 6.0),
            (N::Hardtanh, &|x| inside(x, 1.0)),
            (N::Softsign, &|x| (1.0 + x.abs()).powi(-2)),
            (N::Tanhshrink, &|x| x.tanh().powi(2)),
            (N::Softshrink, &|x| 1.0 - inside(x, 0.5)),
            (N::Sin, &f64::cos),
        ];
        for (nonlinearity, derivative) in cases {
            let due = nonlinearity.backward_gain(None).unwrap();
            assert_near(nonlinearity, gain(derivative), due);
        }
        let snake = gain(|x| 1.0 + (2.0 * x).sin());
        assert_near(N::Snake, snake, N::Snake.backward_gain(None).unwrap());
        assert_eq!(N::Conv2d.backward_gain(None), Some(1.0));
        for gated in [N::Glu, N::Swiglu, N::Geglu, N::Reglu] {
            assert_eq!(gated.backward_gain(None), None);
        }
    }

    #[test]
    fn other_names() {
        assert_eq!("swish".parse(), Ok(Nonlinearity::Silu));
        assert_eq!("celu".parse(), Ok(Nonlinearity::Elu));
    }
}
