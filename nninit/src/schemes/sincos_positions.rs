//! `sincos_positions`: fixed tables of positions.

use super::Label;
use crate::laws::Formula;
use crate::{BoxError, Initializer, Law, Target};

/// Sines and cosines of positions. Started by [`sincos_positions`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SincosPositions {
    prefix: i64,
    base: f64,
    width: Option<i64>,
    interleaved: bool,
}

/// Sines and cosines of positions, `[positions, channels]`: element `[p, k]` of `D` channels is `sin(p·ωₖ)` for
/// `k < D / 2`, and `cos(p·ωₖ₋D/2)` in the second half, with `ωₖ = base^(−k / (D / 2))`.
///
/// Parameters:
/// - `prefix = 0`: so many rows of zeros come first, for class and register tokens; position 0 follows them.
/// - `base = 10000`.
/// - `width`: the positions are cells of a grid with this many columns, row by row. The first half of the channels is
///   then a table of the cell's column, the second one of its row, each of `D / 2` channels with
///   `ωₖ = base^(−k / (D / 4))`: the images of MAE and DiT. Without it positions lie on a line.
/// - `interleaved`: sine and cosine of one frequency stand side by side, as in Vaswani's own formula and PyTorch's
///   tutorials.
///
/// Two dimensions; `[1, positions, channels]` takes `batch = 1`. The channels are even, with `width` a multiple of 4,
/// and the rows after the prefix fill the grid. Nothing is drawn. Each sine is within 1 ulp of an `f64` at any
/// position, and rounded once to the parameter's kind. fairseq and `SimpleViT` divide by `D / 2 − 1` where `D / 2`
/// stands here: that is for `by_index`. Vaswani et al., *Attention is all you need* (2017), §3.5; with `width`, He et
/// al., *Masked autoencoders* (2021), and Peebles & Xie, *Scalable diffusion models with transformers* (2022).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// // The class token, and 14 × 14 patches.
/// let patches = schemes::sincos_positions().prefix(1).width(14);
/// let law = patches.law(&Target::of_shape(&[197, 768]))?;
/// assert_eq!(law.to_string(), "sin-cos positions(base 10000, prefix 1, width 14)");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn sincos_positions() -> SincosPositions {
    SincosPositions {
        prefix: 0,
        base: 1e4,
        width: None,
        interleaved: false,
    }
}

impl SincosPositions {
    /// Rows of zeros that come first. Default 0.
    #[must_use]
    pub const fn prefix(self, prefix: i64) -> Self {
        Self { prefix, ..self }
    }

    /// The ratio of the first frequency to what would be the last, from 1e-6 to 1e100. Default 10000.
    #[must_use]
    pub const fn base(self, base: f64) -> Self {
        Self { base, ..self }
    }

    /// Columns of the grid that the positions are cells of, 1 or more. Default: positions on a line.
    #[must_use]
    pub const fn width(self, width: i64) -> Self {
        Self {
            width: Some(width),
            ..self
        }
    }

    /// Sine and cosine of one frequency side by side. Default: half of the channels apart.
    #[must_use]
    pub const fn interleaved(self) -> Self {
        Self {
            interleaved: true,
            ..self
        }
    }
}

impl Initializer for SincosPositions {
    fn label(&self) -> String {
        Label::new("sincos_positions")
            .parameter("prefix", self.prefix, 0)
            .parameter("base", self.base, 1e4)
            .given("width", self.width)
            .flag("interleaved", self.interleaved)
            .finish()
    }

    fn law(&self, _: &Target<'_>) -> Result<Law, BoxError> {
        let Self {
            prefix,
            base,
            width,
            interleaved,
        } = *self;
        Ok(Law::table(Formula::SincosPositions {
            prefix,
            base,
            width,
            interleaved,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_what_is_not_the_default() {
        assert_eq!(sincos_positions().label(), "sincos_positions");
        let scheme = sincos_positions().prefix(1).width(14).interleaved();
        let label = "sincos_positions(prefix = 1, width = 14, interleaved)";
        assert_eq!(scheme.label(), label);
    }
}
