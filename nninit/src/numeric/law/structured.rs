//! Laws of a whole matrix or kernel.

/// A law of a whole matrix or convolution kernel: what an element is depends on its place.
///
/// [`Law::Structured`](crate::Law::Structured) holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Structured {
    /// A matrix with orthonormal rows or columns, times `gain`, uniform (Haar) among them; the dimensions after the
    /// first are flattened. Two dimensions or more.
    Orthogonal {
        /// Factor.
        gain: f64,
    },
    /// A convolution weight that is orthogonal at its centre and 0 elsewhere (Xiao et al. 2018). Three to five
    /// dimensions, at least as many outputs as inputs.
    DeltaOrthogonal {
        /// Factor.
        gain: f64,
    },
    /// `gain` on the main diagonal of a matrix, 0 elsewhere. Two dimensions.
    Eye {
        /// Value on the diagonal.
        gain: f64,
    },
    /// `gain` where a convolution passes each input channel on unchanged, 0 elsewhere. Three to five dimensions.
    Dirac {
        /// Groups of the convolution, dividing the first dimension.
        groups: i64,
        /// Value at the centre.
        gain: f64,
    },
    /// Normal with mean 0, and `zeros` elements of each column of the matrix set to 0. Two dimensions.
    Sparse {
        /// Zeros in each column, at most as many as there are rows.
        zeros: i64,
        /// Standard deviation of the others.
        std: f64,
    },
    /// The bias of a recurrent layer's gates: `factor` · ln U(1, `max` − 1) for the second gate, the negatives of the
    /// same draws for the first gate of four, and 0 for the others. One dimension.
    Chrono {
        /// The longest dependency, in steps, 2 or more.
        max: i64,
        /// 4, as an LSTM's, or 3, as a GRU's; dividing the dimension.
        gates: i64,
        /// What the logarithms are multiplied by.
        factor: f64,
    },
}

impl Structured {
    /// Whether random numbers are drawn for it.
    pub(crate) fn is_drawn(&self) -> bool {
        match self {
            Self::Orthogonal { .. }
            | Self::DeltaOrthogonal { .. }
            | Self::Sparse { .. }
            | Self::Chrono { .. } => true,
            Self::Eye { .. } | Self::Dirac { .. } => false,
        }
    }

    /// The number that all elements are multiples of.
    pub(crate) fn factor(&self) -> f64 {
        match *self {
            Self::Orthogonal { gain }
            | Self::DeltaOrthogonal { gain }
            | Self::Eye { gain }
            | Self::Dirac { gain, .. } => gain,
            Self::Sparse { std, .. } => std,
            Self::Chrono { factor, .. } => factor,
        }
    }

    /// The law of `factor`, 0 or more, times a value of this one.
    pub(super) fn scaled(self, factor: f64) -> Self {
        match self {
            Self::Orthogonal { gain } => Self::Orthogonal {
                gain: gain * factor,
            },
            Self::DeltaOrthogonal { gain } => Self::DeltaOrthogonal {
                gain: gain * factor,
            },
            Self::Eye { gain } => Self::Eye {
                gain: gain * factor,
            },
            Self::Dirac { groups, gain } => Self::Dirac {
                groups,
                gain: gain * factor,
            },
            Self::Sparse { zeros, std } => Self::Sparse {
                zeros,
                std: std * factor,
            },
            Self::Chrono {
                max,
                gates,
                factor: own,
            } => Self::Chrono {
                max,
                gates,
                factor: own * factor,
            },
        }
    }
}
