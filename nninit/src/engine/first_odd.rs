//! What was wrong with the first elements that something was wrong with, whichever thread came upon it.

use std::sync::{Mutex, PoisonError};

use crate::Cause;

#[derive(Default)]
pub(super) struct FirstOdd(Mutex<Option<(u64, Cause)>>);

impl FirstOdd {
    pub(super) fn note(&self, first: u64, result: Result<(), Cause>) {
        let Err(cause) = result else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|(place, _)| first < *place) {
            *known = Some((first, cause));
        }
    }

    pub(super) fn result(self) -> Result<(), Cause> {
        let known = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        known.map_or(Ok(()), |(_, cause)| Err(cause))
    }
}
