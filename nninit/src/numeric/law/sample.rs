//! Distributions of the user's, drawn in bulk.

use std::fmt;
use std::sync::Arc;

use rand_distr::Distribution;

use super::identity::{Identity, type_name};
use crate::{Cause, Stream};

/// A distribution of the user's, as [`Law::sample`](crate::Law::sample) keeps it.
///
/// Two are equal if they are one object (or one type without data) at one scale: distributions themselves cannot be
/// compared. What was read from a file knows the distribution's name alone, and cannot be drawn from.
#[derive(Clone)]
pub struct Sample {
    name: Arc<str>,
    distribution: Option<Arc<dyn Draw>>,
    scale: f64,
}

impl Sample {
    pub(super) fn new<D: Distribution<f64> + Send + Sync + 'static>(distribution: D) -> Self {
        Self {
            name: type_name::<D>().into(),
            distribution: Some(Arc::new(distribution)),
            scale: 1.0,
        }
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self {
            name: name.into(),
            distribution: None,
            scale,
        }
    }

    /// The name of the distribution's type.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What each draw is multiplied by.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self {
            scale: self.scale * factor,
            ..self
        }
    }

    /// What draws from it.
    ///
    /// # Errors
    ///
    /// Where only the name is known.
    pub(crate) fn drawer(&self) -> Result<Drawer, Cause> {
        let missing = || Cause::NotInFile {
            name: self.name.to_string(),
        };
        Ok(Drawer {
            distribution: self.distribution.clone().ok_or_else(missing)?,
            scale: self.scale,
        })
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.name == other.name && self.scale == other.scale
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

impl PartialEq for Sample {
    fn eq(&self, other: &Self) -> bool {
        self.scale == other.scale
            && match (&self.distribution, &other.distribution) {
                (Some(one), Some(other)) => one.identity() == other.identity(),
                (None, None) => self.same_data(other),
                (Some(_), None) | (None, Some(_)) => false,
            }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("name", &self.name)
            .field("scale", &self.scale)
            .finish_non_exhaustive()
    }
}

trait Draw: Send + Sync {
    fn fill(&self, stream: &mut Stream, out: &mut [f64]);

    fn identity(&self) -> Identity;
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
