//! `constant`, `ones` and `zeros`: one number everywhere.

use crate::{BoxError, Initializer, Law, Target};

/// One number everywhere. Started by [`constant`], [`ones`] and [`zeros`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant {
    name: &'static str,
    val: f64,
}

/// Every element is `val`.
///
/// Parameter: `val`, required. Any shape and any kind that can hold the number, integers and bool included; NaN is
/// refused. As [`torch.nn.init.constant_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// assert_eq!(schemes::constant(0.3).law(&Target::of_shape(&[10]))?, Law::constant(0.3));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn constant(val: f64) -> Constant {
    Constant {
        name: "constant",
        val,
    }
}

/// Every element is 1: the usual weight of a norm layer.
///
/// No parameters. As [`torch.nn.init.ones_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// assert_eq!(schemes::ones().law(&Target::of_shape(&[10]))?, Law::constant(1.0));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn ones() -> Constant {
    Constant {
        name: "ones",
        val: 1.0,
    }
}

/// Every element is 0: the usual bias.
///
/// No parameters. As [`torch.nn.init.zeros_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// assert_eq!(schemes::zeros().law(&Target::of_shape(&[10]))?, Law::constant(0.0));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn zeros() -> Constant {
    Constant {
        name: "zeros",
        val: 0.0,
    }
}

impl Initializer for Constant {
    fn label(&self) -> String {
        match self.name {
            "constant" => format!("constant(val = {:?})", self.val),
            name => name.to_owned(),
        }
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::constant(self.val))
    }
}
