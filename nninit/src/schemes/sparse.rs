//! `sparse`: a normal law with zeros in each column.

use super::Label;
use crate::{BoxError, Cause, Initializer, Law, Target};

/// Normal with an exact number of zeros in each column. Started by [`sparse`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sparse {
    sparsity: f64,
    std: f64,
}

/// `N(0, std²)`, with `⌈sparsity · rows⌉` elements of each column set to 0.
///
/// Parameters: `sparsity`, required, the share of zeros in each column, from 0 to 1; `std = 0.01`. Two dimensions.
/// Which rows are zero is drawn for each column by itself, every choice equally likely; the other elements are those
/// that [`normal`](super::normal) would write. Martens, *Deep learning via Hessian-free optimization* (2010), as
/// [`torch.nn.init.sparse_`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.sparse_).
///
/// ```
/// use nninit::{BoxError, Initializer, Target, schemes};
///
/// let law = schemes::sparse(0.25).law(&Target::of_shape(&[10, 4]))?;
/// assert_eq!(law.to_string(), "N(0, 0.01²), 3 zeros a column");
/// # Ok::<(), BoxError>(())
/// ```
#[must_use]
pub const fn sparse(sparsity: f64) -> Sparse {
    Sparse {
        sparsity,
        std: 0.01,
    }
}

impl Sparse {
    /// Standard deviation of what is not 0. Default 0.01.
    #[must_use]
    pub const fn std(self, std: f64) -> Self {
        Self { std, ..self }
    }
}

impl Initializer for Sparse {
    fn label(&self) -> String {
        let Self { sparsity, std } = *self;
        Label::new("sparse")
            .required("sparsity", sparsity)
            .parameter("std", std, 0.01)
            .finish()
    }

    fn law(&self, target: &Target<'_>) -> Result<Law, BoxError> {
        if !(0.0..=1.0).contains(&self.sparsity) {
            return Err(Cause::SparsityOutOfRange {
                value: self.sparsity,
            }
            .into());
        }
        // The law's own check refuses what is no matrix.
        let rows = target.shape().first().copied().unwrap_or(0);
        Ok(Law::sparse(
            (self.sparsity * rows as f64).ceil() as i64,
            self.std,
        ))
    }
}
