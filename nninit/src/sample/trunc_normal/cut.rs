//! The interval that a truncated normal law is cut to.

/// An interval in standard deviations from the mean, mirrored so that |`alpha`| ≤ |`beta`|.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) std: f64,
    /// Whether it was mirrored: offsets then count downwards from `high`.
    pub(super) mirrored: bool,
    pub(super) alpha: f64,
    pub(super) beta: f64,
    /// `beta` − `alpha`, without the cancellation.
    pub(super) width: f64,
}

impl Cut {
    pub(super) fn new(mean: f64, std: f64, low: f64, high: f64) -> Self {
        let (alpha, beta) = ((low - mean) / std, (high - mean) / std);
        let mirrored = alpha + beta < 0.0;
        let (alpha, beta) = if mirrored {
            (-beta, -alpha)
        } else {
            (alpha, beta)
        };
        Self {
            low,
            high,
            std,
            mirrored,
            alpha,
            beta,
            width: (high - low) / std,
        }
    }

    /// The bound that offsets are counted from, and which way.
    pub(super) fn origin(&self) -> (f64, f64) {
        if self.mirrored {
            (self.high, -1.0)
        } else {
            (self.low, 1.0)
        }
    }

    /// What a draw's words are combined with, so that values grow with the draw on either side.
    pub(super) fn flip(&self) -> u32 {
        if self.mirrored { !0 } else { 0 }
    }
}
