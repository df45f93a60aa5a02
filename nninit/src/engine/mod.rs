//! From laws and streams to values, straight into the tensors' memory.
//!
//! The engine knows only laws. Random elementwise laws of all parameters are one list of work for all threads
//! ([`elementwise`]); constants are libtorch's `fill_`; laws of a whole matrix are built by [`structured`].

mod elementwise;
mod progress;
mod staging;
mod structured;

use tch::{Device, Tensor};

pub(crate) use self::elementwise::Values;
pub use self::progress::Progress;

use self::elementwise::Job;
use self::progress::Meter;
use crate::memory::{self, Layout, Place};
use crate::plan::PlannedStep;
use crate::region::Extent;
use crate::source::Bits;
use crate::stream::{Key, Tag};
use crate::{Entry, Error, Law, Problem, Reason, Stream};

/// Writes every parameter of a plan.
pub(crate) fn execute(
    entries: &[Entry],
    bits: Bits,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let Bits::Seed(seed) = bits;
    let _no_grad = tch::no_grad_guard();
    let written: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.tied_to().is_none())
        .collect();
    let steps = written.iter().flat_map(|entry| entry.steps());
    let mut meter = Meter::new(steps.map(PlannedStep::elements).sum(), progress);
    let rounds = written
        .iter()
        .map(|entry| users_own(entry))
        .max()
        .unwrap_or(0);
    for round in 0..rounds {
        let due = |entry: &&&Entry| round < users_own(entry);
        let steps: Vec<_> = written
            .iter()
            .filter(due)
            .map(|&entry| (entry, &entry.steps()[round]))
            .collect();
        write_round(&steps, seed, &mut meter)?;
    }
    for entry in &written {
        for step in &entry.steps()[users_own(entry)..] {
            write_round(&[(entry, step)], seed, &mut meter)?;
        }
    }
    written
        .iter()
        .filter(|entry| !entry.is_skipped())
        .for_each(|entry| mark_written(entry.tensor()));
    Ok(())
}

/// Writes one tensor by itself, under the empty path.
pub(crate) fn execute_one(
    tensor: &mut Tensor,
    layout: &Layout,
    law: &Law,
    bits: Bits,
) -> Result<(), Reason> {
    let Bits::Seed(seed) = bits;
    let _no_grad = tch::no_grad_guard();
    let key = Key::new(seed, "");
    let extent = Extent::whole(layout.shape());
    match Values::of(law) {
        Some(values) if layout.device() == Device::Cpu => {
            let pieces = memory::cut(tensor, layout, &extent, Place::Own);
            elementwise::write(
                pieces
                    .into_iter()
                    .map(|piece| Job {
                        piece,
                        key,
                        values: &values,
                    })
                    .collect(),
            );
        }
        Some(values) => staging::write(tensor, layout, &extent, &values, key)?,
        None => write_serially(tensor, law, &extent, key)?,
    }
    mark_written(tensor);
    Ok(())
}

/// The first of an entry's steps that runs a user's own function, and so waits until all else is written.
fn users_own(entry: &Entry) -> usize {
    let custom = |step: &PlannedStep| matches!(step.law(), Some(Law::Custom(_)));
    entry
        .steps()
        .iter()
        .position(custom)
        .unwrap_or(entry.steps().len())
}

/// Writes at most one step of each parameter: all that can be drawn in place at once, then the rest.
fn write_round(
    steps: &[(&Entry, &PlannedStep)],
    seed: u64,
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let values: Vec<_> = steps
        .iter()
        .map(|(_, step)| step.law().and_then(Values::of))
        .collect();
    let mut jobs = Vec::with_capacity(steps.len());
    for (&(entry, step), values) in steps.iter().zip(&values) {
        let key = Key::of_hash(seed, entry.stream());
        let mut tensor = entry.tensor().shallow_clone();
        let mut write = |extent: &Extent| match (values, step.law()) {
            (Some(values), _) if entry.device() == Device::Cpu => {
                let pieces = memory::cut(&mut tensor, entry.layout(), extent, Place::Own);
                jobs.extend(pieces.into_iter().map(|piece| Job { piece, key, values }));
                Ok(())
            }
            (Some(values), _) => staging::write(&tensor, entry.layout(), extent, values, key)
                .map(|()| meter.add(extent.numel())),
            (None, Some(law)) => {
                write_serially(&tensor, law, extent, key).map(|()| meter.add(extent.numel()))
            }
            (None, None) => Ok(()),
        };
        step.blocks()
            .iter()
            .try_for_each(&mut write)
            .map_err(|reason| {
                Error::Write(Box::new(Problem {
                    path: entry.path().to_owned(),
                    shape: Some(entry.shape().to_vec()),
                    scheme: Some(step.scheme().to_owned()),
                    reason,
                }))
            })?;
    }
    elementwise::write_told(jobs, meter);
    Ok(())
}

fn write_serially(tensor: &Tensor, law: &Law, extent: &Extent, key: Key) -> Result<(), Reason> {
    let mut view = if extent.is_whole() {
        tensor.shallow_clone()
    } else {
        view(tensor, extent)?
    };
    match law {
        Law::Constant { value } => fill(&mut view, *value),
        Law::Custom(custom) => custom
            .write(&mut view, &mut Stream::with_tag(key, Tag::User, 0))
            .map_err(|error| Reason::Failed(error.to_string())),
        _ => structured::write(&mut view, law, extent, key),
    }
}

/// The view that `.i(…)` would give.
pub(crate) fn view(tensor: &Tensor, extent: &Extent) -> Result<Tensor, Reason> {
    let mut view = tensor.shallow_clone();
    let mut dim = 0;
    for span in extent.spans() {
        if span.kept {
            view = view.f_narrow(dim, span.start, span.len)?;
            dim += 1;
        } else {
            view = view.f_select(dim, span.start)?;
        }
    }
    Ok(view)
}

/// libtorch's own fills: any kind, layout and device, as fast as memory.
fn fill(view: &mut Tensor, value: f64) -> Result<(), Reason> {
    let _ = if value == 0.0 {
        view.f_zero_()?
    } else if value.fract() == 0.0 && value.abs() < 2.0_f64.powi(63) {
        view.f_fill_(value as i64)?
    } else {
        view.f_fill_(value)?
    };
    Ok(())
}

/// Moves autograd's version counter, as an in-place operation of libtorch would, without touching an element.
fn mark_written(tensor: &Tensor) {
    let mut tensor = tensor.shallow_clone();
    let itself = tensor.shallow_clone();
    tensor.copy_(&itself);
}

/// How many threads libtorch uses within one operation, and so how many we may.
fn threads() -> usize {
    usize::try_from(tch::get_num_threads()).unwrap_or(1).max(1)
}

impl From<tch::TchError> for Reason {
    fn from(error: tch::TchError) -> Self {
        // The first line says what failed; the rest is libtorch's stack.
        let text = error.to_string();
        Self::Failed(text.lines().next().unwrap_or_default().to_owned())
    }
}
