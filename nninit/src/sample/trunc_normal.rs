//! The normal law N(mean, std²) cut to [low, high]: one draw a value, by inversion, without rejection.
//!
//! Which formula keeps its precision depends on where the bounds lie, in standard deviations from the
//! mean. Mirrored if need be, so that the one nearer to the mean is the lower one, they are α and β:
//!
//! | interval | method |
//! |---|---|
//! | short, as measured by (β − α)·max(\|α\|, \|β\|, 1) | a series for the offset from α: [`narrow`] |
//! | α beyond 1.5 | the offset from α in a tail: [`tail`] |
//! | any other | the smaller of the two tail masses, inverted: [`central`] |
//!
//! Values lie within the bounds rounded to the kind, both included. A vanishing σ leaves the mean, held
//! within the bounds.

mod central;
mod narrow;
mod tail;

pub(super) use self::central::Central;
pub(super) use self::narrow::Narrow;
pub(super) use self::tail::Tail;

use super::Method;

/// The method that suits an interval.
pub(super) fn method(mean: f64, std: f64, low: f64, high: f64) -> Method {
    if std == 0.0 || low == high {
        return Method::Constant(mean.clamp(low, high));
    }
    let cut = Cut::new(mean, std, low, high);
    if cut.width * cut.beta.max(1.0) <= Narrow::WIDEST {
        Method::Narrow(Narrow::new(&cut))
    } else if cut.alpha >= Tail::NEAREST {
        Method::Tail(Tail::new(&cut))
    } else {
        Method::Central(Central::new(mean, std, low, high))
    }
}

/// An interval in standard deviations from the mean, mirrored so that |`alpha`| ≤ |`beta`|.
#[derive(Clone, Copy, Debug)]
struct Cut {
    low: f64,
    high: f64,
    std: f64,
    /// Whether it was mirrored: offsets then count downwards from `high`.
    mirrored: bool,
    alpha: f64,
    beta: f64,
    /// `beta` − `alpha`, without the cancellation.
    width: f64,
}

impl Cut {
    fn new(mean: f64, std: f64, low: f64, high: f64) -> Self {
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
    fn origin(&self) -> (f64, f64) {
        if self.mirrored {
            (self.high, -1.0)
        } else {
            (self.low, 1.0)
        }
    }

    /// What a draw's words are combined with, so that values grow with the draw on either side.
    fn flip(&self) -> u32 {
        if self.mirrored { !0 } else { 0 }
    }
}
