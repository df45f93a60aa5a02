//! What an initialisation did.

mod bits;
mod cells;
mod chance;
mod histogram;
mod measure;
mod read;
mod structure;
mod verify;

use std::fmt;

pub use self::histogram::Histogram;
pub use self::measure::{Measurement, Measurements};
pub use self::verify::Verified;
use crate::blueprint::table;
use crate::numeric::source::Bits;
use crate::{Entry, Plan};

/// What was done to each parameter. Printed, it is the plan's table with what has been done.
///
/// It looks at the model's own memory, so [`measure`](Report::measure) and [`verify`](Report::verify) tell of the values as
/// they are when they are called.
#[derive(Debug, Clone)]
pub struct Report {
    plan: Plan,
    bits: Bits,
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
        table::report(&self.plan).fmt(f)
    }
}
