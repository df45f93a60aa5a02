//! How much the parameters of a blueprint or a plan are.

use super::Parameter;

/// Sums over parameters, those that are tied to another left out. Blueprints of names and shapes may be of what no
/// machine holds, so a sum ends at `u64::MAX`.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// How many parameters are not left as they are.
    pub(crate) initialised: usize,
    pub(crate) elements: u64,
    pub(crate) bytes: u64,
}

impl Totals {
    pub(crate) fn of<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> Self {
        let mut totals = Self::default();
        for parameter in parameters.filter(|parameter| parameter.tied_to().is_none()) {
            totals.initialised += usize::from(!parameter.is_skipped());
            totals.elements = totals.elements.saturating_add(parameter.elements());
            totals.bytes = totals.bytes.saturating_add(parameter.bytes());
        }
        totals
    }
}
