//! `hippo_legs` and `hippo_legs_b`: a state that remembers its whole past in Legendre polynomials.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// The matrices of HiPPO-LegS. Started by [`hippo_legs`] and [`hippo_legs_b`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HippoLegs {
    name: &'static str,
    input: bool,
}

/// The state matrix `A` of HiPPO-LegS: `−√((2n + 1)·(2k + 1))` for `n > k`, `−(n + 1)` on the diagonal, 0 above it.
///
/// No parameters. A square matrix, `[N, N]`; `[layers, N, N]` takes `batch = 1`. Nothing is drawn, and every element is
/// the nearest number of the kind. It goes with [`hippo_legs_b`]: x' = A·x + B·u, not halved. Gu et al., *HiPPO:
/// Recurrent memory with optimal polynomial projections* (2020), and *Efficiently modeling long sequences with
/// structured state spaces* (2021).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::hippo_legs().law(&Target::of_shape(&[64, 64]))?;
/// assert_eq!(law.to_string(), "HiPPO-LegS");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn hippo_legs() -> HippoLegs {
    HippoLegs {
        name: "hippo_legs",
        input: false,
    }
}

/// The input matrix `B` of HiPPO-LegS: `√(2n + 1)`.
///
/// No parameters. `[N]` or `[N, 1]`; `[layers, N]` takes `batch = 1`. It goes with [`hippo_legs`], which has the
/// references.
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::hippo_legs_b().law(&Target::of_shape(&[64, 1]))?;
/// assert_eq!(law.to_string(), "HiPPO-LegS, B");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn hippo_legs_b() -> HippoLegs {
    HippoLegs {
        name: "hippo_legs_b",
        input: true,
    }
}

impl Initializer for HippoLegs {
    fn label(&self) -> String {
        Label::new(self.name).finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::table(if self.input {
            Formula::HippoLegsB
        } else {
            Formula::HippoLegs
        }))
    }
}
