//! What an initialisation did.

use std::fmt;

use crate::{Entry, Plan, table};

/// What was done to each parameter. Printed, it is the plan's table with what has been done.
#[derive(Debug, Clone)]
pub struct Report {
    plan: Plan,
}

impl Report {
    pub(crate) fn new(plan: Plan) -> Self {
        Self { plan }
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
