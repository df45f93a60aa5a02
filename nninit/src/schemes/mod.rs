//! The schemes: one type each, and a function of the scheme's own name that starts it.
//!
//! Attributes and `rules!` call these functions with the names that you write there; by hand they read
//!
//! ```
//! use nninit::schemes::kaiming_normal;
//! use nninit::{BoxError, FanMode, Initializer, Nonlinearity, Target};
//!
//! let scheme = kaiming_normal().mode(FanMode::FanOut).nonlinearity(Nonlinearity::Relu);
//! let law = scheme.law(&Target::of_shape(&[64, 3, 7, 7]))?;
//! assert_eq!(law.to_string(), "N(0, 0.02525²)");
//! # Ok::<(), BoxError>(())
//! ```
//!
//! | scheme | parameters and defaults | values | source |
//! |---|---|---|---|
//! | [`uniform`] | `a = 0`, `b = 1` | U(a, b) | `torch.nn.init` |
//! | [`normal`] | `mean = 0`, `std = 1` | N(mean, std²) | `torch.nn.init` |
//! | [`trunc_normal`] | `mean = 0`, `std = 1`, `a = -2`, `b = 2`, `cut = …`, `keep_std` | N(mean, std²) on \[a, b\], bounds absolute; with `cut`, on mean ± cut · std | `torch.nn.init` |
//! | [`constant`] | `val` | val | `torch.nn.init` |
//! | [`ones`] | | 1 | `torch.nn.init` |
//! | [`zeros`] | | 0 | `torch.nn.init` |
//! | [`eye`] | | identity matrix | `torch.nn.init` |
//! | [`identity`] | `gain = 1` | gain · identity matrix | Keras' name and factor |
//! | [`dirac`] | `groups = 1` | identity of a convolution | `torch.nn.init` |
//! | [`xavier_uniform`], [`glorot_uniform`] | `gain = 1` | U(±gain·√(6 / (fan_in + fan_out))) | Glorot & Bengio 2010 |
//! | [`xavier_normal`], [`glorot_normal`] | `gain = 1` | N(0, gain²·2 / (fan_in + fan_out)) | Glorot & Bengio 2010 |
//! | [`kaiming_uniform`], [`he_uniform`] | `a = 0`, `mode = "fan_in"`, `nonlinearity = "leaky_relu"`, `gain = …` | U(±gain·√(3 / fan)) | He et al. 2015 |
//! | [`kaiming_normal`], [`he_normal`] | `a = 0`, `mode = "fan_in"`, `nonlinearity = "leaky_relu"`, `gain = …` | N(0, gain² / fan) | He et al. 2015 |
//! | [`lecun_uniform`] | | U(±√(3 / fan_in)) | LeCun et al. 1998 |
//! | [`lecun_normal`] | | N(0, 1 / fan_in) | LeCun et al. 1998 |
//! | [`variance_scaling`] | `scale = 1`, `mode = "fan_in"`, `distribution = "truncated_normal"` | the distribution of mean 0 and variance scale / fan | Keras and JAX |
//! | [`small_init`] | `dim = …` | N(0, 2 / (5 · dim)); without `dim`, of fan_in | Nguyen & Salazar 2019 |
//! | [`spectral`] | `gain = 1` | N(0, gain² · min(1, fan_out / fan_in) / fan_in) | Yang et al. 2023 |
//! | [`siren`] | `omega = 30` | U(±√(6 / fan_in) / omega) | Sitzmann et al. 2020 |
//! | [`siren_first`] | | U(±1 / fan_in) | Sitzmann et al. 2020 |
//! | [`bias_prob`] | `p` | −ln((1 − p) / p) | Lin et al. 2017 |
//! | [`orthogonal`] | `gain = 1` | gain · semi-orthogonal matrix | Saxe et al. 2013 |
//! | [`delta_orthogonal`] | `gain = 1` | orthogonal at a convolution's centre | Xiao et al. 2018 |
//! | [`sparse`] | `sparsity`, `std = 0.01` | N(0, std²), ⌈sparsity · rows⌉ zeros a column | Martens 2010 |
//! | [`log_uniform`] | `low`, `high` | exp(U(ln low, ln high)) | Bergstra & Bengio 2012 |
//! | [`a_log`] | `low = 1`, `high = 16` | ln U(low, high) | Mamba-2, Dao & Gu 2024 |
//! | [`dt_bias`] | `dt_min = 0.001`, `dt_max = 0.1`, `floor = 0.0001` | softplus⁻¹(max(exp(U(ln dt_min, ln dt_max)), floor)) | Mamba, Gu & Dao 2023 |
//! | [`chrono`] | `max`, `gates = 4` | ln U(1, max − 1) for the forget gate, its negative for the input gate, 0 for the others | Tallec & Ollivier 2018 |
//! | [`a_log_range`] | | ln(n + 1), n the last index | Mamba, Gu & Dao 2023 |
//! | [`s4d_lin`] | | π · n, n the last index | Gu et al. 2022 |
//! | [`s4d_inv`] | | N / π · (N / (2n + 1) − 1), n the last index, below N / 2 | Gu et al. 2022 |
//! | [`s4d_real`] | | −(n + 1), n the last index | Gu et al. 2022 |
//! | [`hippo_legs`] | | state matrix of HiPPO-LegS | Gu et al. 2020 |
//! | [`hippo_legs_b`] | | √(2n + 1) | Gu et al. 2020 |
//! | [`sincos_positions`] | `prefix = 0`, `base = 10000`, `width = …`, `interleaved` | sin(p · ω) and cos(p · ω) of positions, in a grid with `width` | Vaswani et al. 2017 |
//! | [`alibi_slopes`] | | 2^(−8 · (i + 1) / heads) | Press et al. 2021 |
//! | [`bilinear`] | | linear interpolation by a transposed convolution | Long et al. 2015 |

pub(crate) mod fan;
pub(crate) mod gain;
pub(crate) mod initializer;
pub(crate) mod nonlinearity;

mod a_log;
mod a_log_range;
mod alibi_slopes;
mod bias_prob;
mod bilinear;
mod choice;
mod chrono;
mod constant;
mod delta_orthogonal;
mod dirac;
mod dt_bias;
mod eye;
mod hippo_legs;
mod kaiming;
mod lecun;
mod log_uniform;
mod normal;
mod orthogonal;
mod s4d;
mod sincos_positions;
mod siren;
mod small_init;
mod sparse;
mod spectral;
mod trunc_normal;
mod uniform;
pub(crate) mod variance_scaling;
mod xavier;

pub use self::a_log::*;
pub use self::a_log_range::*;
pub use self::alibi_slopes::*;
pub use self::bias_prob::*;
pub use self::bilinear::*;
pub use self::chrono::*;
pub use self::constant::*;
pub use self::delta_orthogonal::*;
pub use self::dirac::*;
pub use self::dt_bias::*;
pub use self::eye::*;
pub use self::hippo_legs::*;
pub use self::kaiming::*;
pub use self::lecun::*;
pub use self::log_uniform::*;
pub use self::normal::*;
pub use self::orthogonal::*;
pub use self::s4d::*;
pub use self::sincos_positions::*;
pub use self::siren::*;
pub use self::small_init::*;
pub use self::sparse::*;
pub use self::spectral::*;
pub use self::trunc_normal::*;
pub use self::uniform::*;
pub use self::variance_scaling::{VarianceScaling, variance_scaling};
pub use self::xavier::*;

use std::fmt;

use nninit_language::values::Takes;

use crate::Cause;

/// A scheme as written: its name, and those parameters that are not at their defaults.
struct Label {
    name: &'static str,
    parameters: Vec<String>,
}

impl Label {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            parameters: Vec::new(),
        }
    }

    fn required<T: fmt::Debug>(mut self, name: &str, value: T) -> Self {
        self.parameters.push(format!("{name} = {value:?}"));
        self
    }

    fn parameter<T: PartialEq + fmt::Debug + Copy>(self, name: &str, value: T, default: T) -> Self {
        self.given(name, (value != default).then_some(value))
    }

    /// A parameter whose absence means something of its own.
    fn given<T: fmt::Debug>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.required(name, value),
            None => self,
        }
    }

    fn flag(mut self, name: &str, set: bool) -> Self {
        if set {
            self.parameters.push(name.to_owned());
        }
        self
    }

    fn finish(self) -> String {
        if self.parameters.is_empty() {
            return self.name.to_owned();
        }
        format!("{}({})", self.name, self.parameters.join(", "))
    }
}

/// `value`, which has to be finite and 0 or more.
fn not_negative(parameter: &'static str, value: f64) -> Result<f64, Cause> {
    if !value.is_finite() {
        return Err(Cause::NotFinite { parameter, value });
    }
    if value < 0.0 {
        return Err(Cause::Negative { parameter, value });
    }
    Ok(value)
}

/// `value`, which has to be finite and above 0.
fn positive(parameter: &'static str, value: f64) -> Result<f64, Cause> {
    if !value.is_finite() {
        return Err(Cause::NotFinite { parameter, value });
    }
    in_range(parameter, Takes::Positive, value)
}

/// What follows from a parameter that is finite, and may not be itself.
fn follows(parameter: &'static str, value: f64, result: f64) -> Result<f64, Cause> {
    if result.is_infinite() && value.is_finite() {
        return Err(Cause::Overflows { parameter, value });
    }
    Ok(result)
}

/// `value`, which has to be what the table says that the parameter takes.
fn in_range(parameter: &'static str, takes: Takes, value: f64) -> Result<f64, Cause> {
    match takes.out_of_range(value) {
        None => Ok(value),
        Some(range) => Err(Cause::NumberOutOfRange {
            parameter,
            value,
            range,
        }),
    }
}
