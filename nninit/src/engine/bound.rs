//! The parameters of a plan in the engine's hands.

use std::sync::MutexGuard;

use tch::{Device, Tensor};

use super::site::Site;
use super::values::Ours;
use crate::blueprint::PlannedStep;
use crate::numeric::stream::Key;
use crate::{Cause, Entry, Error, Problem};

/// An entry of a plan, and its tensor.
pub(super) struct Bound<'a> {
    pub(super) entry: &'a Entry,
    tensor: Handle<'a>,
}

enum Handle<'a> {
    Own(Tensor),
    /// The plan's, for a plan that nobody else has: a handle of its own costs more than all that is read of a tensor.
    Plans(MutexGuard<'a, Tensor>),
}

impl<'a> Bound<'a> {
    pub(super) fn all(entries: &'a [Entry]) -> Vec<Self> {
        let of = |entry: &'a Entry| Self {
            entry,
            tensor: Handle::Own(entry.tensor()),
        };
        entries.iter().map(of).collect()
    }

    /// As [`all`](Self::all), of a plan that nobody else has.
    pub(super) fn all_alone(entries: &'a [Entry]) -> Vec<Self> {
        let of = |entry: &'a Entry| Self {
            entry,
            tensor: Handle::Plans(entry.lock()),
        };
        entries.iter().map(of).collect()
    }

    pub(super) fn tensor(&self) -> &Tensor {
        match &self.tensor {
            Handle::Own(tensor) => tensor,
            Handle::Plans(tensor) => tensor,
        }
    }

    pub(super) fn site(&self, seed: u64) -> Site<'_> {
        let key = Key::of_hash(seed, self.entry.stream());
        Site::new(self.tensor(), self.entry.layout(), key)
    }

    /// Whether it is written in the first round, with all else that is drawn in place.
    pub(super) fn is_drawn_first(&self) -> bool {
        let layout = self.entry.layout();
        let first = self.entry.steps().first();
        first.is_some_and(|step| Ours::are_of_step(step, layout))
            && self.entry.device() == Device::Cpu
            && self.entry.tied_to().is_none()
    }

    /// Whether the tensor still is what was planned; a parameter that is left alone may have changed.
    pub(super) fn read_again(&self) -> Result<(), Cause> {
        let layout = self.entry.layout();
        if self.entry.is_skipped() && layout.numel() > 0 {
            return Ok(());
        }
        layout.read_again(self.tensor())
    }
}

/// Refuses tensors that are no longer what was planned, all of them at once. Nothing has been written yet.
pub(super) fn read_again(
    parameters: &[Bound<'_>],
    wanted: impl Fn(&Bound<'_>) -> bool,
) -> Result<(), Error> {
    let changed = |parameter: &Bound<'_>| {
        let reason = parameter.read_again().err()?;
        Some(parameter.entry.problem(reason))
    };
    let read = parameters.iter().filter(|parameter| wanted(parameter));
    let problems: Vec<Problem> = read.filter_map(changed).collect();
    refuse(problems, parameters)
}

/// The error of all of them, if there are any. Nothing has been written yet.
pub(super) fn refuse(problems: Vec<Problem>, parameters: &[Bound<'_>]) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::Plan {
        problems,
        parameters: parameters.len(),
    })
}

/// An error of writing, with the parameter and the step at which it came.
pub(super) fn failed(entry: &Entry, step: &PlannedStep, reason: Cause) -> Error {
    Error::Write(Box::new(problem(entry, step, reason)))
}

pub(super) fn problem(entry: &Entry, step: &PlannedStep, reason: Cause) -> Problem {
    Problem {
        path: entry.path().to_owned(),
        shape: Some(entry.shape().to_vec()),
        scheme: Some(step.scheme().to_owned()),
        reason: reason.into(),
    }
}
