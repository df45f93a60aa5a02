//! `small_init`: a normal law that narrows with the width of a transformer.

use super::Label;
use crate::{BoxError, FanMode, Initializer, Law, Target};

/// Small init. Started by [`small_init`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallInit {
    dim: Option<i64>,
}

/// `N(0, std²)` with `std = √(2 / (5 · dim))`.
///
/// Parameter: `dim` (1 or more), the model's width, for **every** matrix, whatever its own fans are; any shape then. It
/// is `hidden_size` in GPT-NeoX, `d_model` in LLM Foundry, `n_embd` in LitGPT. Without it `dim` is the matrix's own
/// `fan_in`, which is another number in a down-projection and in an embedding, and is nninit's alone. Nguyen & Salazar,
/// *Transformers without tears* (2019).
///
/// ```
/// use nninit::{BoxError, Initializer, Law, Target, schemes};
///
/// let down = Target::of_shape(&[1024, 4096]);
/// let law = schemes::small_init().dim(1024).law(&down)?;
/// assert_eq!(law, Law::normal(0.0, 0.01976423537605237));
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn small_init() -> SmallInit {
    SmallInit { dim: None }
}

impl SmallInit {
    /// The model's width, 1 or more. Default: the matrix's own `fan_in`.
    #[must_use]
    pub const fn dim(self, dim: i64) -> Self {
        Self { dim: Some(dim) }
    }
}

impl Initializer for SmallInit {
    fn label(&self) -> String {
        Label::new("small_init").given("dim", self.dim).finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        let dim = match self.dim {
            Some(dim) => super::positive("dim", dim as f64)?,
            None => target.fan_if_any(FanMode::FanIn)?,
        };
        Ok(Law::normal(0.0, (2.0 / (5.0 * dim)).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_stands_for_the_fan() {
        let law = |scheme: SmallInit, shape| scheme.law(&Target::of_shape(shape)).unwrap();
        let gpt_neox = Law::normal(0.0, 0.019_764_235_376_052_37);
        assert_eq!(law(small_init(), &[4096, 1024]), gpt_neox);
        assert_eq!(law(small_init().dim(1024), &[1024, 4096]), gpt_neox);
        assert_eq!(law(small_init().dim(1024), &[7]), gpt_neox);
    }

    #[test]
    fn a_width_is_above_zero() {
        let refused = small_init()
            .dim(0)
            .law(&Target::of_shape(&[2, 2]))
            .unwrap_err();
        assert_eq!(refused.to_string(), "`dim` is 0; it must be above 0");
        assert!(small_init().law(&Target::of_shape(&[2])).is_err());
    }
}
