use super::Label;
use crate::{BoxError, Initializer, Law, Target};

/// Biases of an LSTM's or GRU's gates for long dependencies. Started by [`chrono`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chrono {
    max: i64,
    gates: i64,
}

/// Biases with which a recurrent layer remembers for up to `max` steps: `b_f = ln U(1, max − 1)`, so that a unit keeps
/// its state for 2 to `max` steps, `b_i = −b_f` of the same draws, and 0 for the other gates.
///
/// Parameters: `max`, the longest dependency in steps, 2 or more; `gates = 4` for an LSTM's `[4 · hidden]` in PyTorch's
/// order i, f, g, o, or 3 for a GRU's `[3 · hidden]` in the order r, z, n, where `b_z = ln U(1, max − 1)` and all else
/// is 0. PyTorch and tch add two biases: give this to one, `bias_hh` say, and `zeros` to the other. Computed in f64 and
/// rounded once. Tallec & Ollivier, *Can recurrent neural networks warp time?* (2018).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let law = schemes::chrono(784).law(&Target::of_shape(&[4 * 128]))?;
/// assert_eq!(law, Law::chrono(784, 4));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn chrono(max: i64) -> Chrono {
    Chrono { max, gates: 4 }
}

impl Chrono {
    /// How many gates the bias is of: 4 or 3. Default 4.
    #[must_use]
    pub const fn gates(self, gates: i64) -> Self {
        Self { gates, ..self }
    }
}

impl Initializer for Chrono {
    fn label(&self) -> String {
        Label::new("chrono")
            .required("max", self.max)
            .parameter("gates", self.gates, 4)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        Ok(Law::chrono(self.max, self.gates))
    }
}
