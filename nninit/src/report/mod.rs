//! What an initialisation did.

mod bits;
mod bounds;
mod cells;
mod grid;
mod histogram;
mod lattice;
mod measure;
mod moments;
mod probability;
mod read;
mod repeats;
mod structure;
mod tally;
mod verify;

use std::fmt;

pub use self::histogram::Histogram;
pub use self::measure::{Measurement, Measurements};
pub use self::verify::{Unchecked, Verified};
use crate::numeric::source::Bits;
use crate::{Entry, Error, Plan, Progress, Source, engine};

/// What was done to each parameter. Printed, it is the plan's table with what has been done.
///
/// It looks at the model's own memory, so [`measure`](Report::measure) and [`verify`](Report::verify) tell of the
/// values as they are when they are called.
#[derive(Debug, Clone)]
pub struct Report {
    plan: Plan,
    bits: Bits,
}

impl Plan {
    /// Writes every parameter.
    ///
    /// From [`TorchRng`](crate::TorchRng) come PyTorch's own bits, in declaration order. From an [`Rng`](rand::Rng) it
    /// takes one number, the seed; the same seed gives the same values whatever the thread count, the device, the
    /// memory format and the other parameters. Gradients are off meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`], and nothing is written, if a tensor is no longer what it was when the plan was made: of another
    /// kind, shape or memory. [`Error::Write`] when a user's own function fails, or the device does.
    pub fn execute<S: Source + ?Sized>(&self, source: &mut S) -> Result<Report, Error> {
        let bits = engine::execute(self, || source.bits(), None)?;
        Ok(Report::new(self.clone(), bits))
    }

    /// As [`execute`](Plan::execute), telling how far it is.
    ///
    /// `progress` is called on this thread, after each 16 million elements or so and at the end. It is never called
    /// while memory is being written; what it changes of a tensor that is still to be written is an error.
    ///
    /// # Errors
    ///
    /// As [`execute`](Plan::execute).
    pub fn execute_with_progress<S: Source + ?Sized>(
        &self,
        source: &mut S,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, Error> {
        let bits = engine::execute(self, || source.bits(), Some(&mut progress))?;
        Ok(Report::new(self.clone(), bits))
    }
}

impl Report {
    pub(crate) fn new(plan: Plan, bits: Bits) -> Self {
        Self { plan, bits }
    }

    /// The parameters, in declaration order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.plan.entries()
    }

    /// The plan that was executed.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.table("initialised").fmt(f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Report {
    /// The plan that was executed.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}
