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
//! | [`trunc_normal`] | `mean = 0`, `std = 1`, `a = -2`, `b = 2` | N(mean, std²) on \[a, b\], bounds absolute | `torch.nn.init` |
//! | [`constant`] | `val` | val | `torch.nn.init` |
//! | [`ones`] | | 1 | `torch.nn.init` |
//! | [`zeros`] | | 0 | `torch.nn.init` |
//! | [`eye`] | | identity matrix | `torch.nn.init` |
//! | [`identity`] | `gain = 1` | gain · identity matrix | Keras' name and factor |
//! | [`dirac`] | `groups = 1` | identity of a convolution | `torch.nn.init` |
//! | [`xavier_uniform`], [`glorot_uniform`] | `gain = 1` | U(±gain·√(6 / (fan_in + fan_out))) | Glorot & Bengio 2010 |
//! | [`xavier_normal`], [`glorot_normal`] | `gain = 1` | N(0, gain²·2 / (fan_in + fan_out)) | Glorot & Bengio 2010 |
//! | [`kaiming_uniform`], [`he_uniform`] | `a = 0`, `mode = "fan_in"`, `nonlinearity = "leaky_relu"` | U(±gain·√(3 / fan)) | He et al. 2015 |
//! | [`kaiming_normal`], [`he_normal`] | `a = 0`, `mode = "fan_in"`, `nonlinearity = "leaky_relu"` | N(0, gain² / fan) | He et al. 2015 |
//! | [`lecun_uniform`] | | U(±√(3 / fan_in)) | LeCun et al. 1998 |
//! | [`lecun_normal`] | | N(0, 1 / fan_in) | LeCun et al. 1998 |
//! | [`orthogonal`] | `gain = 1` | gain · semi-orthogonal matrix | Saxe et al. 2013 |
//! | [`delta_orthogonal`] | `gain = 1` | orthogonal at a convolution's centre | Xiao et al. 2018 |
//! | [`sparse`] | `sparsity`, `std = 0.01` | N(0, std²), ⌈sparsity · rows⌉ zeros a column | Martens 2010 |

pub(crate) mod fan;
pub(crate) mod gain;
pub(crate) mod initializer;

mod constant;
mod delta_orthogonal;
mod dirac;
mod eye;
mod kaiming;
mod lecun;
mod normal;
mod orthogonal;
mod sparse;
mod trunc_normal;
mod uniform;
mod xavier;

pub use self::constant::*;
pub use self::delta_orthogonal::*;
pub use self::dirac::*;
pub use self::eye::*;
pub use self::kaiming::*;
pub use self::lecun::*;
pub use self::normal::*;
pub use self::orthogonal::*;
pub use self::sparse::*;
pub use self::trunc_normal::*;
pub use self::uniform::*;
pub use self::xavier::*;

use std::fmt;

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

    fn parameter<T: PartialEq + fmt::Debug + Copy>(
        mut self,
        name: &str,
        value: T,
        default: T,
    ) -> Self {
        if value != default {
            self.parameters.push(format!("{name} = {value:?}"));
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
