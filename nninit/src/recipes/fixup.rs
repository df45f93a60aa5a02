//! Fixup.

use super::rows::{Rows, by_rows};
use crate::{depth, recipe};

/// Residual networks without norms, as Zhang et al., *Fixup initialization: Residual learning without normalization*
/// (2019), start them.
///
/// | layer | `weight` | `bias` |
/// |---|---|---|
/// | Conv, the last of a branch | 0 | |
/// | Conv, another of a branch | He's, times branches^(−1 / (2m − 2)), m convolutions a branch | |
/// | Conv of a shortcut | He's: `kaiming_normal(mode = "fan_out", nonlinearity = "relu")` | |
/// | Linear | 0 | 0 |
///
/// Which convolution is which is said by name: ends of paths, each of which has to be there. The first convolution of
/// all is PyTorch's; where it has a name of the branches', [`stem`](Self::stem) tells it apart. The scalars are
/// tensors: declare them, biases `#[init(zeros)]` and multipliers `#[init(ones)]`. All other parts are
/// [`TorchDefault`](super::TorchDefault)'s.
///
/// ```
/// use nninit::recipes::Fixup;
///
/// // ResNet-50: 16 branches of three convolutions each.
/// let recipe = Fixup::new(16, ["conv1", "conv2"], "conv3").shortcut("downsample").stem("conv1");
/// ```
#[derive(Debug, Clone)]
pub struct Fixup(Rows);

impl Fixup {
    /// For a network of this many residual branches, of convolutions with these names, the last one apart.
    #[must_use]
    pub fn new<N: Into<String>>(
        branches: u32,
        first: impl IntoIterator<Item = N>,
        last: impl Into<String>,
    ) -> Self {
        let first: Vec<String> = first.into_iter().map(Into::into).collect();
        let weights = u32::try_from(first.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let scale = depth::fixup(branches, weights);
        let smaller = recipe! {
            Conv(kaiming_normal, mode = "fan_out", nonlinearity = "relu", scale = scale),
        };
        let first: Vec<&str> = first.iter().map(String::as_str).collect();
        Self(
            Rows::new()
                .named("first", &first, smaller)
                .named("last", &[&last.into()], recipe!(Conv(zeros)))
                .rest(recipe!(Linear(weight(zeros), bias(zeros)))),
        )
    }

    /// The whole path of the first convolution of all: PyTorch's start.
    #[must_use]
    pub fn stem(self, path: &str) -> Self {
        let default = recipe!(Conv(kaiming_uniform, a = 5.0_f64.sqrt()));
        Self(self.0.first_named("stem", &[&format!("/{path}")], default))
    }

    /// The name of the convolutions beside the branches, where they change the number of channels.
    #[must_use]
    pub fn shortcut(self, name: &str) -> Self {
        let plain = recipe!(Conv(
            kaiming_normal,
            mode = "fan_out",
            nonlinearity = "relu"
        ));
        Self(self.0.first_named("shortcut", &[name], plain))
    }
}

by_rows!(Fixup);
