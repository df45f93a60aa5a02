//! SIREN.

use super::rows::{Rows, by_rows};
use crate::recipe;

/// Networks of sines, as Sitzmann et al., *Implicit neural representations with periodic activation functions* (2020),
/// start them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Linear that takes the coordinates | U(±1 / inputs) | PyTorch's |
/// | Linear | U(±√(6 / inputs) / omega) | PyTorch's |
///
/// The last, linear layer is one of the others, as in the authors' code. Which layer takes the coordinates is said by
/// name, the end of its path, and it has to be there.
///
/// ```
/// # #[cfg(feature = "tch")] {
/// use nninit::Initialize;
/// use nninit::recipes::Siren;
/// use tch::nn;
///
/// #[derive(Initialize)]
/// #[init(recipe = Siren::new("layers.0", 30.0))]
/// struct Image {
///     layers: Vec<nn::Linear>,
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Siren(Rows);

impl Siren {
    /// For a network whose first layer has this name, with the frequency ω₀ of its sines, 30 in the paper.
    #[must_use]
    pub fn new(first: &str, omega: f64) -> Self {
        let rest = recipe!(Linear(siren, omega = omega));
        Self(
            Rows::new()
                .named("first", &[first], recipe!(Linear(siren_first)))
                .rest(rest),
        )
    }
}

by_rows!(Siren);
