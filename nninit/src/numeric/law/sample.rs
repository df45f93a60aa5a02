//! Distributions of the user's, drawn in bulk.

use std::fmt;
use std::sync::Arc;

use rand_distr::Distribution;

use super::held::{Held, Identity};
use crate::{Cause, Stream};

/// A distribution of the user's, as [`Law::sample`](crate::Law::sample) keeps it.
///
/// Two are equal if they are one object (or one type without data) at one scale: distributions themselves cannot be
/// compared. What was read from a file knows the distribution's name alone, and cannot be drawn from.
#[derive(Clone, PartialEq)]
pub struct Sample(Held<Arc<dyn Draw>>);

impl Sample {
    pub(super) fn new<D: Distribution<f64> + Send + Sync + 'static>(distribution: D) -> Self {
        Self(Held::new::<D>(Arc::new(distribution)))
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self(Held::named(name, scale))
    }

    /// The name of the distribution's type.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// What each draw is multiplied by.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.0.scale()
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self(self.0.scaled(factor))
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.0.same_data(&other.0)
    }

    /// What draws from it.
    ///
    /// # Errors
    ///
    /// Where only the name is known.
    pub(crate) fn drawer(&self) -> Result<Drawer, Cause> {
        Ok(Drawer {
            distribution: self.0.get()?.clone(),
            scale: self.0.scale(),
        })
    }
}

/// A distribution of the user's, ready to be drawn from.
#[derive(Clone)]
pub(crate) struct Drawer {
    distribution: Arc<dyn Draw>,
    scale: f64,
}

impl Drawer {
    /// Fills `out` with draws from `stream`.
    pub(crate) fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        self.distribution.fill(stream, out);
        if self.scale != 1.0 {
            for value in out {
                *value *= self.scale;
            }
        }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt("Sample", f)
    }
}

trait Draw: Send + Sync {
    fn fill(&self, stream: &mut Stream, out: &mut [f64]);

    fn identity(&self) -> Identity;
}

impl PartialEq for dyn Draw {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl<D: Distribution<f64> + Send + Sync + 'static> Draw for D {
    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        for value in out {
            *value = self.sample(stream);
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(self)
    }
}
